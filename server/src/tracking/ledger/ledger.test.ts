import { beforeAll, describe, expect, test } from 'vitest'
import { createContact } from '../../contacts/index.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { newId, toWire, type ContactId } from '../../platform/ids.ts'
import { harness, type Harness } from '../../testing/harness.ts'
import type { TestOrganization } from '../../testing/organization.ts'
import {
  alreadyRecorded,
  ledgerTotals,
  moveMessages,
  peopleBehind,
  recordMessages,
  recordSkipped,
  resolveUnknown,
  type LedgerRow,
  type LedgerRun,
} from '../index.ts'

let h: Harness
let org: TestOrganization
beforeAll(async () => {
  h = await harness()
  org = await h.organization()
})

const newRun = (): LedgerRun => ({
  runId: newId<'run'>(h.clock.now()),
  campaignId: newId<'campaign'>(h.clock.now()),
  channel: 'email',
  month: '2026-11-01',
})
const id = (n: number): ContactId => String(n) as ContactId
const sent = (...numbers: number[]): LedgerRow[] =>
  numbers.map((n) => ({ contactId: id(n), state: 'sent', reason: null }))

describe('recording', () => {
  test('NFR-002.2 a sub-batch that is recorded twice has one row per message, and counts once', async () => {
    const run = newRun()
    const rows: LedgerRow[] = [...sent(1, 2), { contactId: id(3), state: 'bounced', reason: 'hard' }]
    const first = await recordMessages(org.systemCtx, run, 1, rows)
    expect(first).toEqual(
      expect.arrayContaining([
        { state: 'sent', reason: '', variant: 0, n: 2 },
        { state: 'bounced', reason: 'hard', variant: 0, n: 1 },
      ]),
    )
    expect(await recordMessages(org.systemCtx, run, 1, [...rows, ...sent(4)])).toEqual([
      { state: 'sent', reason: '', variant: 0, n: 1 },
    ])
    expect((await ledgerTotals(org.systemCtx, run.runId)).rows).toBe(4)
  })

  test('MA-9.3 those who get nothing stand in the ledger with their reason', async () => {
    const run = newRun()
    await recordSkipped(org.systemCtx, run, { reason: 'withdrawn', contactIds: '{11,12,13}' })
    const again = await recordSkipped(org.systemCtx, run, { reason: 'withdrawn', contactIds: '{13,14}' })
    await recordSkipped(org.systemCtx, run, { state: 'held_out', reason: 'holdout', contactIds: '{15}' })
    expect(again.n).toBe(1)
    const totals = await ledgerTotals(org.systemCtx, run.runId)
    expect(totals.byState).toMatchObject({ skipped: 4, held_out: 1, sent: 0 })
    const people = await peopleBehind(org.systemCtx, run.runId, {
      states: ['skipped'],
      reason: 'withdrawn',
      limit: 3,
    })
    expect(people.people.map((person) => person.contactId)).toEqual(['11', '12', '13'])
    const rest = await peopleBehind(org.systemCtx, run.runId, {
      states: ['skipped'],
      reason: 'withdrawn',
      after: people.next ?? undefined,
      limit: 3,
    })
    expect(rest).toMatchObject({ people: [{ contactId: '14', reason: 'withdrawn' }], next: null })
  })

  test('a re-claimed chunk learns whom the ledger already holds', async () => {
    const run = newRun()
    await recordMessages(org.systemCtx, run, 1, sent(21, 22))
    expect([...(await alreadyRecorded(org.systemCtx, run, [id(20), id(21), id(22)]))].toSorted()).toEqual([
      '21',
      '22',
    ])
  })

  test('an unknown outcome that is answered keeps its reason, so that doubles stay listed', async () => {
    const run = newRun()
    await recordMessages(org.systemCtx, run, 1, [
      { contactId: id(31), state: 'unknown', reason: 'outcome_unknown' },
      ...sent(32),
    ])
    await resolveUnknown(org.systemCtx, run, [
      { contactId: id(31), state: 'sent', reason: null },
      { contactId: id(32), state: 'bounced', reason: 'hard' },
    ])
    expect((await ledgerTotals(org.systemCtx, run.runId)).groups).toEqual([
      { state: 'sent', reason: '', variant: 0, n: 1 },
      { state: 'sent', reason: 'outcome_unknown', variant: 0, n: 1 },
    ])
  })

  test('vanishes with the transaction that it is part of', async () => {
    const run = newRun()
    await expect(
      inTransaction(org.systemCtx, async (ctx) => {
        await recordMessages(ctx, run, 1, sent(41))
        throw new Error('the provider batch could not be written')
      }),
    ).rejects.toThrow('provider batch')
    expect((await ledgerTotals(org.systemCtx, run.runId)).rows).toBe(0)
  })
})

