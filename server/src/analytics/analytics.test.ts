import { beforeAll, describe, expect, test } from 'vitest'
import { inTransaction } from '../platform/db/index.ts'
import { announce, type EventDefinition } from '../platform/events/index.ts'
import { newId, toWire, type ContactId } from '../platform/ids.ts'
import { harness, type Harness } from '../testing/harness.ts'
import type { TestOrganization } from '../testing/organization.ts'
import {
  ledgerTotals,
  messageClicked,
  messageClicksReclassified,
  messageOpened,
  messageUnsubscribed,
  moveMessages,
  recordMessages,
  recordSkipped,
  type LedgerRun,
  type LedgerState,
} from '../tracking/index.ts'
import {
  activityOf,
  addDeltas,
  appendDeltas,
  campaignFigures,
  checkFigures,
  hourlyFigures,
  ledgerDeltas,
  peopleOf,
  rebuildFigures,
} from './index.ts'
import { rollOrganization } from './roller.ts'

let h: Harness
let org: TestOrganization
beforeAll(async () => {
  h = await harness()
  org = await h.organization()
})

type Run = LedgerRun
const newRun = (): Run => ({
  runId: newId<'run'>(h.clock.now()),
  campaignId: newId<'campaign'>(h.clock.now()),
  channel: 'email',
  month: '2026-11-01',
})
const id = (n: number): ContactId => String(n) as ContactId

/** Hands messages over as delivery does: ledger and deltas in one transaction. */
async function handOver(
  run: Run,
  outcomes: readonly [contact: number, state: LedgerState, reason?: string][],
): Promise<void> {
  await inTransaction(org.systemCtx, async (ctx) => {
    const written = await recordMessages(
      ctx,
      run,
      1,
      outcomes.map(([contact, state, reason]) => ({ contactId: id(contact), state, reason: reason ?? null })),
    )
    // Every second reader has agreed to be measured.
    const sent = outcomes.filter(([, state]) => state === 'sent').length
    await addDeltas(ctx, run, { audience: outcomes.length, measured: Math.ceil(sent / 2) })
    await appendDeltas(ctx, ledgerDeltas(run, written, ctx.now()))
  })
}

async function tell<P>(
  run: Run,
  definition: EventDefinition<P>,
  payload: P,
  ...contacts: number[]
): Promise<void> {
  await inTransaction(org.systemCtx, async (ctx) => {
    for (const contact of contacts)
      announce(ctx, definition, payload, {
        contactId: id(contact),
        campaignId: run.campaignId,
        runId: run.runId,
        channel: run.channel,
      })
  })
}
const hit = (machine: boolean) => ({
  variant: 0,
  machine,
  reasons: machine ? (['too_fast'] as const).slice() : [],
  agent: 'firefox',
  addressPrefix: null,
})
const click = (linkNo: number, machine = false) => ({
  ...hit(machine),
  versionId: newId(h.clock.now()),
  linkNo,
})

const deltasWaiting = async (): Promise<number> => {
  const [row] = await org.systemCtx.db.query<{ n: number }>(
    'select count(*)::int as n from metric_delta where org_id = $1',
    [org.orgId],
  )
  return row?.n ?? 0
}

