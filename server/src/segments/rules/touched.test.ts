/** A change concerns the rules that look at what changed, and no others. */
import { expect, test } from 'vitest'
import type { LogEvent } from '../../platform/events/index.ts'
import type { ContactId, OrgId } from '../../platform/ids.ts'
import type { Rule } from './rule.ts'
import { scopeOf } from './scope.ts'
import { changesOf, questionsOf, touchesOf } from './touched.ts'

const NOW = new Date('2026-11-29T12:00:00Z')
const scope = scopeOf({
  now: NOW,
  timeZone: 'Europe/Paris',
  fields: new Map(),
  segments: new Map(),
  imports: new Map(),
  campaigns: new Map(),
  money: { purchase: ['track:Order Completed'], refund: [] },
  currency: 'EUR',
})

const happened = (type: string, who: number, payload: unknown = {}): LogEvent => ({
  orgId: 'org' as OrgId, // nothing here looks at it
  seq: '1',
  recordedAt: NOW,
  at: NOW,
  type,
  version: 1,
  contactId: String(who) as ContactId,
  campaignId: null,
  runId: null,
  channel: null,
  payload,
})

/** A hundred rules: fifty about fifty events, thirty about fields, ten about money, ten about derived figures. */
const rules: { name: string; touches: ReadonlySet<string> }[] = [
  ...Array.from({ length: 50 }, (_, n): [string, Rule] => [
    `event ${n}`,
    { kind: 'event', event: `track:Event ${n}`, operator: 'did' },
  ]),
  ...Array.from({ length: 30 }, (_, n): [string, Rule] => [
    `field ${n}`,
    { kind: 'contact', field: `custom.f${n}`, operator: 'equals', value: 'x' },
  ]),
  ...Array.from({ length: 10 }, (_, n): [string, Rule] => [
    `money ${n}`,
    { kind: 'money', measure: 'sum', operator: 'at_least', value: n },
  ]),
  ...Array.from({ length: 10 }, (_, n): [string, Rule] => [
    `figure ${n}`,
    { kind: 'profile', figure: 'orders', operator: 'at_least', value: n },
  ]),
].map(([name, rule]) => ({ name, touches: touchesOf(rule, scope) }))

/** How many times a rule is evaluated for a person, by the rule's name. */
function evaluations(events: readonly LogEvent[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { rules: asked, contactIds } of questionsOf(changesOf(events).now, rules))
    for (const { name } of asked) counts[name] = (counts[name] ?? 0) + contactIds.length
  return counts
}

test('CB-3.2 of a hundred rules, events lead to the evaluation of those that look at them, once per person', () => {
  const views = Array.from({ length: 2_000 }, (_, n) => happened('track:Event 7', n % 500))
  expect(evaluations([...views, happened('track:Event 8', 1)])).toEqual({ 'event 7': 500, 'event 8': 1 })
  expect(evaluations([happened('track:Unknown', 1)])).toEqual({})
  expect(evaluations([happened('track:Order Completed', 1)])).toEqual(
    Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`money ${n}`, 1])),
  )
})

test('CB-3.2 of a hundred rules, an edit leads to the evaluation of those that look at the field', () => {
  const edit = happened('contacts.updated', 0, { contactIds: ['1', '2'], fields: ['custom:f3'] })
  expect(evaluations([edit])).toEqual({ 'field 3': 2 })
})

test('CB-3.2 somebody new is looked at for each of a hundred rules', () => {
  const counts = evaluations([happened('contacts.created', 0, { contactIds: ['1'] })])
  expect(Object.values(counts)).toEqual(Array.from({ length: 100 }, () => 1))
})

test('CB-3.2 a visit leads to no look at figures of money or of messages', () => {
  const touched = (parts?: string[]) =>
    changesOf([happened('profiles.changed', 0, { contactIds: ['3'], ...(parts && { parts }) })]).now
  const concerned = (parts?: string[]) =>
    [
      { kind: 'profile', figure: 'revenue', operator: 'at_least', value: 5 },
      { kind: 'profile', figure: 'engagement_score', operator: 'at_least', value: 5 },
      { kind: 'profile', figure: 'lifetime_value', operator: 'at_least', value: 5 },
      { kind: 'engagement', measure: 'opened', operator: 'at_least', value: 1 },
    ].map((rule) => questionsOf(touched(parts), [{ touches: touchesOf(rule as Rule, scope) }]).length)
  expect(concerned(['activity'])).toEqual([0, 1, 1, 0])
  expect(concerned(['money'])).toEqual([1, 0, 1, 0])
  expect(concerned(['messages'])).toEqual([0, 0, 0, 1])
  expect(concerned()).toEqual([1, 1, 1, 1])
})

test('CB-3.2 rules that the same changes concern are asked together', () => {
  const changes = changesOf([
    happened('track:Event 1', 1),
    happened('track:Order Completed', 2),
    happened('profiles.changed', 0, { contactIds: ['3'] }),
  ])
  const questions = questionsOf(changes.now, rules)
  expect(questions.map((one) => [one.rules.length, one.contactIds])).toEqual([
    [1, ['1']],
    [10, ['2']],
    [10, ['3']],
  ])
})
