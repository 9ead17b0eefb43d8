/** Two profiles become one: no word of either is softened, and no address comes off the list. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createContact, mergeContacts } from '../contacts/index.ts'
import type { ContactId } from '../platform/ids.ts'
import { harness } from '../testing/harness.ts'
import { moreRestrictive } from './preferences/fold.ts'
import { selectPreferences } from './preferences/queries.ts'
import { recordConsents } from './preferences/record.ts'
import { reachabilitySql } from './reachability/sql.ts'
import { suppress } from './suppression/suppress.ts'
import { CONSENT_STATES, type ConsentState, type SuppressionReason } from './words.ts'

const CASES = 40
const h = await harness()
const org = await h.organization()

interface Profile {
  email: ConsentState | null
  all: ConsentState | null
  hour: number
  barred: SuppressionReason | null
}
const profile: fc.Arbitrary<Profile> = fc.record({
  email: fc.option(fc.constantFrom(...CONSENT_STATES)),
  all: fc.option(fc.constantFrom('granted', 'withdrawn', 'denied')),
  hour: fc.integer({ min: 0, max: 3 }),
  barred: fc.option(fc.constantFrom('complaint', 'hard', 'manual', 'import')),
})

async function make(name: string, { email, all, hour, barred }: Profile): Promise<ContactId> {
  const ctx = org.systemCtx
  const { id } = await createContact(ctx, { email: name }, 'manual')
  const occurredAt = new Date(Date.UTC(2026, 10, 19, hour))
  await recordConsents(
    ctx,
    { source: 'form' },
    (['email', 'all'] as const).flatMap((channel) => {
      const state = channel === 'email' ? email : all
      return state === null ? [] : [{ contactId: id, channel, purpose: 'marketing', state, occurredAt }]
    }),
  )
  if (barred !== null) {
    const keys = await ctx.platform.secrets.of(ctx)
    const addressHash = keys.addressHash('email', name)
    await suppress(ctx, [{ channel: 'email', addressHash, reason: barred, scope: 'all', source: 'test' }])
  }
  return id
}

const list = () =>
  org.systemCtx.db.query<{ key: string; reason: string; scope: string; unsubscribedAt: Date | null }>(
    `select channel || encode(address_hash, 'hex') as key, reason, scope, unsubscribed_at
     from suppression where org_id = $1`,
    [org.orgId],
  )

async function reasonFor(id: ContactId): Promise<string | null> {
  const { joins, reason } = reachabilitySql({ channel: 'email', purpose: 'marketing', org: '$1', now: '$3' })
  const [row] = await org.systemCtx.db.query<{ reason: string | null }>(
    `select ${reason} as reason from contact c ${joins} where c.org_id = $1 and c.id = $2 and $3::timestamptz is not null`,
    [org.orgId, id, h.clock.now()],
  )
  return row?.reason ?? null
}

test('PC-23 MA-9.2 whichever profile is kept, the more restrictive word holds, nothing comes off the list, and nobody is written to whom either had barred', async () => {
  const cases = fc.sample(fc.tuple(profile, profile), { numRuns: CASES, seed: 20_261_128 })
  const merged: { a: Profile; b: Profile; keptA: ContactId; keptB: ContactId }[] = []
  const merges: [kept: ContactId, gone: ContactId][] = []
  for (const [n, [a, b]] of cases.entries()) {
    // The same pair twice, merged either way.
    const [keptA, goneB] = [await make(`xa${n}@example.com`, a), await make(`xb${n}@example.com`, b)]
    const [goneA, keptB] = [await make(`ya${n}@example.com`, a), await make(`yb${n}@example.com`, b)]
    merges.push([keptA, goneB], [keptB, goneA])
    merged.push({ a, b, keptA, keptB })
  }
  const before = await list()
  for (const [kept, gone] of merges) await mergeContacts(org.systemCtx, kept, gone)
  await h.drain()
  const after = new Map((await list()).map((entry) => [entry.key, entry]))
  // It may grow: the address that stays is one of somebody who left.
  for (const entry of before) {
    const now = after.get(entry.key)
    expect(now).toMatchObject({ reason: entry.reason, scope: entry.scope })
    expect(Number(now?.unsubscribedAt ?? 0)).toBeGreaterThanOrEqual(Number(entry.unsubscribedAt ?? 0))
  }
  for (const { a, b, keptA, keptB } of merged)
    for (const [kept, own] of [
      [keptA, a],
      [keptB, b],
    ] as const) {
      const words = await selectPreferences(org.systemCtx, [kept])
      for (const channel of ['email', 'all'] as const) {
        const said = [a[channel], b[channel]].filter((state) => state !== null)
        const expected = said.length === 0 ? undefined : said.reduce(moreRestrictive)
        const found = words.find((word) => word.channel === channel)?.state
        expect({ a, b, channel, found }).toEqual({ a, b, channel, found: expected })
      }
      const reason = await reasonFor(kept)
      const hasLeft = [a, b].some(({ email, all }) =>
        [email, all].some((state) => state === 'withdrawn' || state === 'denied'),
      )
      expect({ a, b, mayBeWrittenTo: reason === null && (hasLeft || own.barred !== null) }).toEqual({
        a,
        b,
        mayBeWrittenTo: false,
      })
    }
})
