/** Writing a campaign: create, edit with history, duplicate, go back to an earlier version. */
import { z } from 'zod'
import { toMajor, toMinor } from '../../platform/money.ts'
import {
  campaignModel,
  conversionRuleOf,
  setCampaignModel,
  setConversionRule,
} from '../../analytics/index.ts'
import { audit } from '../../platform/audit/index.ts'
import { setRunBudgets } from '../../delivery/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { announce } from '../../platform/events/index.ts'
import { newId, type CampaignId } from '../../platform/ids.ts'
import { audienceSchema } from '../../segments/index.ts'
import { organizationOf } from '../../team/index.ts'
import { errors } from '../errors.ts'
import { campaignCreated, campaignUpdated } from '../events.ts'
import {
  insertCampaign,
  keepRevision,
  readCampaign,
  readRevision,
  updatePlan,
  type CampaignRow,
  type PlanColumns,
} from '../queries.ts'
import { copyName, REVISION_SPAN_MS } from '../rules.ts'
import { plan as planSchema, type Campaign, type Plan, type PlanEdit } from '../schema.ts'
import { trigger as triggerSchema } from '../triggered/schema.ts'
import { copyTest } from '../ab-test/write-test.ts'
import { refuseGiven } from './given-questions.ts'
import { describeCampaign } from './read.ts'
import { actorName, lockFor } from './state.ts'

/** Creates a draft. @throws segments.property_personal. Source: CB-1.1, CS-001, DS-CampaignService.createCampaign */
export function createCampaign(ctx: Ctx, plan: Plan): Promise<Campaign> {
  return inTransaction(ctx, async (ctx) => {
    await refuseGiven(ctx, plan)
    return create(ctx, plan, null)
  })
}

/**
 * Edits the plan of a draft or paused campaign; every save is a version.
 * @throws campaigns.edited_meanwhile when `version` is not the present one; segments.property_personal
 * Source: FR-001.3, DS-CampaignService.updateCampaign
 */
export function updateCampaign(
  ctx: Ctx,
  id: CampaignId,
  edit: PlanEdit & { version?: number | undefined },
): Promise<Campaign> {
  return inTransaction(ctx, async (ctx) => {
    const before = await lockFor(ctx, id, 'edit')
    const { version, ...changes } = edit
    if (version !== undefined && version !== before.version)
      throw errors.edited_meanwhile({ id }, { extra: { version: before.version } })
    await refuseGiven(ctx, changes)
    await savePlan(ctx, before, changed(await planOf(ctx, before), changes))
    return describeCampaign(ctx, id)
  })
}

/** Copies any campaign into a new draft. @throws segments.property_personal. Source: CS-015, CB-11.1, DS-CampaignService.duplicateCampaign */
export function duplicateCampaign(ctx: Ctx, id: CampaignId, changes: PlanEdit): Promise<Campaign> {
  return inTransaction(ctx, async (ctx) => {
    const original = await readCampaign(ctx, id)
    if (!original) throw errors.not_found({ id })
    await refuseGiven(ctx, changes)
    const copy = await create(
      ctx,
      changed({ ...(await planOf(ctx, original)), name: copyName(ctx.locale, original.name) }, changes),
      id,
    )
    const counts = await conversionRuleOf(ctx, id)
    if (counts) {
      await setConversionRule(ctx, copy.id, counts)
      await setCampaignModel(ctx, copy.id, await campaignModel(ctx, id))
    }
    await copyTest(ctx, original, copy)
    return copy
  })
}

/** Makes an earlier version the present plan; the present one stays in the history. */
export function restoreRevision(ctx: Ctx, id: CampaignId, version: number): Promise<Campaign> {
  return inTransaction(ctx, async (ctx) => {
    const before = await lockFor(ctx, id, 'edit')
    const stored = await readRevision(ctx, id, version)
    if (stored === null) throw errors.revision_not_found({ id, version })
    await savePlan(ctx, before, storedPlan(stored))
    return describeCampaign(ctx, id)
  })
}

