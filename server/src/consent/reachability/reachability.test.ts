import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { createContact } from '../../contacts/index.ts'
import type { ContactId } from '../../platform/ids.ts'
import { harness, type Harness } from '../../testing/harness.ts'
import type { TestOrganization } from '../../testing/organization.ts'
import { foldWords, type Word } from '../preferences/fold.ts'
import { selectPreferences } from '../preferences/queries.ts'
import { recordConsents } from '../preferences/record.ts'
import { CONSENT_STATES, SUPPRESSION_REASONS, SUPPRESSION_SCOPES } from '../words.ts'
import { whyUnreachable, type ReachabilityFacts } from './decide.ts'
import { reachabilitySql } from './sql.ts'

const PEOPLE = 400

let h: Harness
let org: TestOrganization
beforeAll(async () => {
  h = await harness()
  org = await h.organization()
})

const anyInstant = fc.integer({ min: -2, max: 2 }).map((hours) => new Date(Date.UTC(2026, 10, 20, 9 + hours)))
const anyFacts: fc.Arbitrary<Required<Omit<ReachabilityFacts, 'isAsked'>>> = fc.record({
  hasAddress: fc.boolean(),
  suppression: fc.option(
    fc.record({
      reason: fc.constantFrom(...SUPPRESSION_REASONS),
      scope: fc.constantFrom(...SUPPRESSION_SCOPES),
      expiresAt: fc.option(anyInstant),
    }),
  ),
  own: fc.option(anyWordInForce()),
  everywhere: fc.option(fc.record({ state: fc.constantFrom(...CONSENT_STATES) })),
  about: fc.option(anyWordInForce()),
})

function anyWordInForce() {
  return fc.record({
    state: fc.constantFrom(...CONSENT_STATES),
    expiresAt: fc.option(anyInstant),
    decidedAt: anyInstant,
  })
}

test('CS-018.1 CS-018.2 the reading in SQL and the reading in memory agree on every contact', async () => {
  const facts = fc.sample(anyFacts, PEOPLE)
  const ids: ContactId[] = []
  for (const [n, fact] of facts.entries()) {
    const { id } = await createContact(
      org.systemCtx,
      fact.hasAddress ? { email: `p${n}@example.com` } : { firstName: `No address ${n}` },
      'manual',
    )
    ids.push(id)
  }
  const { db } = org.systemCtx
  // Written straight into the tables: what is tested is how they are read.
  for (const [n, { own, everywhere, about, suppression }] of facts.entries()) {
    const id = ids[n]
    const word = (
      channel: string,
      purpose: string,
      { state, decidedAt, expiresAt }: { state: string; decidedAt?: Date; expiresAt: Date | null },
    ) =>
      db.query(
        `insert into preference (org_id, contact_id, channel, purpose, state, decided_at, expires_at, event_id) values ($1, $2, $3, $7, $4, $5, $6, 0)`,
        [org.orgId, id, channel, state, decidedAt ?? h.clock.now(), expiresAt, purpose],
      )
    if (own) await word('email', 'marketing', own)
    if (about) await word('email', 'topic:news', about)
    if (everywhere)
      await word('all', 'marketing', { ...everywhere, decidedAt: h.clock.now(), expiresAt: null })
    if (suppression)
      await db.query(
        `insert into suppression (org_id, channel, address_hash, reason, scope, source, created_at, expires_at)
         select $1, 'email', email_hash, $3, $4, 'test', $5, $6 from contact where org_id = $1 and id = $2 and email_hash is not null`,
        [org.orgId, id, suppression.reason, suppression.scope, h.clock.now(), suppression.expiresAt],
      )
  }
  for (const [purpose, topic, byKey, channel = 'email', isRange = false] of [
    ['marketing', null, false],
    ['marketing', 'news', false],
    ['transactional', null, false],
    ['marketing', null, true],
    ['marketing', 'news', true],
    ['transactional', null, true],
    ['marketing', null, true, 'email', true],
    ['marketing', 'news', true, 'email', true],
    ['marketing', null, false, 'webhook'],
    ['marketing', null, true, 'webhook'],
    ['transactional', null, false, 'webhook'],
  ] as const) {
    const { joins, reason } = reachabilitySql({
      channel,
      purpose,
      org: '$1',
      now: '$2',
      byKey,
      ...(topic === null ? {} : { topic: '$3' }),
      ...(isRange ? { range: { from: '0', through: '9223372036854775807' } } : {}),
    })
    const rows = await db.query<{ id: ContactId; reason: string | null }>(
      `select c.id, ${reason} as reason from contact c ${joins} where c.org_id = $1 and $2::timestamptz is not null and ($3::text is null or true)`,
      [org.orgId, h.clock.now(), topic],
    )
    const inSql = new Map(rows.map((row) => [row.id, row.reason]))
    for (const [n, fact] of facts.entries()) {
      const asked =
        channel === 'webhook'
          ? { ...fact, hasAddress: true, isAsked: false, suppression: null }
          : topic === null
            ? { ...fact, about: null }
            : fact
      expect(
        { fact, purpose, topic, byKey, channel, reason: inSql.get(ids[n] ?? ('0' as ContactId)) },
        'one contact',
      ).toEqual({
        fact,
        purpose,
        topic,
        byKey,
        channel,
        reason: whyUnreachable(asked, purpose, h.clock.now()),
      })
    }
  }
})

