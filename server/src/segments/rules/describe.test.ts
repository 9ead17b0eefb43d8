/** Rules in words, as people read them. */
import { expect, test } from 'vitest'
import { readRule } from './bind.ts'
import { CONTACT_FIELDS } from './contact-fields.ts'
import { customField } from './custom-fields.ts'
import type { Rule } from './rule.ts'
import { scopeOf } from './scope.ts'

const score = customField({ key: 'score', name: 'Score', type: 'number', choices: [] })
const scope = scopeOf({
  now: new Date('2026-11-20T09:00:00Z'),
  timeZone: 'Europe/Paris',
  fields: new Map([...CONTACT_FIELDS, score].map((field) => [field.key, field])),
  segments: new Map(),
  imports: new Map(),
  campaigns: new Map(),
  money: { purchase: [], refund: [] },
  currency: 'EUR',
})

function say(rule: Rule): { en: string; fr: string } {
  const reading = readRule(rule, scope)
  if (reading.kind === 'refused') throw new Error(JSON.stringify(reading.problems))
  return { en: reading.value.describe('en'), fr: reading.value.describe('fr') }
}

const on = (field: string, operator: string, value?: string | string[] | number): Rule => ({
  kind: 'contact',
  field,
  operator,
  ...(value === undefined ? {} : { value }),
})

test.each<[Rule, string, string]>([
  [{ all: [] }, 'Everyone.', 'Tout le monde.'],
  [
    on('country', 'one_of', ['FR', 'BE']),
    'People whose country is France or Belgium.',
    'Les personnes dont le pays est France ou Belgique.',
  ],
  [
    on('country', 'none_of', ['FR']),
    'People whose country is not France (or is unknown).',
    'Les personnes dont le pays n’est pas France (ou n’est pas connu).',
  ],
  [
    on('email', 'is_known'),
    'People who have an e-mail address.',
    'Les personnes qui ont une adresse e-mail.',
  ],
  [
    on('phone', 'is_empty'),
    'People who have no phone number.',
    'Les personnes qui n’ont pas de numéro de téléphone.',
  ],
  [
    on('birthday', 'anniversary_in_next_days', 7),
    'People whose birthday is today or within 7 days.',
    'Les personnes dont l’anniversaire est aujourd’hui ou d’ici 7 jours.',
  ],
  [
    on('custom.score', 'at_least', 1234.5),
    'People whose “Score” is at least 1,234.5.',
    'Les personnes dont le champ « Score » est au moins 1\u202f234,5.',
  ],
  [
    { not: on('tags', 'has_any', ['vip']) },
    'Everyone except people who have the tag “vip”.',
    'Tout le monde sauf les personnes qui ont l’étiquette « vip ».',
  ],
  [
    {
      all: [
        on('country', 'one_of', ['FR']),
        { any: [on('tags', 'has_all', ['vip', 'new']), on('email', 'is_known')] },
        { not: on('city', 'equals', 'Lyon') },
      ],
    },
    'People whose country is France, and (who have the tags “vip” and “new”, or who have an e-mail address), except those whose city is “Lyon”.',
    'Les personnes dont le pays est France, et (qui ont les étiquettes « vip » et « new », ou qui ont une adresse e-mail), sauf celles dont la ville est « Lyon ».',
  ],
  [
    {
      any: [
        { not: { all: [on('country', 'is_known'), on('city', 'is_known')] } },
        { any: [{ all: [on('email', 'is_known')] }] },
      ],
    },
    'People who are not among those (whose country is known, and whose city is known), or who have an e-mail address.',
    'Les personnes qui ne sont pas parmi celles (dont on connaît le pays, et dont on connaît la ville), ou qui ont une adresse e-mail.',
  ],
])('%j', (rule, en, fr) => {
  expect(say(rule)).toEqual({ en, fr: fr.replaceAll('« ', '«\u202f').replaceAll(' »', '\u202f»') })
})

test('long lists are named in part and counted', () => {
  const cities = Array.from({ length: 30 }, (_, index) => `City ${index}`)
  expect(say(on('city', 'one_of', cities)).en).toMatch(/“City 5”,? or 24 others\.$/)
})

test.each<[string, Rule, string, string]>([
  [
    'behaviour',
    {
      kind: 'event',
      event: 'track:Order Completed',
      operator: 'did',
      count: { at_least: 2 },
      window: { last: { count: 30, unit: 'days' } },
      filters: [{ property: 'total', type: 'number', operator: 'at_least', value: 50 }],
    },
    'People who did “Order Completed” (whose “total” is at least 50) at least twice today or in the 30 days before.',
    'Les personnes qui ont fait «\u202fOrder Completed\u202f» (dont «\u202ftotal\u202f» est au moins 50) au moins 2 fois aujourd’hui ou dans les 30 jours qui précèdent.',
  ],
  [
    'money',
    {
      kind: 'money',
      measure: 'sum',
      operator: 'more_than',
      value: 99.5,
      window: { last: { count: 90, unit: 'days' } },
    },
    'People whose spending today or in the 90 days before is more than €99.50.',
    'Les personnes dont le montant dépensé aujourd’hui ou dans les 90 jours qui précèdent est supérieur à 99,50\u00a0€.',
  ],
  [
    'a sequence',
    {
      kind: 'sequence',
      operator: 'not_followed',
      first: { event: 'track:Cart Viewed' },
      next: { event: 'track:Order Completed' },
      within: { count: 24, unit: 'hours' },
    },
    'People who did “Cart Viewed” and then did not do “Order Completed” within 24 hours.',
    'Les personnes qui ont fait «\u202fCart Viewed\u202f» puis n’ont pas fait «\u202fOrder Completed\u202f» dans les 24 heures.',
  ],
  [
    'messages',
    { kind: 'engagement', measure: 'opened', operator: 'equals', value: 0, channel: 'email' },
    'People whose number of messages opened by e-mail is 0.',
    'Les personnes dont le nombre de messages ouverts par e-mail est 0.',
  ],
  [
    'reachability',
    { kind: 'reachable', channel: 'sms', operator: 'is' },
    'People who can be reached by SMS.',
    'Les personnes qui sont joignables par SMS.',
  ],
])('CB-3.1 CS-003.2 %s reads as a sentence', (_, rule, en, fr) => {
  expect(say(rule)).toEqual({ en, fr })
})