describe('moving', () => {
  test('late and repeated words of a provider never move a message back', async () => {
    const run = newRun()
    await recordMessages(org.systemCtx, run, 1, sent(51, 52))
    const move = (contactId: string, state: 'delivered' | 'bounced' | 'sent', reason: string | null = null) =>
      moveMessages(org.systemCtx, [
        {
          runId: run.runId,
          contactId: contactId as ContactId,
          channel: 'email',
          state,
          reason,
          at: h.clock.now(),
        },
      ])
    expect(await move('51', 'bounced', 'hard')).toMatchObject([
      { from: 'sent', to: 'bounced', reason: 'hard' },
    ])
    expect(await move('51', 'delivered')).toEqual([])
    expect(await move('51', 'bounced', 'soft')).toEqual([])
    expect(await move('52', 'delivered')).toMatchObject([{ from: 'sent', to: 'delivered' }])
    expect(await move('52', 'sent')).toEqual([])
    expect(await move('53', 'delivered')).toEqual([])
    expect((await ledgerTotals(org.systemCtx, run.runId)).byState).toMatchObject({
      bounced: 1,
      delivered: 1,
      sent: 0,
    })
  })

  test('two batches about the same messages in opposite order both come through', async () => {
    const run = newRun()
    const people = Array.from({ length: 200 }, (_, n) => 1_000 + n)
    await recordMessages(org.systemCtx, run, 1, sent(...people))
    const batch = (numbers: readonly number[], state: 'delivered' | 'bounced') =>
      moveMessages(
        org.systemCtx,
        numbers.map((n) => ({
          runId: run.runId,
          contactId: id(n),
          channel: 'email',
          state,
          reason: null,
          at: h.clock.now(),
        })),
      )
    await Promise.all([
      batch(people, 'delivered'),
      batch(people.toReversed(), 'bounced'),
      batch(people, 'delivered'),
    ])
    expect((await ledgerTotals(org.systemCtx, run.runId)).byState).toMatchObject({
      bounced: 200,
      delivered: 0,
    })
  })

  test('is announced once per group of messages', async () => {
    const run = newRun()
    await recordMessages(org.systemCtx, run, 1, sent(61, 62, 63))
    await moveMessages(
      org.systemCtx,
      [61, 62, 63, 61].map((n) => ({
        runId: run.runId,
        contactId: id(n),
        channel: 'email',
        state: 'delivered' as const,
        reason: null,
        at: h.clock.now(),
      })),
    )
    const events = await org.systemCtx.db.query<{ payload: { contactIds: string[] } }>(
      `select payload from event where org_id = $1 and run_id = $2 and type = 'message.moved'`,
      [org.orgId, run.runId],
    )
    expect(events.length).toBe(1)
    expect(events[0]?.payload.contactIds.toSorted()).toEqual(['61', '62', '63'])
  })
})

test('NFR-004.2 the messages of a contact are listed to their own organization only', async () => {
  h.clock.advance(1_000)
  const run = newRun()
  const { id: contactId } = await createContact(org.systemCtx, { email: 'listed@example.com' }, 'manual')
  await recordMessages(org.systemCtx, run, 1, [{ contactId, state: 'skipped', reason: 'withdrawn' }])
  const path = `/api/contacts/${toWire('contact', contactId)}/messages`
  expect((await org.viewer.get(path)).body.items[0]).toMatchObject({ state: 'skipped', reason: 'withdrawn' })
  const other = await h.organization()
  expect((await other.viewer.get(path)).status).toBe(404)
  expect((await h.request({ url: path })).statusCode).toBe(401)
  expect((await org.viewer.get('/api/contacts/camp_71/messages')).status).toBe(404)
})
