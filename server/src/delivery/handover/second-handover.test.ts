/** Outcomes that nobody answered, judged by the ledger of a simulated provider: what it took, and how often. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { campaignFigures, checkFigures } from '../../analytics/index.ts'
import { upsertContacts } from '../../contacts/index.ts'
import { recordConsents } from '../../consent/index.ts'
import { claim } from '../../platform/jobs/queries.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { fromWire, type ContactId, type MessageId } from '../../platform/ids.ts'
import { harness } from '../../testing/harness.ts'
import { testLaunch } from '../../testing/launch.ts'
import type { TestOrganization } from '../../testing/organization.ts'
import { simulate, SIMULATED } from '../../testing/simulators/index.ts'
import type { LedgerEntry } from '../../testing/simulators/index.ts'
import { messagesOf } from '../../tracking/index.ts'
import { runProgress } from '../index.ts'
import { holdMessages } from '../messages/queries.ts'
import { openFlightLog } from './flight-log.ts'

let whenTaken: ((entries: readonly LedgerEntry[]) => Promise<void> | undefined) | null = null
let now = (): Date => new Date()
const twilio = await simulate('twilio', {
  whenTaken: (entries) => whenTaken?.(entries),
  now: () => now(),
})
const h = await harness({ egress: { allow: [`127.0.0.1:${twilio.port}`] } })
now = () => h.clock.now()
afterAll(() => twilio.close())
beforeEach(() => {
  twilio.setFaults({})
  whenTaken = null
})

const MINUTE_MS = 60_000
/** Longer than a lease. */
const BEYOND_LEASE_MS = 25_000

interface Sender {
  org: TestOrganization
  hookUrl: string
  phones: string[]
  ids: ContactId[]
}

/** An organization that sends SMS, with so many people. */
async function sender(people: number, from: number): Promise<Sender> {
  const org = await h.organization()
  const { body } = await org.owner.post('/api/providers', {
    kind: 'twilio',
    name: 'Twilio',
    settings: { baseUrl: twilio.url, accountSid: 'AC1', from: '+15005550006' },
    secrets: { authToken: twilio.secrets.apiKey },
  })
  const phones = Array.from({ length: people }, (_, n) => `+336${from + n}`)
  const made = await upsertContacts(
    org.systemCtx,
    phones.map((phone) => ({ phone })),
    { source: 'api', policy: 'skip' },
  )
  const ids = made.flatMap(({ contactId }) => contactId ?? [])
  await recordConsents(
    org.systemCtx,
    { source: 'member' },
    ids.map((contactId) => ({
      contactId,
      channel: 'sms' as const,
      purpose: 'marketing' as const,
      state: 'granted' as const,
      occurredAt: h.clock.now(),
    })),
  )
  return { org, hookUrl: body.hookUrl, phones, ids }
}

const takenOf = ({ phones }: Pick<Sender, 'phones'>): LedgerEntry[] =>
  twilio.taken().filter(({ to }) => phones.includes(to))

/** Tells what the provider would tell of messages that it took. */
async function report(hookUrl: string, entries: readonly LedgerEntry[], kind: 'delivered' | 'bounced') {
  for (const { id, token, to } of entries) {
    const call = SIMULATED.twilio.event(
      [{ kind, eventId: `${id}-${kind}`, id, token, to, atMs: h.clock.now().getTime() }],
      `${hookUrl}?m=${token}`,
      twilio.secrets,
    )
    const { pathname, search } = new URL(call?.url ?? '')
    const answer = await h.request({
      method: 'POST',
      url: pathname + search,
      headers: call?.headers ?? {},
      payload: call?.body ?? '',
    })
    expect(answer.statusCode).toBe(200)
  }
}

const stateOf = async ({ org }: Sender, id: ContactId | undefined) => {
  const { items } = await messagesOf(org.systemCtx, id ?? ('0' as ContactId), { limit: 1 })
  return items[0] && { state: items[0].state, reason: items[0].reason }
}

