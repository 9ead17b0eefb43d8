/** Follows a recommendation, in a draft. */
import {
  abTestInput,
  describeCampaign,
  duplicateCampaign,
  writeTest,
  type Campaign,
} from '../campaigns/index.ts'
import { audit } from '../platform/audit/index.ts'
import type { Ctx } from '../platform/context.ts'
import { inTransaction } from '../platform/db/index.ts'
import { fromWire, type SegmentId } from '../platform/ids.ts'
import { organizationOf } from '../team/index.ts'
import { copyOf, followedIn, isAboutContent, presentOf, startOf } from './advice.ts'
import { errors } from './errors.ts'
import { advised, learn, type Precedent } from './insights.ts'
import type { Pattern } from './patterns.ts'
import type { AdviceInput, AppliedAdvice } from './schema.ts'
import { adviceOf, draftName, nextOf, variantNames } from './words.ts'

/**
 * Makes a draft that follows advice, or one whose test compares it with the present practice. Nothing is planned or
 * sent; the bin takes all of it back.
 *
 * @throws reports.advice_gone when the figures no longer say so, or nothing is left to start from
 * Source: DS-CampaignAnalyticsService.getRecommendations, statistics §13
 */
export async function applyAdvice(ctx: Ctx, asked: AdviceInput): Promise<AppliedAdvice> {
  const { patterns, precedents, segmentNames } = await learn(ctx)
  const pattern = advised(patterns).find(
    ({ feature, value }) => feature === asked.feature && value === asked.value,
  )
  if (!pattern) throw errors.advice_gone({ ...asked })
  const advice = adviceOf(ctx.locale, pattern, segmentNames)
  return inTransaction(ctx, async (ctx) => {
    const { draft, ...made } =
      asked.as === 'test'
        ? await draftTest(ctx, pattern, presentOf(pattern, precedents), advice)
        : await draftCopy(ctx, pattern, copyOf(pattern, precedents), advice)
    const { metric, campaigns, others, lift, interval, q } = pattern
    audit(
      ctx,
      'reports.advice_applied',
      { kind: 'campaign', id: draft.id },
      { ...asked, evidence: { metric, campaigns, others, lift, interval, q } },
    )
    const { startAt } = made
    return {
      campaignId: draft.id,
      name: draft.name,
      startAt,
      next: nextOf(ctx.locale, { ...asked, ...made }),
    }
  })
}

/** A draft, where it is to be planned, and whether nothing is left to write. */
interface Made {
  draft: Campaign
  startAt: string | null
  isWritten: boolean
}

async function draftCopy(
  ctx: Ctx,
  pattern: Pattern,
  copied: Precedent | null,
  advice: string,
): Promise<Made> {
  if (!copied) throw errors.advice_gone({ feature: pattern.feature })
  const { timeZone } = await organizationOf(ctx)
  const { audience } = await describeCampaign(ctx, copied.id)
  const segmentId =
    pattern.feature === 'segment' ? (fromWire('segment', pattern.value) as SegmentId | null) : null // of that kind
  const draft = await duplicateCampaign(ctx, copied.id, {
    name: draftName(copied.name, advice),
    ...(segmentId === null
      ? {}
      : { audience: { ...audience, include: { ...audience.include, segmentIds: [segmentId] } } }),
  })
  return { draft, startAt: startOf(pattern, copied, { now: ctx.now(), timeZone }), isWritten: false }
}

/** The first variant says what the last such mail said; the second follows the advice as far as a rule can write it. */
async function draftTest(
  ctx: Ctx,
  pattern: Pattern,
  present: Precedent | null,
  advice: string,
): Promise<Made> {
  if (!present || !isAboutContent(pattern)) throw errors.advice_gone({ feature: pattern.feature })
  const draft = await duplicateCampaign(ctx, present.id, { name: draftName(present.name, advice) })
  const { email } = draft.content
  const subject = followedIn(email.subject, pattern, email.language)
  const [asSoFar, advised] = variantNames(ctx.locale, advice)
  await writeTest(
    ctx,
    draft.id,
    abTestInput.parse({
      variants: [{ name: asSoFar }, { name: advised, content: { email: { ...email, subject } } }],
      settings: { metric: pattern.metric },
    }),
  )
  return { draft, startAt: null, isWritten: subject !== '' }
}
