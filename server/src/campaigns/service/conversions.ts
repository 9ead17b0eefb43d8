/** What counts as a conversion of a campaign: analytics keeps and applies it, this room says whose campaign it is. */
import {
  campaignModel,
  conversionRuleOf,
  setCampaignModel,
  setConversionRule,
  USUAL_RULE,
  type ConversionRule,
} from '../../analytics/index.ts'
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { toMajor, toMinor } from '../../platform/money.ts'
import type { CampaignId } from '../../platform/ids.ts'
import { organizationOf } from '../../team/index.ts'
import { errors } from '../errors.ts'
import { readCampaign } from '../queries.ts'
import type { ConversionRuleInput } from '../schema.ts'

/** How the types of tracked events begin in the log. */
const TRACKED = 'track:'

/** @throws campaigns.not_found */
export async function readConversionRule(
  ctx: Ctx,
  id: CampaignId,
): Promise<ConversionRuleInput & { isUsual: boolean }> {
  if (!(await readCampaign(ctx, id))) throw errors.not_found({ id })
  const own = await conversionRuleOf(ctx, id)
  const { currency } = await organizationOf(ctx)
  return {
    ...toInput(own ?? USUAL_RULE, currency),
    model: await campaignModel(ctx, id),
    isUsual: own === null,
  }
}

/** Says what counts; what has happened already is credited anew. @throws campaigns.not_found Source: CS-013.1, CS-013.2 */
export function changeConversionRule(
  ctx: Ctx,
  id: CampaignId,
  input: ConversionRuleInput,
): Promise<ConversionRuleInput & { isUsual: boolean }> {
  return inTransaction(ctx, async (ctx) => {
    if (!(await readCampaign(ctx, id))) throw errors.not_found({ id })
    const { currency } = await organizationOf(ctx)
    const rule = fromInput(input, currency)
    await setConversionRule(ctx, id, rule)
    await setCampaignModel(ctx, id, input.model)
    audit(ctx, 'campaign.conversion_rule_changed', { kind: 'campaign', id }, { rule, model: input.model })
    return readConversionRule(ctx, id)
  })
}

function toInput(rule: ConversionRule, currency: string): Omit<ConversionRuleInput, 'model'> {
  return {
    windowDays: rule.windowDays,
    touches: [...rule.touches],
    counts: rule.matches.map((match) => ({
      kind: match.kind,
      event: match.kind === 'event' ? match.type.slice(TRACKED.length) : '',
      filters: match.filters,
      value: toMajor(match.valueMinor, currency),
    })),
  }
}

function fromInput({ windowDays, touches, counts }: ConversionRuleInput, currency: string): ConversionRule {
  return {
    windowDays,
    touches,
    matches: counts.map(({ kind, event, filters, value }) => {
      const parts = { filters, valueMinor: toMinor(value, currency) }
      return kind === 'event' ? { kind, type: `${TRACKED}${event}`, ...parts } : { kind, ...parts }
    }),
  }
}