describe('a text message of a run whose answer was lost', () => {
  test('DS-campaign-errors.2 NFR-002.2 waits 15 minutes for its report, is then handed over once more, and stays listed', async () => {
    const all = await sender(5, 61_000_001)
    twilio.setFaults({ dropAfter: 1 })
    const { runId } = await testLaunch(all.org.systemCtx, { channels: ['sms'], purpose: 'transactional' })
    await h.drain()
    expect(takenOf(all)).toHaveLength(5)
    expect((await runProgress(all.org.systemCtx, runId)).counts).toEqual({ 'unknown.outcome_unknown': 5 })
    twilio.setFaults({ unlisted: 1 })
    h.clock.advance(14 * MINUTE_MS)
    await h.drain()
    expect(takenOf(all)).toHaveLength(5)
    h.clock.advance(2 * MINUTE_MS)
    await h.drain()
    expect(takenOf(all)).toHaveLength(10)
    expect(await stateOf(all, all.ids[0])).toEqual({ state: 'sent', reason: 'outcome_unknown' })
    await report(all.hookUrl, takenOf(all).slice(5, 6), 'delivered')
    expect(await stateOf(all, all.ids[0])).toEqual({ state: 'delivered', reason: 'outcome_unknown' })
    h.clock.advance(60 * MINUTE_MS)
    await h.drain()
    expect(takenOf(all)).toHaveLength(10)
    expect(await runProgress(all.org.systemCtx, runId)).toMatchObject({ state: 'completed' })
  })

  test('NFR-002.3 is not handed over again when its report came meanwhile, and the figures say so', async () => {
    const all = await sender(4, 62_000_001)
    twilio.setFaults({ garbage: 1 })
    const { runId, campaignId } = await testLaunch(all.org.systemCtx, {
      channels: ['sms'],
      purpose: 'transactional',
    })
    await h.drain()
    const { expectedFinishAt } = await runProgress(all.org.systemCtx, runId)
    const finishMinutes = ((expectedFinishAt?.getTime() ?? 0) - h.clock.now().getTime()) / MINUTE_MS
    expect(Math.round(finishMinutes)).toBe(15)
    twilio.setFaults({ unlisted: 1 })
    await report(all.hookUrl, takenOf(all).slice(0, 3), 'delivered')
    h.clock.advance(16 * MINUTE_MS)
    await h.drain()
    expect(takenOf(all).map(({ to }) => to)).toEqual([...all.phones, all.phones[3]])
    expect(await stateOf(all, all.ids[0])).toEqual({ state: 'delivered', reason: 'outcome_unknown' })
    expect(await stateOf(all, all.ids[3])).toEqual({ state: 'sent', reason: 'outcome_unknown' })
    expect((await runProgress(all.org.systemCtx, runId)).state).toBe('completed')
    expect(await campaignFigures(all.org.ctx, campaignId)).toMatchObject({
      audience: 4,
      handedOver: 4,
      delivered: 4,
      unknown: 0,
    })
    expect(await checkFigures(all.org.systemCtx, runId)).toEqual([])
  })
})