describe('figures', () => {
  test('FR-006.1 equal the ledger before, while and after they are rolled up', async () => {
    const run = newRun()
    await handOver(run, [
      [1, 'sent'],
      [2, 'sent'],
      [3, 'bounced', 'hard'],
      [4, 'unknown', 'outcome_unknown'],
      [5, 'failed', 'blocked'],
    ])
    const skipped = await recordSkipped(org.systemCtx, run, { reason: 'withdrawn', contactIds: '{6,7}' })
    await addDeltas(org.systemCtx, run, { audience: 2, [`skipped.${skipped.reason}`]: skipped.n })
    const expected = {
      audience: 7,
      handedOver: 4,
      delivered: 2,
      bounced: 1,
      unknown: 1,
      failed: 1,
      skipped: 2,
    }
    expect(await campaignFigures(org.ctx, run.campaignId)).toMatchObject(expected)
    await rollOrganization(org.systemCtx)
    expect(await deltasWaiting()).toBe(0)
    await handOver(run, [[8, 'sent']])
    expect(await campaignFigures(org.ctx, run.campaignId)).toMatchObject({
      ...expected,
      audience: 8,
      handedOver: 5,
      delivered: 3,
    })
    const { byState } = await ledgerTotals(org.ctx, run.runId)
    expect(byState).toEqual({
      sent: 3,
      delivered: 0,
      bounced: 1,
      failed: 1,
      skipped: 2,
      held_out: 0,
      unknown: 1,
    })
    expect(await checkFigures(org.ctx, run.runId)).toEqual([])
  })

  test('CS-011.1 FR-006.1 follow messages that a provider moves on', async () => {
    const run = newRun()
    await handOver(run, [
      [11, 'sent'],
      [12, 'sent'],
      [13, 'unknown', 'outcome_unknown'],
    ])
    await moveMessages(
      org.systemCtx,
      (
        [
          [11, 'delivered'],
          [12, 'bounced'],
          [13, 'delivered'],
          [11, 'sent'],
        ] as const
      ).map(([contact, state]) => ({
        runId: run.runId,
        contactId: id(contact),
        channel: 'email',
        state,
        reason: state === 'bounced' ? 'hard' : null,
        at: h.clock.now(),
      })),
    )
    await h.drain()
    expect(await campaignFigures(org.ctx, run.campaignId)).toMatchObject({
      handedOver: 3,
      delivered: 2,
      bounced: 1,
      unknown: 0,
      bouncedByReason: [{ reason: 'hard', people: 1 }],
    })
    expect(await checkFigures(org.ctx, run.runId)).toEqual([])
  })

  test('FR-006.2 TK-5.1 count each person once, every time apart, and machines apart from people', async () => {
    const run = newRun()
    await handOver(run, [
      [21, 'sent'],
      [22, 'sent'],
      [23, 'sent'],
      [24, 'sent'],
    ])
    await tell(run, messageOpened, hit(false), 21, 21, 22)
    await tell(run, messageOpened, hit(true), 23, 23, 21)
    await h.drain()
    await tell(run, messageOpened, hit(false), 21)
    await tell(run, messageClicked, click(0), 21, 21)
    await tell(run, messageClicked, click(1), 21)
    await tell(run, messageClicked, click(1, true), 24)
    await h.drain()
    const figures = await campaignFigures(org.ctx, run.campaignId)
    expect(figures.opened).toEqual({ people: 2, times: 4, machinePeople: 2, machineTimes: 3 })
    expect(figures.clicked).toEqual({ people: 1, times: 3, machinePeople: 1, machineTimes: 1 })
    expect(figures.rates.open).toEqual({ part: 2, whole: 2, ratio: 1 })
    expect(figures.rates.click).toEqual({ part: 1, whole: 4, ratio: 0.25 })
    expect(await checkFigures(org.ctx, run.runId)).toEqual([])
  })

  test('FR-006.2 take clicks back that turn out to be a machine’s, and the person with them', async () => {
    const run = newRun()
    await handOver(run, [
      [31, 'sent'],
      [32, 'sent'],
    ])
    await tell(run, messageClicked, click(0), 31, 32)
    await tell(run, messageClicked, click(1), 31)
    await h.drain()
    await tell(
      run,
      messageClicksReclassified,
      {
        variant: 0,
        reason: 'many_links',
        clicks: [
          { linkNo: 0, seq: '1' },
          { linkNo: 1, seq: '2' },
        ],
      },
      31,
    )
    await h.drain()
    expect((await campaignFigures(org.ctx, run.campaignId)).clicked).toEqual({
      people: 1,
      times: 1,
      machinePeople: 1,
      machineTimes: 2,
    })
    expect(
      (await peopleOf(org.ctx, run.campaignId, { of: 'clicked', limit: 10 })).items.map(
        (person) => person.contactId,
      ),
    ).toEqual(['32'])
  })

  test('CS-011.2 count link 0 of the mail and link 0 of the text apart, person by person', async () => {
    const mail = newRun()
    const text = { ...mail, channel: 'sms' }
    for (const run of [mail, text])
      await handOver(run, [
        [35, 'sent'],
        [36, 'sent'],
      ])
    await tell(mail, messageClicked, click(0), 35, 36)
    await tell(text, messageClicked, click(0), 35)
    await h.drain()
    expect(await checkFigures(org.ctx, mail.runId)).toEqual([])
    const clickers = async (channel?: string): Promise<string[]> =>
      (await peopleOf(org.ctx, mail.campaignId, { of: 'clicked', link: 0, limit: 10, channel })).items.map(
        ({ contactId }) => contactId,
      )
    expect(await clickers('email')).toEqual(['35', '36'])
    expect(await clickers('sms')).toEqual(['35'])
    expect(await clickers()).toEqual(['35', '36'])

    // What turns out to be a program's in the text takes nothing from the mail.
    const machine = { variant: 0, reason: 'many_links' as const, clicks: [{ linkNo: 0, seq: '1' }] }
    await tell(text, messageClicksReclassified, machine, 35)
    await h.drain()
    expect(await clickers('sms')).toEqual([])
    expect(await clickers('email')).toEqual(['35', '36'])
    expect(await checkFigures(org.ctx, mail.runId)).toEqual([])
  })

  test('CS-011.6 warn below 95 % delivery, and are silent about a handful', async () => {
    const few = newRun()
    await handOver(few, [
      [41, 'sent'],
      [42, 'bounced', 'hard'],
    ])
    expect((await campaignFigures(org.ctx, few.campaignId)).isDeliveryLow).toBe(false)
    const many = newRun()
    await handOver(
      many,
      Array.from(
        { length: 100 },
        (_, n) =>
          [5_000 + n, n < 95 ? 'sent' : 'failed', n < 95 ? undefined : 'blocked'] as [
            number,
            LedgerState,
            string?,
          ],
      ),
    )
    expect(await campaignFigures(org.ctx, many.campaignId)).toMatchObject({
      isDeliveryLow: false,
      rates: { delivery: { part: 95, whole: 100 } },
    })
    await handOver(many, [[5_200, 'bounced', 'hard']])
    expect((await campaignFigures(org.ctx, many.campaignId)).isDeliveryLow).toBe(true)
  })

  test('a rate of nothing is none', async () => {
    const { rates } = await campaignFigures(org.ctx, newRun().campaignId)
    for (const rate of Object.values(rates)) expect(rate).toEqual({ part: 0, whole: 0, ratio: null })
  })

  test('CS-012.2 TK-18.3 DS-batch-processing.1 fall into the hours in which things happened', async () => {
    const run = newRun()
    h.clock.set('2026-11-21T10:59:59.999Z')
    await handOver(run, [[61, 'sent']])
    h.clock.set('2026-11-21T11:00:00.000Z')
    await handOver(run, [[62, 'sent']])
    await tell(run, messageUnsubscribed, { variant: 0, by: 'one_click' }, 61)
    await h.drain()
    expect(await hourlyFigures(org.ctx, run.campaignId)).toEqual([
      { hour: new Date('2026-11-21T10:00:00Z'), sent: 1, opened: 0, clicked: 0, unsubscribed: 0 },
      { hour: new Date('2026-11-21T11:00:00Z'), sent: 1, opened: 0, clicked: 0, unsubscribed: 1 },
    ])
  })
})

