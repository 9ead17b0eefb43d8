/** First answers on large lists: an estimate whose margin holds, and counts that give up in time. */
import { expect, test } from 'vitest'
import { harness } from '../../testing/harness.ts'
import { countPeople, type Predicate } from '../queries/people.ts'
import { ESTIMATE_FROM_CONTACTS, findPeople } from './estimate.ts'

const h = await harness()

const tier =
  (value: string): Predicate =>
  ({ firstParam }) => ({ text: `c.subscription_tier = $${firstParam}`, values: [value] })

test('CS-003.5 FR-002.5 a large list is estimated from a fair sample, whose margin holds the count', async () => {
  const org = await h.organization()
  // Ids lie unevenly: one dense run of half of the people, the others four ids apart; tiers follow the runs.
  await org.ctx.db.query(
    `insert into contact (org_id, id, country, subscription_tier, source, created_at, updated_at)
     select $1, case when i <= $3 / 2 then i else 4 * i end, 'FR',
       case when i <= $3 / 2 then 'dense' when i % 100 = 0 then 'rare' else 'sparse' end, 'test', $2, $2
     from generate_series(1, $3::int) as i`,
    [org.orgId, h.clock.now(), ESTIMATE_FROM_CONTACTS],
  )
  for (const [value, count] of [
    ['dense', 100_000],
    ['sparse', 99_000],
    ['rare', 1_000],
  ] as const) {
    const { size, people, groups } = await findPeople(org.ctx, tier(value), 'quick')
    expect(size).toMatchObject({ kind: 'estimate', timedOut: false })
    if (size.kind !== 'estimate') throw new Error('estimated')
    expect([size.low <= count, count <= size.high]).toEqual([true, true])
    expect(size.high - size.low).toBeLessThan(20_000)
    expect(people.length).toBe(10)
    expect(groups.every((group) => group.tier === value)).toBe(true)
    expect(await findPeople(org.ctx, tier(value), 'exact')).toMatchObject({ size: { kind: 'exact', count } })
  }
}, 60_000)

test('MA-2.2 a count that takes too long gives up in time and harms nothing', async () => {
  const org = await h.organization()
  await org.ctx.db.query(
    `insert into contact (org_id, source, created_at, updated_at) values ($1, 'test', $2, $2)`,
    [org.orgId, h.clock.now()],
  )
  const slow: Predicate = () => ({ text: 'pg_sleep(20) is not null', values: [] })
  expect(await countPeople(org.ctx, slow, 50)).toBeNull()
  expect(await countPeople(org.ctx, () => ({ text: 'true', values: [] }), 5_000)).toBe(1)
})