describe('a provider that can be asked', () => {
  const launched = async (all: Sender) =>
    testLaunch(all.org.systemCtx, { channels: ['sms'], purpose: 'transactional' })

  test('NFR-002.2 NFR-002.3 says that it has a message: nobody gets it twice, and it stays listed', async () => {
    const all = await sender(5, 68_000_001)
    twilio.setFaults({ dropAfter: 1 })
    const { runId } = await launched(all)
    await h.drain()
    twilio.setFaults({})
    h.clock.advance(16 * MINUTE_MS)
    await h.drain()
    expect(takenOf(all)).toHaveLength(5)
    expect(await stateOf(all, all.ids[0])).toEqual({ state: 'sent', reason: 'outcome_unknown' })
    expect(await runProgress(all.org.systemCtx, runId)).toMatchObject({
      state: 'completed',
      counts: { 'sent.outcome_unknown': 5 },
    })
  })

  test('NFR-002.3 has no such message: it is handed over for the first time', async () => {
    const all = await sender(3, 69_000_001)
    twilio.setFaults({ dropBefore: 1 })
    await launched(all)
    await h.drain()
    expect(takenOf(all)).toHaveLength(0)
    twilio.setFaults({})
    h.clock.advance(16 * MINUTE_MS)
    await h.drain()
    expect(new Set(takenOf(all).map(({ to }) => to))).toEqual(new Set(all.phones))
    expect(takenOf(all)).toHaveLength(3)
  })

  test('NFR-002.3 took the same words before the run began: that is another message', async () => {
    const all = await sender(1, 70_000_001)
    await launched(all)
    await h.drain()
    h.clock.advance(60 * MINUTE_MS)
    twilio.setFaults({ dropBefore: 1 })
    await launched(all)
    await h.drain()
    twilio.setFaults({})
    h.clock.advance(16 * MINUTE_MS)
    await h.drain()
    expect(takenOf(all)).toHaveLength(2)
  })

  test('NFR-002.3 answers nothing: it is asked again for an hour before the message leaves again', async () => {
    const all = await sender(2, 71_000_001)
    twilio.setFaults({ garbage: 1 })
    await launched(all)
    await h.drain()
    for (let minutes = 0; minutes < 60; minutes += 5) {
      h.clock.advance(5 * MINUTE_MS)
      await h.drain()
    }
    expect(takenOf(all)).toHaveLength(2)
    twilio.setFaults({})
    h.clock.advance(6 * MINUTE_MS)
    await h.drain()
    expect(takenOf(all)).toHaveLength(2)
    expect(await stateOf(all, all.ids[0])).toEqual({ state: 'sent', reason: 'outcome_unknown' })
  })

  test('NFR-002.3 is asked about single messages, too', async () => {
    const all = await sender(2, 72_000_001)
    twilio.setFaults({ dropAfter: 1 })
    await all.org.key.post('/api/messages', {
      messages: all.phones.map((phone, n) => ({
        content: { source: { channel: 'sms', text: 'Your code {{ data.n }}' } },
        to: { phone },
        data: { n },
      })),
    })
    await h.drain()
    expect(takenOf(all)).toHaveLength(2)
    twilio.setFaults({})
    h.clock.advance(16 * MINUTE_MS)
    await h.drain()
    expect(takenOf(all)).toHaveLength(2)
    expect(await stateOf(all, all.ids[0])).toEqual({ state: 'sent', reason: 'outcome_unknown' })
  })
})

describe('a report that overtakes its message', () => {
  test('FR-006.1 holds as soon as the ledger has the message', async () => {
    const all = await sender(2, 63_000_001)
    whenTaken = ([entry]) =>
      entry && entry.to === all.phones[0] ? report(all.hookUrl, [entry], 'delivered') : undefined
    await testLaunch(all.org.systemCtx, { channels: ['sms'], purpose: 'transactional' })
    await h.drain()
    h.clock.advance(5_000)
    await h.drain()
    expect(await stateOf(all, all.ids[0])).toEqual({ state: 'delivered', reason: null })
    expect(await stateOf(all, all.ids[1])).toEqual({ state: 'sent', reason: null })
  })
})

