/** First answers on large lists: an estimate whose margin holds, and counts that give up in time. */
import { expect, test } from 'vitest'
import { harness } from '../../testing/harness.ts'
import { countPeople, type Predicate } from '../queries/people.ts'
import { preview } from './preview.ts'

const h = await harness()

/** More than those from which on first answers are estimated. */
const CONTACTS = 200_000

const tier =
  (value: string): Predicate =>
  ({ firstParam }) => ({ text: `c.subscription_tier = $${firstParam}`, values: [value] })

const TIERS = [
  ['dense', 100_000],
  ['sparse', 99_000],
  ['rare', 1_000],
] as const
const reading = (value: string): Parameters<typeof preview>[1] => ({
  toSql: tier(value),
  describe: () => '',
})

test('CS-003.5 FR-002.5 a large list is estimated from a fair sample, whose margin holds the count', async () => {
  const org = await h.organization()
  // Ids lie unevenly: one dense run of half of the people, the others four ids apart; tiers follow the runs.
  await org.ctx.db.query(
    `insert into contact (org_id, id, country, subscription_tier, source, created_at, updated_at)
     select $1, case when i <= $3 / 2 then i else 4 * i end, 'FR',
       case when i <= $3 / 2 then 'dense' when i % 100 = 0 then 'rare' else 'sparse' end, 'test', $2, $2
     from generate_series(1, $3::int) as i`,
    [org.orgId, h.clock.now(), CONTACTS],
  )
  // One euro of everybody, two of every other.
  await org.ctx.db.query(
    `insert into contact_profile (org_id, contact_id, revenue_minor, figured_on, updated_at)
     select $1, c.id, 100 + row_number() over (order by c.id) % 2 * 100, $2::date, $2 from contact c where c.org_id = $1`,
    [org.orgId, h.clock.now()],
  )
  for (const [value, count] of TIERS) {
    const { size, people, makeUp } = await preview(org.ctx, reading(value), 'quick')
    expect(size).toMatchObject({ kind: 'estimate', timedOut: false })
    if (size.kind !== 'estimate') throw new Error('estimated')
    expect([size.low <= count, count <= size.high]).toEqual([true, true])
    expect(size.high - size.low).toBeLessThan(20_000)
    expect(people.length).toBe(10)
    expect(makeUp.tier.values).toEqual([{ value, label: value, count: makeUp.of }])
    expect((await preview(org.ctx, reading(value), 'exact')).size).toEqual({ kind: 'exact', count })
  }
  // Beside an exact count of many, some are drawn, and it is said how far off they may be; of few, all.
  const many = (await preview(org.ctx, reading('dense'), 'exact')).makeUp
  expect(Math.abs(many.of - 6_000)).toBeLessThan(500)
  expect(many.margin).toBeCloseTo(0.0122, 3)
  expect(Math.abs(many.revenue - 150_000)).toBeLessThan(many.revenueMargin * 2)
  const few = (await preview(org.ctx, reading('rare'), 'exact')).makeUp
  expect(few).toMatchObject({ of: 1_000, margin: 0, revenueMargin: 0 })
})

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
