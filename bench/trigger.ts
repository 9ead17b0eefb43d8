/**
 * `npm run bench -- trigger [--contacts=300000] [--seconds=20]`: from an event that is durable to the hand-over of the
 * message that it sets off, alone and beside a campaign at full speed of the same organization. A worker as a process of its
 * own, a durable embedded PostgreSQL; the ledger is asked every few milliseconds.
 */
import { createCampaign, campaignPlan, launchCampaign } from '../server/src/campaigns/index.ts'
import type { Ctx } from '../server/src/platform/context.ts'
import { inTransaction } from '../server/src/platform/db/index.ts'
import { toWire, type CampaignId, type ContactId } from '../server/src/platform/ids.ts'
import { EVERYONE, testLaunch } from '../server/src/testing/launch.ts'
import { readMessage, recordDelivery } from '../server/src/tracking/index.ts'
import { type Figure, bench, rate, time } from './bench.ts'
import { NOTHING_CALLED, withWorkers } from './delivery/measure.ts'
import { organizationWith } from './delivery/people.ts'
import { pause, percentile, withInstallation } from './platform.ts'

const PROBE_EVERY_MS = 200
const LOOK_EVERY_MS = 5
/** A probe that has not been handed over by then is counted with this. */
const GIVE_UP_MS = 30_000

export default bench({
  name: 'trigger',
  about:
    'Time from a durable event to the hand-over of the message that it sets off, alone and beside a campaign at full speed.',
  run: ({ say, option }): Promise<Figure[]> =>
    withInstallation(async (installation) => {
      const contacts = option('contacts', 300_000)
      const seconds = option('seconds', 20)
      const ctx = await organizationWith(installation, contacts)
      const campaignId = await switchedOn(ctx)
      const people = await someWhoAgreed(ctx)
      return withWorkers(installation, { workers: 1, slots: 3, env: NOTHING_CALLED }, async () => {
        const alone = await probe(ctx, campaignId, people.slice(0, people.length / 2), seconds)
        say(`${alone.length} events alone`)
        const { runId } = await testLaunch(ctx)
        await until(async () => (await sentOf(ctx, runId)) > 0)
        const [before, startedAt] = [await sentOf(ctx, runId), performance.now()]
        const beside = await probe(ctx, campaignId, people.slice(people.length / 2), seconds)
        const sent = (await sentOf(ctx, runId)) - before
        const perSecond = sent / ((performance.now() - startedAt) / 1_000)
        say(`${beside.length} events beside ${Math.round(perSecond)} messages/s`)
        return [
          time('trigger_alone_p50', percentile(alone, 50), 'ms', null),
          time('trigger_alone_p99', percentile(alone, 99), 'ms', null),
          time('trigger_beside_p50', percentile(beside, 50), 'ms', null),
          time('trigger_beside_p99', percentile(beside, 99), 'ms', null),
          rate('trigger_beside_campaign', perSecond, 'messages/s', null),
        ]
      })
    }),
})

/** A campaign that an order sets off. */
async function switchedOn(ctx: Ctx): Promise<CampaignId> {
  const { id } = await createCampaign(
    ctx,
    campaignPlan.parse({
      name: 'Thank you',
      delivery: 'triggered',
      trigger: { source: { kind: 'event', event: 'track:Order Completed' }, limit: '1h' },
      audience: EVERYONE,
      content: {
        email: {
          subject: 'Thank you',
          fromName: 'Bench',
          fromEmail: 'hello@shop.example',
          format: 'html',
          body: '<html><body><p>Hello</p></body></html>',
        },
      },
    }),
  )
  await launchCampaign(ctx, id)
  return id
}

/** People whom a mail may reach, spread over the whole list. */
async function someWhoAgreed(ctx: Ctx): Promise<ContactId[]> {
  const rows = await ctx.db.query<{ id: ContactId }>(
    `select id from contact c where org_id = $1 and id % 25 > 1 and id % 50 <> 7
     order by md5(id::text) limit 2000`,
    [ctx.orgId],
  )
  return rows.map(({ id }) => id)
}

/** One event every so often, each of another person. @returns how long each took to be handed over */
async function probe(
  ctx: Ctx,
  campaignId: CampaignId,
  people: readonly ContactId[],
  seconds: number,
): Promise<number[]> {
  const startedAt = performance.now()
  const watched: Promise<number>[] = []
  for (const contactId of people) {
    if (performance.now() - startedAt > seconds * 1_000) break
    await orders(ctx, contactId)
    watched.push(watch(ctx, campaignId, contactId))
    await pause(PROBE_EVERY_MS)
  }
  return Promise.all(watched)
}

/** An order comes in; returns when it is durable. */
async function orders(ctx: Ctx, contactId: ContactId): Promise<void> {
  const raw = {
    event: 'Order Completed',
    contactId: toWire('contact', contactId),
    properties: { revenue: 10 },
  }
  const read = readMessage(raw, 'track', { receivedAt: ctx.now(), sentAt: null, isOwnApi: true })
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  await recordDelivery(ctx.platform, ctx.orgId, { sourceId: 'api', mayMerge: true, messages: [read.message] })
}

async function watch(ctx: Ctx, campaignId: CampaignId, contactId: ContactId): Promise<number> {
  const startedAt = performance.now()
  while (performance.now() - startedAt < GIVE_UP_MS) {
    const rows = await inTransaction(ctx, (inner) =>
      inner.db.query(
        `select 1 from message where org_id = $1 and campaign_id = $2 and contact_id = $3 and state in ('sent', 'delivered')`,
        [ctx.orgId, campaignId, contactId],
      ),
    )
    if (rows.length > 0) return performance.now() - startedAt
    await pause(LOOK_EVERY_MS)
  }
  return GIVE_UP_MS
}

async function sentOf(ctx: Ctx, runId: string): Promise<number> {
  const [row] = await ctx.db.query<{ done: number }>(
    'select coalesce(sum(done_count), 0)::int as done from chunk where org_id = $1 and run_id = $2',
    [ctx.orgId, runId],
  )
  return row?.done ?? 0
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const startedAt = performance.now()
  while (!(await isTrue())) {
    if (performance.now() - startedAt > GIVE_UP_MS) throw new Error('the campaign does not begin')
    await pause(LOOK_EVERY_MS)
  }
}
