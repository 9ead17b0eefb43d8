/** What a person of a test is counted for: the campaign's rule, refunds taken back, never below nothing. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ConversionRule } from '../analytics/index.ts'
import type { ContactId, RunId } from '../platform/ids.ts'
import { countHappenings, happeningsOf, type Happening } from './conversions.ts'

const purchases: ConversionRule['matches'] = [{ kind: 'purchase', filters: [], valueMinor: null }]
const person = (id: number): ContactId => String(id) as ContactId
const happening = (more: Partial<Happening>): Happening => ({
  contactId: person(1),
  variant: 1,
  type: 'track:Order Completed',
  role: 'purchase',
  orderId: null,
  amountMinor: null,
  currency: null,
  properties: {},
  ...more,
})
const order = (orderId: string | null, amountMinor: number, more: Partial<Happening> = {}) =>
  happening({ orderId, amountMinor, currency: 'EUR', ...more })
const refund = (orderId: string | null, amountMinor: number | null) =>
  happening({
    type: 'track:Order Refunded',
    role: 'refund',
    orderId,
    amountMinor,
    currency: amountMinor === null ? null : 'EUR',
  })
const sumOf = (happenings: Happening[], counts = purchases) => countHappenings(happenings, counts, 'EUR')[0]

test('CB-10.2 a refund takes back what its order brought, whole when it names no amount, and nobody is worth less than nothing', () => {
  const two = [order('a', 1000), order('b', 500)]
  expect(sumOf([...two, refund('a', 300)])).toEqual({
    variant: 1,
    converted: 1,
    sum: 1200,
    sumOfSquares: 1200 ** 2,
  })
  expect(sumOf([...two, refund('a', null)])?.sum).toBe(500)
  expect(sumOf([...two, refund('a', 5000)])?.sum).toBe(500)
  expect(sumOf([...two, refund('of an earlier order', 300)])?.sum).toBe(1500)
  expect(sumOf([...two, refund(null, 200)])?.sum).toBe(1300)
  expect(sumOf([order('a', 100), refund(null, 900)])).toMatchObject({ converted: 1, sum: 0 })
  // Who only got money back did not convert.
  expect(sumOf([refund('a', 100)])).toBeUndefined()
})

test('CB-10.3 what counts is what the campaign says: a type, its properties, and a worth where the event names none', () => {
  const counts: ConversionRule['matches'] = [
    {
      kind: 'event',
      type: 'track:Signed Up',
      filters: [{ property: 'plan', operator: 'equals', value: 'gold' }],
      valueMinor: 2500,
    },
  ]
  const signUp = (plan: string, more: Partial<Happening> = {}) =>
    happening({ type: 'track:Signed Up', role: null, properties: { plan }, ...more })
  expect(sumOf([signUp('Gold'), signUp('silver')], counts)).toMatchObject({ converted: 1, sum: 2500 })
  expect(sumOf([signUp('gold', { amountMinor: 100, currency: 'EUR' })], counts)?.sum).toBe(100)
  expect(sumOf([order('a', 1000)], counts)).toBeUndefined()
  // Money of another currency is never summed with ours.
  expect(sumOf([order('a', 1000, { currency: 'USD' })])).toMatchObject({ converted: 1, sum: 0 })
})

test('CB-10.1 CS-013.1 a click or an engagement counts once a person, for what the rule says that it is worth, beside what they bought', () => {
  const engaged = (opened: number, clicked: number, replied = 0) => ({
    contactId: person(1),
    runId: 'run' as RunId,
    variant: 2,
    opened,
    clicked,
    replied,
  })
  const click = { kind: 'click' as const, filters: [], valueMinor: 40 }
  const engagement = { kind: 'engagement' as const, filters: [], valueMinor: 15 }
  const worth = (counts: ConversionRule['matches'], opened: number, clicked: number, replied = 0) =>
    sumOf(happeningsOf(engaged(opened, clicked, replied), counts), counts)?.sum
  expect(worth([click], 3, 0)).toBeUndefined()
  expect(worth([click], 3, 2)).toBe(40)
  expect(worth([engagement], 3, 0)).toBe(15)
  expect(worth([engagement], 3, 2)).toBe(15)
  expect(worth([engagement], 0, 0, 1)).toBe(15)
  expect(worth([engagement], 1, 1, 2)).toBe(15)
  expect(worth([click], 0, 0, 1)).toBeUndefined()
  // A click meets the first that counts it, an open the second.
  expect(worth([click, engagement], 1, 1)).toBe(55)
  expect(worth(purchases, 3, 2)).toBeUndefined()
  const both = [...purchases, click]
  expect(sumOf([order('a', 100), ...happeningsOf(engaged(0, 1), both)], both)).toMatchObject({
    converted: 1,
    sum: 140,
  })
})

test('an order that is told twice is one, and people are counted in their own variant', () => {
  expect(sumOf([order('a', 100), order('a', 100)])?.sum).toBe(100)
  expect(sumOf([order(null, 100), order(null, 100)])?.sum).toBe(200)
  expect(
    countHappenings(
      [order('a', 100), order('b', 70, { contactId: person(2), variant: 2 })],
      purchases,
      'EUR',
    ).map(({ variant, sum }) => [variant, sum]),
  ).toEqual([
    [1, 100],
    [2, 70],
  ])
})

test('whatever is bought and given back, a person is worth between nothing and what they bought', () => {
  const some = fc.array(
    fc.oneof(
      fc
        .record({ id: fc.constantFrom('a', 'b', null), amount: fc.nat(1000) })
        .map(({ id, amount }) => order(id, amount)),
      fc
        .record({ id: fc.constantFrom('a', 'b', null), amount: fc.option(fc.nat(2000)) })
        .map(({ id, amount }) => refund(id, amount)),
    ),
    { maxLength: 12 },
  )
  fc.assert(
    fc.property(some, (happenings) => {
      const bought = happenings
        .filter(({ role }) => role === 'purchase')
        .reduce((sum, { amountMinor }) => sum + (amountMinor ?? 0), 0)
      const count = sumOf(happenings)
      expect(count?.sum ?? 0).toBeGreaterThanOrEqual(0)
      expect(count?.sum ?? 0).toBeLessThanOrEqual(bought)
      expect(count === undefined).toBe(happenings.every(({ role }) => role !== 'purchase'))
    }),
  )
})