/** A plan as a version keeps it: its ids are the database’s, and it may lack what came later. */
function storedPlan(stored: unknown): Plan {
  const { audience, trigger, ...rest } = stored as Plan // written by keepRevision
  return planSchema.parse({
    ...rest,
    audience: z.encode(audienceSchema, audience),
    ...(trigger ? { trigger: z.encode(triggerSchema, trigger) } : {}),
  })
}

async function create(ctx: Ctx, plan: Plan, clonedFrom: CampaignId | null): Promise<Campaign> {
  const id = newId<'campaign'>(ctx.now())
  await insertCampaign(ctx, id, await columnsOf(ctx, plan), actorName(ctx), clonedFrom)
  await keepRevision(ctx, id, 1, actorName(ctx), JSON.stringify(plan), ctx.now())
  // CS-015.6: the trail of a copy names its origin.
  audit(
    ctx,
    'campaign.created',
    { kind: 'campaign', id },
    { name: plan.name, ...(clonedFrom === null ? {} : { clonedFrom }) },
  )
  announce(ctx, campaignCreated, { campaignId: id }, { campaignId: id })
  return describeCampaign(ctx, id)
}

/** Makes a content the campaign's own, also where its author could not edit: a test's winner. In the caller's transaction. */
export async function replaceContent(ctx: Ctx, before: CampaignRow, content: Plan['content']): Promise<void> {
  await savePlan(ctx, before, { ...(await planOf(ctx, before)), content })
}

async function savePlan(ctx: Ctx, before: CampaignRow, plan: Plan): Promise<void> {
  if (before.status !== 'draft' && plan.delivery !== before.delivery)
    throw errors.delivery_fixed({ id: before.id })
  const spanFrom = new Date(ctx.now().getTime() - REVISION_SPAN_MS)
  const earlier = await planOf(ctx, before)
  const columns = await columnsOf(ctx, plan)
  await updatePlan(ctx, before.id, columns)
  // Of a paused campaign: its run keeps the new budget when it goes on.
  if (plan.budget !== earlier.budget) await setRunBudgets(ctx, before.id, columns.budgetMinor)
  await keepRevision(ctx, before.id, before.version + 1, actorName(ctx), JSON.stringify(plan), spanFrom)
  audit(ctx, 'campaign.updated', { kind: 'campaign', id: before.id }, changesBetween(earlier, plan))
  announce(ctx, campaignUpdated, { campaignId: before.id }, { campaignId: before.id })
}

/** Before and after of the parts that changed. */
function changesBetween(before: Plan, after: Plan): Record<string, unknown> {
  const changed = (Object.keys(after) as (keyof Plan)[]).filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  )
  return Object.fromEntries(changed.map((key) => [key, { before: before[key], after: after[key] }]))
}

async function planOf(ctx: Ctx, row: CampaignRow): Promise<Plan> {
  const { currency } = await organizationOf(ctx)
  const {
    name,
    description,
    type,
    delivery,
    channels,
    goals,
    startsOn,
    endsOn,
    audience,
    reach,
    topic,
    content,
    timing,
    trigger,
  } = row
  return {
    name,
    description,
    type,
    delivery,
    channels,
    goals,
    startsOn,
    endsOn,
    audience,
    reach,
    topic,
    timing,
    trigger,
    content,
    budget: toMajor(row.budgetMinor === null ? null : Number(row.budgetMinor), currency),
  }
}

async function columnsOf(ctx: Ctx, { budget, ...plan }: Plan): Promise<PlanColumns> {
  const { currency } = await organizationOf(ctx)
  return { ...plan, budgetMinor: toMinor(budget, currency) }
}

/** A plan with an edit made to it; contents are replaced channel by channel. */
function changed(plan: Plan, { content, ...changes }: PlanEdit): Plan {
  return { ...plan, ...defined(changes), content: { ...plan.content, ...defined(content ?? {}) } }
}

/** Without what an edit left out, so that spreading it over a plan overwrites nothing. */
function defined<T extends object>(edit: T): Partial<{ [K in keyof T]: Exclude<T[K], undefined> }> {
  return Object.fromEntries(Object.entries(edit).filter(([, value]) => value !== undefined)) as Partial<{
    [K in keyof T]: Exclude<T[K], undefined>
  }> // fromEntries forgets the keys
}
