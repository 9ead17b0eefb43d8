import { beforeAll, expect, test } from 'vitest'
import { inTransaction } from '../platform/db/index.ts'
import { advanceConsumer, announce, type EventDefinition } from '../platform/events/index.ts'
import { fromWire, newId, type ContactId } from '../platform/ids.ts'
import { seededDice } from '../testing/dice.ts'
import { testContacts } from '../testing/audience.ts'
import { harness, type Harness } from '../testing/harness.ts'
import type { TestOrganization } from '../testing/organization.ts'
import {
  messageClicked,
  messageClicksReclassified,
  messageOpened,
  messageUnsubscribed,
  moveMessages,
  recordMessages,
  type LedgerRun,
} from '../tracking/index.ts'
import { countEngagement } from './counters.ts'
import { appendDeltas, campaignFigures, checkFigures, ledgerDeltas, rebuildAnalytics } from './index.ts'
import { rollOrganization } from './roller.ts'

const HOUR_MS = 3_600_000
const PEOPLE = 40
let h: Harness
let org: TestOrganization
beforeAll(async () => {
  h = await harness()
  org = await h.organization()
})

const variantOf = (contactId: ContactId): number => 1 + (Number(contactId) % 2)
const hit = (contactId: ContactId, machine: boolean) => ({
  variant: variantOf(contactId),
  machine,
  reasons: [],
  agent: 'firefox',
  addressPrefix: null,
})

async function tell<P>(
  run: LedgerRun,
  type: EventDefinition<P>,
  payload: P,
  contactId: ContactId,
  at: Date,
): Promise<void> {
  const { campaignId, runId, channel } = run
  await inTransaction(org.systemCtx, async (ctx) =>
    announce(ctx, type, payload, { contactId, campaignId, runId, channel, at }),
  )
}

/** The consumer is killed before its transaction commits: what it wrote is gone, and it reads again. */
async function kill(): Promise<void> {
  const killed = {
    ...countEngagement,
    handle: async (...args: Parameters<typeof countEngagement.handle>) => {
      await countEngagement.handle(...args)
      throw new Error('killed')
    },
  }
  await advanceConsumer(org.systemCtx, killed).catch(() => null)
}

/** A run whose messages are handed over twice, moved late and out of order, opened, followed, taken back. */
async function lived(seed: number): Promise<LedgerRun> {
  const random = seededDice(seed)
  const { body } = await org.editor.post('/api/campaigns', { name: `Lived ${seed}` })
  const run: LedgerRun = {
    campaignId: fromWire('campaign', body.id) as LedgerRun['campaignId'],
    runId: newId<'run'>(h.clock.now()),
    channel: 'email',
    month: '2026-11-01',
  }
  const ids = await testContacts(org.systemCtx, {
    emails: Array.from({ length: PEOPLE }, (_none, n) => `p${seed}-${n}@example.com`),
  })
  // A chunk that is claimed again records its messages once more.
  for (let again = 0; again < 2; again++)
    await inTransaction(org.systemCtx, async (ctx) => {
      const rows = ids.map((contactId) => ({
        contactId,
        state: 'sent' as const,
        reason: null,
        variant: variantOf(contactId),
      }))
      await appendDeltas(ctx, ledgerDeltas(run, await recordMessages(ctx, run, 1, rows), ctx.now()))
    })
  for (let step = 0; step < 100; step++) {
    h.clock.advance(60_000)
    const contactId = ids[Math.floor(random() * ids.length)] ?? ('1' as ContactId)
    // Words of providers and mail programs come late, and not in order.
    const at = new Date(h.clock.now().getTime() - Math.floor(random() * 3) * HOUR_MS)
    const dice = random()
    if (dice < 0.3) await tell(run, messageOpened, hit(contactId, random() < 0.3), contactId, at)
    else if (dice < 0.7)
      await tell(
        run,
        messageClicked,
        { ...hit(contactId, random() < 0.2), versionId: 'v', linkNo: Math.floor(random() * 3) },
        contactId,
        at,
      )
    else if (dice < 0.75) {
      await tell(run, messageClicked, { ...hit(contactId, false), versionId: 'v', linkNo: 1 }, contactId, at)
      await tell(
        run,
        messageClicksReclassified,
        { variant: variantOf(contactId), reason: 'many_links', clicks: [{ linkNo: 1, seq: '1' }] },
        contactId,
        h.clock.now(),
      )
    } else if (dice < 0.8)
      await tell(run, messageUnsubscribed, { variant: variantOf(contactId), by: 'page' }, contactId, at)
    else
      await moveMessages(org.systemCtx, [
        {
          runId: run.runId,
          contactId,
          channel: 'email',
          state: random() < 0.7 ? 'delivered' : 'bounced',
          reason: null,
          at,
        },
      ])
    if (random() < 0.2) await kill()
    if (random() < 0.3) await advanceConsumer(org.systemCtx, countEngagement)
    if (random() < 0.2) await rollOrganization(org.systemCtx)
  }
  return run
}

test('FR-006.1 FR-006.2 FR-006.5 after kills, duplicates and late events the counters are what log and ledger say, and figures counted anew from these are the same', async () => {
  const runs = [await lived(1), await lived(2)]
  // Also while events still wait to be counted.
  for (const { runId } of runs) expect(await checkFigures(org.systemCtx, runId)).toEqual([])
  await h.drain()
  for (const { runId } of runs) expect(await checkFigures(org.systemCtx, runId)).toEqual([])
  const figures = () => Promise.all(runs.map(({ campaignId }) => campaignFigures(org.ctx, campaignId)))
  const live = await figures()
  expect(live[0]?.clicked.people).toBeGreaterThan(5)
  expect(live[0]?.bounced).toBeGreaterThan(0)
  expect(await rebuildAnalytics(org.systemCtx)).toMatchObject({ different: [], conversions: 0 })
  // Half of the figures are lost, some are doubled.
  await rollOrganization(org.systemCtx)
  await org.systemCtx.db.query(`delete from metric where org_id = $1 and name like 'c%'`, [org.orgId])
  await org.systemCtx.db.query(`update metric set n = n * 2 where org_id = $1 and name = 'opened'`, [
    org.orgId,
  ])
  expect((await rebuildAnalytics(org.systemCtx)).different.length).toBeGreaterThan(5)
  expect(await figures()).toEqual(live)
  expect(await rebuildAnalytics(org.systemCtx)).toMatchObject({ different: [], conversions: 0 })
})

test('CS-017.5 whoever was erased stays counted, also after the figures were counted anew', async () => {
  const run = await lived(4)
  await h.drain()
  const before = await campaignFigures(org.ctx, run.campaignId)
  const people = (await org.viewer.get('/api/contacts?q=p4-&limit=100')).body.items
  expect(people).toHaveLength(PEOPLE)
  for (const { id } of people.slice(0, 5)) await org.owner.post(`/api/contacts/${id}/erase`, {})
  await h.drain()
  await rebuildAnalytics(org.systemCtx)
  expect(await campaignFigures(org.ctx, run.campaignId)).toEqual(before)
})