test('CS-012.2 FR-006.3 the chart is the same before and after the deltas are rolled up', async () => {
  const run = newRun()
  await handOver(run, [
    [111, 'sent'],
    [112, 'bounced', 'hard'],
  ])
  h.clock.advance(60_000)
  await tell(run, messageClicked, click(0), 111)
  await h.drain()
  await handOver(run, [[113, 'sent']])
  const before = await activityOf(org.ctx, run.campaignId)
  expect(before.stepMinutes).toBe(1)
  expect(before.points.map(({ sent, clicked }) => [sent, clicked])).toEqual([
    [0, 0],
    [2, 0],
    [1, 1],
  ])
  await rollOrganization(org.systemCtx)
  expect(await activityOf(org.ctx, run.campaignId)).toEqual(before)
  h.clock.advance(5 * 86_400_000)
  await h.drain()
  const later = await activityOf(org.ctx, run.campaignId)
  expect(later.stepMinutes).toBe(60)
  expect(later.points.reduce((sum, point) => sum + point.sent, 0)).toBe(3)
})

describe('rolling up', () => {
  test('counts every delta once when several rollers and writers work at a time', async () => {
    const run = newRun()
    await Promise.all([
      ...Array.from({ length: 8 }, async () => {
        for (let n = 0; n < 10; n++) await addDeltas(org.systemCtx, run, { sent: 5, 'skipped.withdrawn': 1 })
      }),
      ...Array.from({ length: 10 }, () => rollOrganization(org.systemCtx)),
    ])
    await rollOrganization(org.systemCtx)
    expect(await campaignFigures(org.ctx, run.campaignId)).toMatchObject({ delivered: 400, skipped: 80 })
    const [row] = await org.systemCtx.db.query<{ n: number }>(
      `select sum(n)::int as n from metric where org_id = $1 and campaign_id = $2`,
      [org.orgId, run.campaignId],
    )
    expect(row?.n).toBe(480)
  })

  test('CS-011.4 FR-006.6 NFR-001.6 tells screens of the campaign that its figures moved, within two seconds', async () => {
    const run = newRun()
    const heard: string[] = []
    const stop = h.platform.hub.subscribe(org.orgId, ({ topic }) => heard.push(topic))
    await handOver(run, [[71, 'sent']])
    h.clock.advance(2_000)
    await h.drain()
    // What is published travels with the hub's next flush.
    await expect
      .poll(() => heard, { timeout: 60_000 })
      .toContain(`campaign:${toWire('campaign', run.campaignId)}`)
    stop()
  })

  test('NFR-004.2 stays within the organization', async () => {
    const run = newRun()
    await handOver(run, [[81, 'sent']])
    const other = await h.organization()
    expect(await campaignFigures(other.ctx, run.campaignId)).toMatchObject({ handedOver: 0 })
    expect(await peopleOf(other.ctx, run.campaignId, { of: 'sent', limit: 10 })).toEqual({
      items: [],
      nextCursor: null,
    })
  })
})

