/** Making a sample workspace, by the same verbs that a member's clicks end in. */
import { campaignPlan, createCampaign, launchCampaign } from '../campaigns/index.ts'
import { recordConsents } from '../consent/index.ts'
import { addField, upsertContacts } from '../contacts/index.ts'
import { starter } from '../content/index.ts'
import type { Ctx } from '../platform/context.ts'
import { inTransaction } from '../platform/db/index.ts'
import type { OrgId } from '../platform/ids.ts'
import { createSegment, type Rule } from '../segments/index.ts'
import { createOrganization } from '../team/index.ts'
import { recordDelivery, readMessage } from '../tracking/index.ts'
import { sampleCustomers, sampleOrders } from './customers.ts'
import { sampleTexts } from './texts.ts'

/** Said no, and never asked: a sample in which everybody agreed would teach nothing. */
const DENIED_EVERY = 9
const UNASKED_EVERY = 7

const MINOR_PER_POUND = 100

/**
 * Makes the workspace and enters it. Takes about a second.
 * @returns the new organization
 */
export async function createSampleWorkspace(ctx: Ctx, tokenHash: Buffer | null): Promise<OrgId> {
  const texts = sampleTexts[ctx.locale]
  const organization = await createOrganization(
    ctx,
    {
      name: texts.organization,
      locale: ctx.locale,
      timeZone: 'Europe/Paris',
      currency: 'GBP',
      postalAddress: '12 Sample Street, London N1 1AA',
    },
    tokenHash,
    { isSample: true },
  )
  const own = ctx.platform.ctx(
    organization.id,
    { kind: 'member', id: ctx.actor.id, role: 'owner' },
    { requestId: ctx.requestId, locale: ctx.locale },
  )
  await fillContacts(own)
  await fillOrders(own)
  const loyal = await fillSegments(own)
  await fillCampaigns(own, loyal)
  return organization.id
}

async function fillContacts(ctx: Ctx): Promise<void> {
  const { fields, wording } = sampleTexts[ctx.locale]
  const customers = await sampleCustomers(ctx.now())
  await inTransaction(ctx, async (ctx) => {
    await addField(ctx, { name: fields.orders, key: 'orders', type: 'number' })
    await addField(ctx, { name: fields.revenue, key: 'revenue', type: 'number' })
    await addField(ctx, { name: fields.firstOrder, key: 'first_order', type: 'date' })
    await addField(ctx, { name: fields.lastOrder, key: 'last_order', type: 'date' })
    const outcomes = await upsertContacts(
      ctx,
      customers.map(({ orders, revenue, firstOrderOn, lastOrderOn, ...person }) => ({
        ...person,
        tags: orders >= 10 ? ['VIP'] : [],
        attributes: { orders, revenue, first_order: firstOrderOn, last_order: lastOrderOn },
      })),
      { source: 'sample', policy: 'update' },
    )
    const records = outcomes.flatMap(({ contactId }, index) => {
      const firstOrderOn = customers[index]?.firstOrderOn
      if (contactId === null || firstOrderOn === undefined || index % UNASKED_EVERY === 0) return []
      const state = index % DENIED_EVERY === 0 ? ('denied' as const) : ('granted' as const)
      const word = {
        contactId,
        channel: 'email' as const,
        state,
        occurredAt: new Date(`${firstOrderOn}T10:00:00Z`),
      }
      return (['marketing', 'tracking_open'] as const).map((purpose) => ({ ...word, purpose }))
    })
    await recordConsents(ctx, { source: 'import', wording: { text: wording, locale: ctx.locale } }, records)
  })
}

/** As a shop would send them: through the intake, so that profiles, classes and history follow as they always do. */
async function fillOrders(ctx: Ctx): Promise<void> {
  const receivedAt = ctx.now()
  const messages = (await sampleOrders(receivedAt)).flatMap(({ email, invoice, at, totalMinor }) => {
    const read = readMessage(
      {
        type: 'track',
        event: totalMinor < 0 ? 'Order Refunded' : 'Order Completed',
        messageId: `sample-${invoice}`,
        email,
        timestamp: at.toISOString(),
        properties: { order_id: invoice, total: Math.abs(totalMinor) / MINOR_PER_POUND, currency: 'GBP' },
      },
      null,
      { receivedAt, sentAt: null, isOwnApi: true },
    )
    return read.ok ? [read.message] : []
  })
  await recordDelivery(ctx.platform, ctx.orgId, { sourceId: 'sample', mayMerge: true, messages })
}

async function fillSegments(ctx: Ctx): Promise<Awaited<ReturnType<typeof createSegment>>> {
  const { segments } = sampleTexts[ctx.locale]
  const make = (name: string, ...all: Rule[]): ReturnType<typeof createSegment> =>
    createSegment(ctx, { name, description: '', kind: 'dynamic', rule: { all } })
  await make(segments.lately, {
    kind: 'contact',
    field: 'custom.last_order',
    operator: 'in_last_days',
    value: 30,
  })
  await make(segments.quiet, {
    kind: 'contact',
    field: 'custom.last_order',
    operator: 'more_than_days_ago',
    value: 182,
  })
  await make(segments.french, { kind: 'contact', field: 'language', operator: 'one_of', value: ['fr'] })
  return make(segments.loyal, { kind: 'contact', field: 'custom.orders', operator: 'at_least', value: 5 })
}

async function fillCampaigns(ctx: Ctx, loyal: Awaited<ReturnType<typeof createSegment>>): Promise<void> {
  const texts = sampleTexts[ctx.locale]
  const write = (name: string, key: 'newsletter' | 'win_back'): ReturnType<typeof createCampaign> => {
    const plan = campaignPlan.parse({ name, type: key === 'newsletter' ? 'engagement' : 'retention' })
    return createCampaign(ctx, {
      ...plan,
      audience: {
        include: { match: 'any', segmentIds: [loyal.id], rule: null },
        exclude: { segmentIds: [], rule: null },
      },
      content: {
        ...plan.content,
        email: {
          ...starter(key, ctx.locale).source,
          fromName: texts.organization,
          fromEmail: 'hello@sample.example',
        },
      },
    })
  }
  await write(texts.campaigns.winBack, 'win_back')
  const autumn = await write(texts.campaigns.autumn, 'newsletter')
  await launchCampaign(ctx, autumn.id)
}