test('what may be followed is the same read person by person and over a range of people', async () => {
  const other = await h.organization()
  const { db } = other.systemCtx
  const words = [null, 'granted', 'expired', 'denied', 'withdrawn'] as const
  const expected: unknown[][] = []
  for (const opens of words)
    for (const clicks of words) {
      const { id } = await createContact(
        other.systemCtx,
        { email: `${opens}.${clicks}@example.com` },
        'manual',
      )
      for (const [purpose, word] of [
        ['tracking_open', opens],
        ['tracking_click', clicks],
      ] as const)
        if (word !== null)
          await db.query(
            `insert into preference (org_id, contact_id, channel, purpose, state, decided_at, expires_at, event_id) values ($1, $2, 'email', $3, $4, $5, $6, 0)`,
            [
              other.orgId,
              id,
              purpose,
              word === 'expired' ? 'granted' : word,
              h.clock.now(),
              word === 'expired' ? h.clock.now() : null,
            ],
          )
      expected.push([id, opens === 'granted', clicks !== 'denied' && clicks !== 'withdrawn'])
    }
  for (const purpose of ['marketing', 'transactional'] as const)
    for (const range of [{}, { range: { from: '0', through: '9223372036854775807' } }]) {
      const { joins, mayTrackOpens, mayTrackClicks } = reachabilitySql({
        channel: 'email',
        purpose,
        org: '$1',
        now: '$2::timestamptz',
        byKey: true,
        follows: true,
        ...range,
      })
      const rows = await db.query<{ id: ContactId; opens: boolean; clicks: boolean }>(
        `select c.id, ${mayTrackOpens} as opens, ${mayTrackClicks} as clicks from contact c ${joins} where c.org_id = $1 order by c.id`,
        [other.orgId, h.clock.now()],
      )
      expect({ purpose, range, found: rows.map(({ id, opens, clicks }) => [id, opens, clicks]) }).toEqual({
        purpose,
        range,
        found: expected,
      })
    }
})

test('MA-9.1 the fold in SQL and the fold in memory agree, whatever arrives in one batch or in many', async () => {
  const anyWord = fc.record({
    state: fc.constantFrom(...CONSENT_STATES),
    hour: fc.integer({ min: 0, max: 3 }),
    isNextBatch: fc.boolean(),
  })
  const histories = fc.sample(fc.array(anyWord, { minLength: 1, maxLength: 6 }), 60)
  for (const [n, history] of histories.entries()) {
    const contactId = String(1_000_000 + n) as ContactId
    const words: Word[] = history.map(({ state, hour }, at) => ({
      state,
      occurredAt: new Date(Date.UTC(2026, 10, 19, hour)),
      eventId: BigInt(at),
    }))
    let batch: typeof words = []
    const write = async (): Promise<void> => {
      await recordConsents(
        org.systemCtx,
        { source: 'import' },
        batch.map(({ state, occurredAt }) => ({
          contactId,
          channel: 'email',
          purpose: 'marketing',
          state,
          occurredAt,
        })),
      )
      batch = []
    }
    for (const [at, word] of words.entries()) {
      batch.push(word)
      if (history[at]?.isNextBatch) await write()
    }
    await write()
    const [preference] = await selectPreferences(org.systemCtx, [contactId])
    const expected = foldWords(words)
    expect({ history, state: preference?.state, at: preference?.decidedAt }).toEqual({
      history,
      state: expected?.state,
      at: expected?.occurredAt,
    })
  }
})