describe('people behind a number', () => {
  test('CS-017.5 are listed page by page, by state, reason and what they did', async () => {
    const run = newRun()
    await handOver(run, [
      [91, 'sent'],
      [92, 'sent'],
      [93, 'bounced', 'hard'],
      [94, 'bounced', 'soft'],
    ])
    await tell(run, messageOpened, hit(false), 92, 91)
    await h.drain()
    const first = await peopleOf(org.ctx, run.campaignId, { of: 'delivered', limit: 1 })
    const second = await peopleOf(org.ctx, run.campaignId, {
      of: 'delivered',
      limit: 1,
      cursor: first.nextCursor ?? '',
    })
    expect([...first.items, ...second.items].map((person) => person.contactId)).toEqual(['91', '92'])
    expect(second.nextCursor).toBeNull()
    expect(
      (await peopleOf(org.ctx, run.campaignId, { of: 'bounced', reason: 'soft', limit: 10 })).items,
    ).toMatchObject([{ contactId: '94', reason: 'soft' }])
    expect(
      (await peopleOf(org.ctx, run.campaignId, { of: 'opened', limit: 10 })).items.map(
        (person) => person.contactId,
      ),
    ).toEqual(['91', '92'])
  })
})

describe('reconciling', () => {
  test('finds figures that differ from ledger and log, and puts them right once', async () => {
    const run = newRun()
    await handOver(run, [
      [101, 'sent'],
      [102, 'bounced', 'hard'],
    ])
    await addDeltas(org.systemCtx, run, { sent: 3, opened: 2, 'bounced.hard': -1 })
    expect(await rebuildFigures(org.systemCtx, [run.runId])).toMatchObject([
      { name: 'bounced', counted: 0, actual: 1 },
      { name: 'opened', counted: 2, actual: 0 },
      { name: 'sent', counted: 4, actual: 1 },
    ])
    expect(await rebuildFigures(org.systemCtx, [run.runId])).toEqual([])
    expect(await campaignFigures(org.ctx, run.campaignId)).toMatchObject({
      delivered: 1,
      bounced: 1,
      opened: { people: 0 },
    })
  })
})
