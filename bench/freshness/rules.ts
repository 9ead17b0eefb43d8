import type { Rule } from '../../server/src/segments/index.ts'

const COUNTRIES = ['FR', 'BE', 'DE', 'US', 'GB', 'ES', 'IT', 'CA']

const did = (event: string, days: number, more: object = {}): Rule => ({
  kind: 'event',
  event,
  operator: 'did',
  window: { last: { count: days, unit: 'days' } },
  ...more,
})
const times = (length: number, rule: (n: number) => Rule): Rule[] => Array.from({ length }, (_, n) => rule(n))

/** Ninety-nine rules as an organization comes to have them: what people did, what they are, what they may be sent. */
export function manyRules(): Rule[] {
  const order = 'track:Order Completed'
  return [
    ...times(20, (n) => did('track:Product Viewed', 7 * (n + 1), { count: { at_least: 1 + (n % 5) } })),
    ...times(5, (n) =>
      did('track:Product Viewed', 30, {
        filters: [{ property: 'path', type: 'text', operator: 'contains', value: `/p/${n}` }],
      }),
    ),
    ...times(10, (n) => ({ ...did('page', 10 * (n + 1)), operator: 'did_not' }) as Rule),
    ...times(10, (n) => did(order, 15 * (n + 1), { count: { at_least: 1 + (n % 3) } })),
    ...times(5, (n) => ({
      kind: 'money',
      measure: 'sum',
      operator: 'at_least',
      value: 50 * (n + 1),
      window: { last: { count: 90, unit: 'days' } },
    })),
    ...times(5, (n) => ({
      kind: 'sequence',
      operator: 'not_followed',
      first: { event: 'track:Cart Viewed' },
      next: { event: order },
      within: { count: 12 * (n + 1), unit: 'hours' },
      window: { last: { count: 30, unit: 'days' } },
    })),
    ...times(8, (n) => ({
      kind: 'contact',
      field: 'country',
      operator: 'one_of',
      value: [COUNTRIES[n] ?? 'FR'],
    })),
    ...times(4, (n) => ({
      kind: 'contact',
      field: 'language',
      operator: 'one_of',
      value: [['fr', 'de', 'en', 'es'][n] ?? 'fr'],
    })),
    ...times(4, (n) => ({
      kind: 'contact',
      field: 'birthday',
      operator: 'anniversary_in_next_days',
      value: 7 * (n + 1),
    })),
    ...times(10, (n) => ({ kind: 'profile', figure: 'revenue', operator: 'at_least', value: 50 * (n + 1) })),
    ...times(5, (n) => ({
      kind: 'engagement',
      measure: 'opened',
      operator: 'at_least',
      value: n + 1,
      channel: 'email',
    })),
    { kind: 'consent', channel: 'sms', operator: 'one_of', value: ['granted'] },
    { kind: 'consent', channel: 'whatsapp', operator: 'one_of', value: ['granted'] },
    { kind: 'reachable', channel: 'email', operator: 'is' },
    { kind: 'reachable', channel: 'sms', operator: 'is' },
    ...times(9, (n) => ({
      all: [
        { kind: 'contact', field: 'country', operator: 'one_of', value: COUNTRIES.slice(0, 3) },
        {
          any: [
            did(order, 60 + n),
            { kind: 'profile', figure: 'revenue', operator: 'at_least', value: 100 + n },
          ],
        },
        { kind: 'consent', channel: 'email', operator: 'one_of', value: ['granted'] },
      ],
    })),
  ]
}