describe('single messages of a worker that died', () => {
  /** Holds all that is due as a worker does, and dies: its lease runs out, its log of hand-overs tells what it may. */
  async function dieHolding(
    all: Sender,
    fate: (index: number) => 'taken' | 'begun' | 'untouched',
    how: 'logged' | 'without log' | 'still at it',
  ): Promise<MessageId[]> {
    const { org } = all
    await org.key.post('/api/messages', {
      messages: all.phones.map((phone, n) => ({
        content: { source: { channel: 'sms', text: 'Your code {{ data.n }}' } },
        to: { phone },
        data: { n },
      })),
    })
    const ctx = org.systemCtx
    const leaseUntil = new Date(h.clock.now().getTime() + 20_000)
    const [job] = await claim(ctx, { lane: 0, part: '', isLapsed: false }, 'dead', leaseUntil, 1)
    const log = openFlightLog(ctx)
    const held = await inTransaction(ctx, (ctx) =>
      holdMessages(ctx, job?.id ?? '', how === 'without log' ? null : (log?.id ?? null), {
        purpose: 'transactional',
        channels: ['sms'],
        limit: 100,
      }),
    )
    const numbered = held.toSorted((one, other) => one.flightNo - other.flightNo)
    const watch = log?.watch(numbered.map(({ flightNo }) => String(flightNo) as ContactId))
    for (const index of numbered.keys()) {
      if (fate(index) !== 'untouched') watch?.begun([index])
      if (fate(index) === 'taken')
        watch?.ended(index, { kind: 'sent', reply: { code: 200, enhanced: null, text: '' } })
    }
    if (how !== 'still at it') log?.landed()
    return numbered.map(({ id }) => id)
  }

  const statesOf = async ({ org }: Sender, ids: readonly MessageId[]): Promise<string[]> => {
    const rows = await org.systemCtx.db.query<{ runId: string; state: string; reason: string }>(
      'select run_id, state, reason from message where org_id = $1 and run_id = any($2::uuid[])',
      [org.orgId, ids],
    )
    const byId = new Map(rows.map((row) => [row.runId, `${row.state}${row.reason && `.${row.reason}`}`]))
    return ids.map((id) => byId.get(id as string) ?? 'none')
  }

  test('PC-48 NFR-002.3 are taken, sent for the first time, or unknown and sent once more, as its log tells', async () => {
    const all = await sender(6, 64_000_001)
    const ids = await dieHolding(
      all,
      (index) => (['taken', 'taken', 'begun', 'begun', 'untouched', 'untouched'] as const)[index] ?? 'taken',
      'logged',
    )
    expect(takenOf(all)).toHaveLength(0)
    h.clock.advance(BEYOND_LEASE_MS)
    await h.drain()
    expect(await statesOf(all, ids)).toEqual([
      'sent',
      'sent',
      'unknown.outcome_unknown',
      'unknown.outcome_unknown',
      'sent',
      'sent',
    ])
    expect(takenOf(all)).toHaveLength(2)
    h.clock.advance(16 * MINUTE_MS)
    await h.drain()
    expect(takenOf(all)).toHaveLength(4)
    expect((await statesOf(all, ids)).slice(2, 4)).toEqual(['sent.outcome_unknown', 'sent.outcome_unknown'])
    h.clock.advance(60 * MINUTE_MS)
    await h.drain()
    expect(takenOf(all)).toHaveLength(4)
  })

  test('PC-48 without a log all of them are unknown: sent once more and listed, nobody is lost', async () => {
    const all = await sender(3, 65_000_001)
    const ids = await dieHolding(all, () => 'untouched', 'without log')
    h.clock.advance(BEYOND_LEASE_MS)
    await h.drain()
    expect(await statesOf(all, ids)).toEqual(Array(3).fill('unknown.outcome_unknown'))
    expect(takenOf(all)).toHaveLength(0)
    h.clock.advance(16 * MINUTE_MS)
    await h.drain()
    expect(new Set(takenOf(all).map(({ to }) => to))).toEqual(new Set(all.phones))
    expect(await statesOf(all, ids)).toEqual(Array(3).fill('sent.outcome_unknown'))
  })

  test('NFR-002.3 of a worker that lost its lease and is still at it, two minutes are waited for; then all is unknown', async () => {
    const all = await sender(3, 66_000_001)
    const ids = await dieHolding(all, () => 'begun', 'still at it')
    h.clock.advance(BEYOND_LEASE_MS)
    await h.drain()
    expect(await statesOf(all, ids)).toEqual(Array(3).fill('none'))
    h.clock.advance(2 * MINUTE_MS)
    await h.drain()
    expect(await statesOf(all, ids)).toEqual(Array(3).fill('unknown.outcome_unknown'))
  })

  test('NFR-002.3 is not sent once more when its report came meanwhile, before or after it was settled', async () => {
    const all = await sender(2, 67_000_001)
    twilio.setFaults({ garbage: 1 })
    const { body } = await all.org.key.post('/api/messages', {
      messages: all.phones.map((phone) => ({
        content: { source: { channel: 'sms', text: 'Your code' } },
        to: { phone },
      })),
    })
    const [early] = all.phones
    whenTaken = ([entry]) =>
      entry && entry.to === early ? report(all.hookUrl, [entry], 'delivered') : undefined
    await h.drain()
    twilio.setFaults({})
    const late = takenOf(all).filter(({ to }) => to !== early)
    await report(all.hookUrl, late, 'delivered')
    h.clock.advance(5_000)
    await h.drain()
    const ids = body.items.map(({ id }: { id: string }) => fromWire('message', id)) as MessageId[]
    expect(await statesOf(all, ids)).toEqual(Array(2).fill('delivered.outcome_unknown'))
    h.clock.advance(16 * MINUTE_MS)
    await h.drain()
    expect(takenOf(all)).toHaveLength(2)
  })
})
