/** The two readings of a rule, SQL and memory, find the same people: over generated rules and people, on PostgreSQL. */
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ConsentState, SEND_CHANNELS, whyUnreachable } from '../../consent/index.ts'
import type { CampaignId, ContactId, OrgId, RunId, SegmentId } from '../../platform/ids.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { harness } from '../../testing/harness.ts'
import { needsOf, peopleFor } from '../service/person.ts'
import { CONTACT_FIELDS } from './contact-fields.ts'
import { type CustomField, customField, customFieldKey } from './custom-fields.ts'
import type { Field } from './field.ts'
import { clauseKinds } from './clauses/index.ts'
import { filterOperators } from './event-filters.ts'
import { NOBODY, type Person, type ProfileFigures } from './person.ts'
import type { Rule } from './rule.ts'
import { type Scope, scopeOf, type SegmentShape } from './scope.ts'
import { type Reading, readRule } from './bind.ts'

const ORG = '0197a000-0000-7000-8000-000000000001' as OrgId
const OTHER_ORG = '0197a000-0000-7000-8000-000000000002' as OrgId
const PEOPLE = 400
const RULES = 1_000
/** How much later answers are compared: windows are some days long, anniversaries a year apart. */
const HOURS_LATER = fc.oneof(fc.nat({ max: 400 * 24 }), fc.nat({ max: 40 * 24 }))
/** A handful named by id. */
const SOME = Array.from({ length: 40 }, (_, index) => String(index * 9 + 1))

/** Texts that differ by case, accent, script, wildcard, quote and length. */
const TEXTS = [
  '',
  'a',
  'A',
  'Éric',
  'éric',
  'eric',
  'ÉRIC',
  'ΟΔΟΣ',
  'οδος',
  'οδοσ',
  'İstanbul',
  'istanbul',
  'ISTANBUL',
  'ß',
  'SS',
  'Жук',
  'жук',
  '100%',
  '100_',
  '100x',
  '%',
  '_',
  '\\',
  "O'Brien",
  "o'brien'; drop table contact; --",
  '$1',
  'a\nb',
  'vip',
  'VIP',
  'ﬁ',
  '你好',
  '👩‍👩‍👧',
  'e\u0301ric',
  'Ǆ',
  'ǅ',
  'ǆ',
]
const COUNTRIES = ['FR', 'BE', 'US']
const LANGUAGES = ['fr', 'fr-CA', 'en', 'pt-BR', 'pt']
const ZONES = ['Europe/Paris', 'America/New_York', 'Pacific/Apia']
const EMAILS = [
  'ann@example.com',
  'bob@example.org',
  'zoé@exemple.fr',
  'a_b@example.com',
  'a%b@sub.example.com',
]
/** Imports, and when each began: whom one brought came at that instant. */
const importedAt = (id: string): Date => new Date(Date.UTC(2026, 9, 10 + IMPORTS.indexOf(id), 9))
const IMPORTS = ['0197a000-0000-7000-8000-0000000000a1', '0197a000-0000-7000-8000-0000000000a2']
const STATIC = ['0197a000-0000-7000-8000-0000000000b1', '0197a000-0000-7000-8000-0000000000b2'] as SegmentId[]
const DYNAMIC = [
  '0197a000-0000-7000-8000-0000000000c1',
  '0197a000-0000-7000-8000-0000000000c2',
] as SegmentId[]
const CUSTOM: CustomField[] = [
  { key: 'note', name: 'Note', type: 'text', choices: [] },
  { key: 'score', name: 'Score', type: 'number', choices: [] },
  { key: 'renews_on', name: 'Renews', type: 'date', choices: [] },
  { key: 'is_vip', name: 'VIP', type: 'boolean', choices: [] },
  { key: 'plan', name: 'Plan', type: 'choice', choices: ['free', 'pro', 'Pro'] },
  { key: 'likes', name: 'Likes', type: 'list', choices: ['a', 'b', 'c'] },
]

/** What people do: few types and names, so that filters and sequences sometimes hold. */
const EVENTS = ['track:Viewed', 'track:Cart', 'track:Order Completed', 'page'] as const
const PURCHASES = ['track:Order Completed', 'track:Shop Order']
const REFUNDS = ['track:Order Refunded']
const NOW = new Date('2026-11-20T09:00:00.000Z')
const HOUR_MS = 3_600_000
const CAMPAIGNS = [
  '0197a000-0000-7000-8000-0000000000d1',
  '0197a000-0000-7000-8000-0000000000d2',
] as CampaignId[]
const RUNS = ['0197a000-0000-7000-8000-0000000000e1', '0197a000-0000-7000-8000-0000000000e2'] as RunId[]
const CHANNELS = ['email', 'sms'] as const

const text = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...TEXTS) },
  {
    weight: 1,
    arbitrary: fc.string({ unit: fc.constantFrom(...'a À é É ï σ Σ ς ж Ж % _ \\'.split(' ')), maxLength: 6 }),
  },
)
const filledText = text.filter((value) => value !== '')
const number = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, 0.1, 0.2, 0.30000000000000004, 1e21, 1e-7, 700),
  fc.integer({ min: -5, max: 5 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
)
const day = fc.oneof(
  fc.constantFrom(
    '2024-02-29',
    '2025-02-28',
    '2026-02-28',
    '2026-11-20',
    '2026-11-19',
    '2026-11-21',
    '1990-11-20',
    '2025-11-20',
    '2026-11-01',
    '2026-12-01',
    '1999-12-31',
    '2000-01-01',
  ),
  fc
    .date({ min: new Date('1990-01-01'), max: new Date('2027-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
)
const instant = fc.oneof(
  fc.constantFrom(
    ...[
      '2026-11-19T22:59:59.999Z',
      '2026-11-19T23:00:00.000Z',
      '2026-11-20T09:00:00.000Z',
      '2026-10-25T00:30:00.000Z',
      '2026-03-29T01:00:00.000Z',
      '2025-11-20T12:00:00.000Z',
    ].map((iso) => new Date(iso)),
  ),
  fc.date({ min: new Date('2024-01-01'), max: new Date('2026-12-31'), noInvalidDate: true }),
)
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { freq: 4 })

/** Attributes of every type, some of them of the wrong one, as an older definition may have left them. */
const attributes = fc.dictionary(
  fc.constantFrom(...CUSTOM.map(({ key }) => key)),
  fc.oneof(
    text,
    number,
    day,
    fc.boolean(),
    fc.subarray(['a', 'b', 'c', 'A']),
    fc.constantFrom('pro', 'Pro', 'free'),
    fc.constant(null),
    fc.constant({ a: 1 }),
    fc.constantFrom('2026-02-30', '20261120', 'not a day'),
  ),
)

/** Instants around the edges that rules speak of: hours and days ago, and midnights in Paris. */
const eventInstant = fc.oneof(
  fc.integer({ min: 0, max: 100 }).map((hours) => new Date(NOW.getTime() - hours * HOUR_MS)),
  fc
    .tuple(fc.integer({ min: 0, max: 70 }), fc.constantFrom(-1, 0, 1))
    .map(([days, ms]) => new Date(Date.parse('2026-11-19T23:00:00.000Z') - days * 24 * HOUR_MS + ms)),
)
const properties = fc.dictionary(
  fc.constantFrom('name', 'price', 'gift', 'on', 'sizes', 'item'),
  fc.oneof(
    fc.constantFrom('shoe', 'Shoe', 'hat', '', '100%'),
    fc.integer({ min: 0, max: 5 }),
    fc.boolean(),
    fc.constantFrom('2026-11-20T08:00:00Z', '2026-11-19', 'soon'),
    fc.subarray(['s', 'm', 'l']),
    fc.constant({ name: 'shoe', price: 3 }),
    fc.constant(null),
  ),
)
const money = fc.option(
  fc.record({
    amountMinor: fc.constantFrom(0, 1, 999, 1000, 1250, 5000, 333),
    currency: fc.constantFrom('EUR', 'EUR', 'EUR', 'USD'),
  }),
)
const event = fc.oneof(
  fc.record({
    type: fc.constantFrom(...EVENTS, ...PURCHASES, ...REFUNDS),
    at: eventInstant,
    campaignId: fc.constant(null),
    payload: fc.record({ properties }),
    money,
  }),
  fc.record({
    type: fc.constant('message.clicked'),
    at: eventInstant,
    campaignId: fc.constantFrom(...CAMPAIGNS),
    payload: fc.record({ machine: fc.boolean() }),
    money: fc.constant(null),
  }),
)
const count = fc.integer({ min: 0, max: 3 })
const amount = fc.constantFrom(0, 999, 1000, 1250, 5000, -200)
const profile: fc.Arbitrary<ProfileFigures> = fc.record({
  orders: count,
  revenueMinor: amount,
  averageOrderMinor: maybe(amount),
  lastOrderMinor: maybe(amount),
  lifetimeValueMinor: amount,
  firstOrderAt: maybe(eventInstant),
  lastOrderAt: maybe(eventInstant),
  firstActivityAt: maybe(eventInstant),
  lastActivityAt: maybe(eventInstant),
  engagementScore: fc.integer({ min: 0, max: 100 }),
  rfmRecency: maybe(fc.integer({ min: 1, max: 5 })),
  rfmFrequency: maybe(fc.integer({ min: 1, max: 5 })),
  rfmMonetary: maybe(fc.integer({ min: 1, max: 5 })),
  rfmClass: maybe(fc.constantFrom('champions', 'lost')),
  spendingLevel: maybe(fc.constantFrom('low', 'medium', 'high')),
})
const engagement = fc.uniqueArray(
  fc.record({
    channel: fc.constantFrom(...CHANNELS),
    received: count,
    opened: count,
    clicked: count,
    converted: count,
    lastReceivedAt: maybe(eventInstant),
    lastOpenedAt: maybe(eventInstant),
    lastClickedAt: maybe(eventInstant),
  }),
  { selector: ({ channel }) => channel, maxLength: 2 },
)
const expiry = maybe(fc.constantFrom(NOW, new Date(NOW.getTime() + 1), new Date(NOW.getTime() - 1)))
const preferences = fc.uniqueArray(
  fc.record({
    channel: fc.constantFrom(...CHANNELS, 'in_app', 'all'),
    purpose: fc.constantFrom('marketing', 'marketing', 'tracking_open'),
    state: fc.constantFrom('granted', 'granted', 'granted', 'denied', 'withdrawn', 'expired', 'pending'),
    expiresAt: expiry,
  }),
  { selector: ({ channel, purpose }) => `${channel}:${purpose}`, maxLength: 4 },
)
const campaigns = fc
  .uniqueArray(
    fc.tuple(
      fc.constantFrom(...CAMPAIGNS),
      fc.record({
        received: fc.boolean(),
        opened: fc.boolean(),
        clicked: fc.boolean(),
        replied: fc.boolean(),
      }),
    ),
    { selector: ([id]) => id, maxLength: 2 },
  )
  .map((entries) => new Map(entries))

const person: fc.Arbitrary<Omit<Person, 'id' | 'email' | 'reachable' | 'suppressionEnds'>> = fc.record({
  phone: maybe(fc.constantFrom('+33612345678', '+33698765432', '+12025550123')),
  firstName: maybe(text),
  lastName: maybe(text),
  language: maybe(fc.constantFrom(...LANGUAGES)),
  timeZone: maybe(fc.constantFrom(...ZONES)),
  country: maybe(fc.constantFrom(...COUNTRIES)),
  city: maybe(text),
  birthday: maybe(day),
  subscriptionTier: maybe(fc.constantFrom('gold', 'Gold', 'silver', '')),
  subscriptionStatus: maybe(fc.constantFrom('active', 'ACTIVE', 'cancelled')),
  tags: fc.subarray(['vip', 'VIP', 'new', '100%', "o'b"]),
  attributes,
  source: fc.constantFrom('api', 'import', 'hand'),
  importId: maybe(fc.constantFrom(...IMPORTS)),
  createdAt: instant,
  updatedAt: instant,
  segmentIds: fc.subarray(STATIC).map((ids) => new Set(ids)),
  events: fc.array(event, { maxLength: 6 }).map((events) =>
    events
      .map(({ money: paid, payload, ...rest }, index) => ({
        ...rest,
        seq: index,
        payload: { ...payload, ...(paid === null ? {} : { money: paid }) },
      }))
      .toSorted((a, b) => a.at.getTime() - b.at.getTime()),
  ),
  profile: fc.option(profile, { freq: 3 }),
  engagement,
  campaigns,
  preferences,
})

const FIELDS: ReadonlyMap<string, Field> = new Map(
  [...CONTACT_FIELDS, ...CUSTOM.map(customField)].map((field) => [field.key, field]),
)

/** Values that a field's own contacts have, so that equalities sometimes hold. */
const valuesOf = (field: string): fc.Arbitrary<string> => {
  if (field === 'country') return fc.constantFrom(...COUNTRIES)
  if (field === 'language') return fc.constantFrom(...LANGUAGES)
  if (field === 'time_zone') return fc.constantFrom(...ZONES)
  if (field === 'email') return fc.constantFrom(...EMAILS, 'ANN@EXAMPLE.COM', '@example', '%', '_')
  if (field === 'email_domain') return fc.constantFrom('example.com', 'Example.org', 'exemple', '.')
  if (field === 'phone') return fc.constantFrom('+33', '+33612345678', '678')
  if (field === 'subscription_tier') return fc.constantFrom('gold', 'GOLD', 'bronze')
  if (field === 'subscription_status') return fc.constantFrom('active', 'cancelled')
  if (field === 'tags') return fc.constantFrom('vip', 'VIP', '100%', "o'b", 'none')
  if (field === customFieldKey('plan')) return fc.constantFrom('free', 'pro', 'Pro')
  if (field === customFieldKey('likes')) return fc.constantFrom('a', 'b', 'c', 'A')
  return filledText
}

const valueFor = (field: string, operator: string, input: string): fc.Arbitrary<unknown> => {
  switch (input) {
    case 'none':
      return fc.constant(undefined)
    case 'text':
      return valuesOf(field)
    case 'number':
      return number
    case 'number_range':
      return fc.tuple(number, number).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }))
    case 'day':
      return day
    case 'day_range':
      return fc.tuple(day, day).map(([a, b]) => (a < b ? { from: a, to: b } : { from: b, to: a }))
    case 'days':
      return operator === 'anniversary_in_next_days'
        ? fc.integer({ min: 0, max: 365 })
        : fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 4000 }))
    default:
      return fc.array(valuesOf(field), { minLength: 1, maxLength: 4 })
  }
}

/** Every operator of every field is as likely as every other. */
const contactClauses: fc.Arbitrary<Rule>[] = [...FIELDS.values()].flatMap((field) =>
  field.operators.map(({ name, input }) =>
    valueFor(field.key, name, input).map(
      (value) =>
        ({
          kind: 'contact',
          field: field.key,
          operator: name,
          ...(value === undefined ? {} : { value }),
        }) as Rule,
    ),
  ),
)
const clause: fc.Arbitrary<Rule> = fc.oneof(
  { weight: 20, arbitrary: fc.oneof(...contactClauses) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('segment' as const),
      operator: fc.constantFrom('in_any' as const, 'in_all' as const, 'in_none' as const),
      value: fc.subarray([...STATIC, ...DYNAMIC], { minLength: 1 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('import' as const),
      operator: fc.constantFrom('one_of' as const, 'none_of' as const),
      value: fc.subarray(IMPORTS, { minLength: 1 }),
    }) as fc.Arbitrary<Rule>,
  },
)
const span = fc.oneof(
  fc.record({ unit: fc.constant('hours' as const), count: fc.integer({ min: 1, max: 60 }) }),
  fc.record({ unit: fc.constant('days' as const), count: fc.integer({ min: 1, max: 40 }) }),
)
const window = fc.option(
  fc.oneof(
    span.map((last) => ({ last })),
    span.map((before) => ({ before })),
    fc
      .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }))
      .map(([a, b]) => ({ betweenDaysAgo: { from: Math.max(a, b), to: Math.min(a, b) } })),
    fc
      .tuple(fc.constantFrom('2026-10-20', '2026-11-18'), fc.constantFrom('2026-11-19', '2026-11-20'))
      .map(([from, to]) => ({ from, to })),
    fc.constantFrom({ from: '2026-11-19' }, { to: '2026-11-19' }),
  ),
  { nil: undefined },
)
const filterValue = (type: string, input: string): fc.Arbitrary<unknown> => {
  if (input === 'none') return fc.constant(undefined)
  if (input === 'text') return fc.constantFrom('shoe', 'SHOE', 'h', '*o*', '?at', '%')
  if (input === 'number') return fc.integer({ min: 0, max: 5 })
  if (input === 'number_range') return fc.constantFrom({ from: 1, to: 3 }, { from: 0, to: 0 })
  if (input === 'day') return fc.constantFrom('2026-11-19', '2026-11-20')
  if (input === 'day_range') return fc.constant({ from: '2026-11-19', to: '2026-11-20' })
  if (input === 'days') return fc.integer({ min: 0, max: 3 })
  return type === 'list' ? fc.subarray(['s', 'm', 'l'], { minLength: 1 }) : fc.constant(['shoe', 'hat'])
}
const filter = fc.oneof(
  ...Object.entries(filterOperators()).flatMap(([type, operators]) =>
    operators.map(({ name, input }) =>
      fc
        .tuple(
          fc.constantFrom('name', 'price', 'gift', 'on', 'sizes', 'item.name', 'item.price', 'sizes.0'),
          filterValue(type, input),
        )
        .map(([property, value]) => ({
          property,
          type,
          operator: name,
          ...(value === undefined ? {} : { value }),
        })),
    ),
  ),
)
const filters = fc.option(fc.array(filter, { maxLength: 2 }), { nil: undefined, freq: 3 })
const happening = fc.record({ event: fc.constantFrom(...EVENTS), filters })
const times = fc.option(
  fc.oneof(
    fc.integer({ min: 0, max: 3 }).map((at_least) => ({ at_least })),
    fc.integer({ min: 0, max: 3 }).map((at_most) => ({ at_most })),
    fc.integer({ min: 0, max: 3 }).map((exactly) => ({ exactly })),
  ),
  { nil: undefined },
)
/** A clause over a term of the vocabulary, whatever its operators take. */
const termClauses = (
  kind: 'money' | 'profile' | 'engagement',
  property: string,
  more: Record<string, fc.Arbitrary<unknown>>,
): fc.Arbitrary<unknown>[] =>
  clauseKinds
    .flatMap((each) => each.terms({ fields: FIELDS, imports: [], events: [], hasCampaigns: true }))
    .filter((term) => term.kind === kind)
    .flatMap((term) =>
      term.operators.map(({ name, input }) =>
        fc.record({
          kind: fc.constant(kind),
          [property]: fc.constant(term.field),
          operator: fc.constant(name),
          value:
            input === 'number'
              ? fc.constantFrom(0, 1, 2, 3, 9.99, 10, 12.5, 50)
              : input === 'number_range'
                ? fc.constantFrom({ from: 0, to: 2 }, { from: 9, to: 20 })
                : input === 'options'
                  ? fc.constantFrom(['low', 'champions'], ['high'], ['lost'])
                  : valueFor('first_name', name, input),
          ...more,
        }),
      ),
    )
/** What people did, and in which order. */
const deeds: fc.Arbitrary<unknown> = fc.oneof(
  fc
    .record({
      kind: fc.constant('event'),
      event: fc.constantFrom(...EVENTS),
      operator: fc.constantFrom('did', 'did', 'did_not', 'first', 'last'),
      count: times,
      window,
      filters,
    })
    .map((clause) => (clause.operator === 'did' ? clause : { ...clause, count: undefined })),
  fc.record({
    kind: fc.constant('sequence'),
    operator: fc.constantFrom('followed', 'not_followed'),
    first: happening,
    next: happening,
    within: span,
    window,
  }),
)
const behaviour: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 2, arbitrary: deeds },
  fc.oneof(...termClauses('money', 'measure', { window })),
  fc.oneof(...termClauses('profile', 'figure', {})),
  fc.oneof(
    ...termClauses('engagement', 'measure', {
      channel: fc.constantFrom(undefined, ...CHANNELS),
    }),
  ),
  fc.record({
    kind: fc.constant('campaign'),
    operator: fc.constantFrom(
      ...['received', 'opened', 'clicked', 'replied', 'converted'].flatMap((deed) => [deed, `not_${deed}`]),
    ),
    value: fc.subarray(CAMPAIGNS, { minLength: 1 }),
  }),
  fc.record({
    kind: fc.constant('consent'),
    channel: fc.constantFrom(...CHANNELS, 'all'),
    operator: fc.constantFrom('one_of', 'none_of'),
    value: fc.subarray(['granted', 'denied', 'withdrawn', 'expired', 'pending', 'unknown'], { minLength: 1 }),
    purpose: fc.constantFrom(undefined, 'marketing', 'tracking_open'),
  }),
  fc.record({
    kind: fc.constant('reachable'),
    channel: fc.constantFrom(...SEND_CHANNELS),
    operator: fc.constantFrom('is', 'is_not'),
    purpose: fc.constantFrom(undefined, 'transactional'),
  }),
  fc.record({
    kind: fc.constant('random'),
    operator: fc.constantFrom('in_share', 'not_in_share'),
    value: fc.constantFrom(0.01, 10, 33.33, 50, 100),
    seed: fc.constantFrom(undefined, 'a', 'b'),
  }),
)
const conditions: fc.Arbitrary<Rule> = fc.oneof(
  { weight: 1, arbitrary: clause },
  { weight: 1, arbitrary: behaviour as fc.Arbitrary<Rule> },
)
const { rule } = fc.letrec<{ rule: Rule }>((tie) => ({
  rule: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    { weight: 3, arbitrary: conditions },
    { weight: 1, arbitrary: fc.array(tie('rule'), { minLength: 1, maxLength: 4 }).map((all) => ({ all })) },
    { weight: 1, arbitrary: fc.array(tie('rule'), { minLength: 1, maxLength: 4 }).map((any) => ({ any })) },
    { weight: 1, arbitrary: tie('rule').map((not) => ({ not })) },
  ),
}))

const SEGMENTS: ReadonlyMap<SegmentId, SegmentShape> = new Map<SegmentId, SegmentShape>([
  ...STATIC.map((id) => [id, { name: 'List', kind: 'static' as const }] as const),
  [
    DYNAMIC[0] as SegmentId,
    {
      name: 'French',
      kind: 'dynamic',
      rule: { kind: 'contact', field: 'country', operator: 'one_of', value: ['FR'] },
    },
  ],
  [
    DYNAMIC[1] as SegmentId,
    {
      name: 'Not French',
      kind: 'dynamic',
      rule: {
        all: [
          { not: { kind: 'segment', operator: 'in_any', value: [DYNAMIC[0] as SegmentId] } },
          { kind: 'contact', field: 'custom.score', operator: 'not_equals', value: 1 },
        ],
      },
    },
  ],
])

const scope = (timeZone: string, now = NOW): Scope =>
  scopeOf({
    now,
    timeZone,
    currency: 'EUR',
    money: { purchase: PURCHASES, refund: REFUNDS },
    campaigns: new Map(
      CAMPAIGNS.map((id, index) => [id, { name: `Campaign ${index}`, runIds: RUNS.slice(index, index + 1) }]),
    ),
    fields: FIELDS,
    segments: SEGMENTS,
    imports: new Map(IMPORTS.map((id) => [id, `${id}.csv`])),
  })

describe('readings of a rule', async () => {
  const h = await harness()
  const client = new pg.Client({ ...h.connection })
  const drawn = fc.sample(person, { numRuns: PEOPLE, seed: 7 }).map((one, index) => ({
    ...one,
    id: String(index + 1) as ContactId,
    createdAt: one.importId === null ? one.createdAt : importedAt(one.importId),
    email: EMAILS[index] ?? (index % 3 === 0 ? null : `p${index}@example.com`),
  }))
  const people: Person[] = []

  beforeAll(async () => {
    await client.connect()
    // As every statement over people runs here: see queries/people.ts.
    await client.query('set enable_nestloop = off')
    for (const id of IMPORTS)
      await client.query(
        `insert into contact_import (org_id, id, file_name, file_bytes, encoding, separator, has_header, columns, state,
           created_by, created_at, updated_at, started_at)
         values ($1, $2, 'people.csv', 1, 'utf-8', ',', true, '[]', 'completed', 'test', $3, $3, $3)`,
        [ORG, id, importedAt(id)],
      )
    for (const one of drawn) {
      const known = { ...one, suppressionEnds: NOBODY.suppressionEnds, reachable: reachableOf(one, NOW) }
      people.push(known)
      await insertPerson(client, ORG, known)
    }
    // The same people exist elsewhere; no rule may ever reach them.
    for (const one of people.slice(0, 20))
      await insertPerson(client, OTHER_ORG, { ...one, id: String(Number(one.id) + PEOPLE) as ContactId })
  })
  afterAll(() => client.end())

  const found = async (subject: Rule, where: Scope, within?: 'slice' | 'ids'): Promise<string[]> => {
    const reading = readRule(subject, where)
    if (reading.kind === 'refused') throw new Error(JSON.stringify(reading.problems))
    const place = {
      alias: 'c',
      orgIdParam: '$1',
      firstParam: within === 'slice' ? 4 : within === 'ids' ? 3 : 2,
      ...(within === 'slice' ? { slice: { afterParam: '$2', upToParam: '$3' } } : {}),
      ...(within === 'ids' ? { idsParam: '$2' } : {}),
    }
    const { text: predicate, values } = reading.value.toSql(place)
    const bounds =
      within === 'slice'
        ? ' and c.id > $2 and c.id <= $3'
        : within === 'ids'
          ? ' and c.id = any($2::bigint[])'
          : ''
    const named = within === 'slice' ? [50, 150] : within === 'ids' ? [SOME] : []
    const result = await client.query<{ id: string }>(
      `select c.id::text from contact c where c.org_id = $1${bounds} and (${predicate}) order by c.id`,
      [ORG, ...named, ...values],
    )
    return result.rows.map(({ id }) => id)
  }
  const read = (subject: Rule, where: Scope): Reading => {
    const reading = readRule(subject, where)
    if (reading.kind === 'refused') throw new Error(JSON.stringify(reading.problems))
    return reading.value
  }
  const remembered = (subject: Rule, where: Scope): string[] => {
    const reading = read(subject, where)
    return people.filter((one) => reading.matches(one)).map(({ id }) => id)
  }
  /** The people as live membership reads them for a rule: no more than the rule asks for. */
  const loaded = async (subject: Rule, where: Scope): Promise<Person[]> => {
    const needs = needsOf(subject, read(subject, where), where)
    const found = await inTransaction(h.platform.systemCtx(ORG), (ctx) =>
      peopleFor(ctx, new Map(people.map(({ id }) => [id, [needs]]))),
    )
    expect(found.busy).toEqual([])
    return people.flatMap(({ id }) => found.people.get(id) ?? [])
  }
  const flippingAt = async (reading: Reading): Promise<Map<string, number>> => {
    const flips = reading.flipsSql({ alias: 'c', orgIdParam: '$1', firstParam: 2 })
    if (flips === null) return new Map()
    const result = await client.query<{ id: string; at: Date }>(
      `select id, at from (select c.id::text, ${flips.text} as at from contact c ${flips.joins} where c.org_id = $1) f where at is not null`,
      [ORG, ...flips.values],
    )
    return new Map(result.rows.map(({ id, at }) => [id, at.getTime()]))
  }

  test('CB-3.3 MA-2.1 SQL and memory agree on every generated rule', async () => {
    let matching = 0
    await fc.assert(
      fc.asyncProperty(
        rule,
        fc.constantFrom('Europe/Paris', 'America/New_York', 'Pacific/Apia', 'UTC'),
        async (subject, timeZone) => {
          const where = scope(timeZone)
          const ids = await found(subject, where)
          expect(ids).toEqual(remembered(subject, where))
          if (ids.length > 0 && ids.length < PEOPLE) matching++
        },
      ),
      { numRuns: RULES, seed: 20_261_120 },
    )
    // A test whose rules match nobody or everybody would prove little.
    expect(matching).toBeGreaterThan(RULES / 3)
  })

  test('CB-3.2 CB-3.3 live membership reads of people what a rule asks for, and answers as SQL does', async () => {
    await fc.assert(
      fc.asyncProperty(
        rule,
        fc.constantFrom('Europe/Paris', 'America/New_York'),
        async (subject, timeZone) => {
          const where = scope(timeZone)
          const reading = read(subject, where)
          const matching = (await loaded(subject, where)).filter((one) => reading.matches(one))
          expect(matching.map(({ id }) => id)).toEqual(await found(subject, where))
        },
      ),
      { numRuns: 250, seed: 20_261_129 },
    )
  })

  test('CB-3.2 until the instant at which a rule says that it flips, time changes no answer', async () => {
    let changed = 0
    await fc.assert(
      fc.asyncProperty(fc.oneof(rule, deeds as fc.Arbitrary<Rule>), HOURS_LATER, async (subject, hours) => {
        const where = scope('Europe/Paris')
        const reading = read(subject, where)
        const later = new Date(NOW.getTime() + hours * HOUR_MS)
        const then = read(subject, scope('Europe/Paris', later))
        const inDatabase = await flippingAt(reading)
        for (const one of people) {
          const flipsAt = reading.flipsAt(one)
          // The database may look too often, and never too late.
          expect(inDatabase.get(one.id) ?? Infinity).toBeLessThanOrEqual(flipsAt)
          const isChanged =
            then.matches({ ...one, reachable: reachableOf(one, later) }) !== reading.matches(one)
          expect(!isChanged || flipsAt <= later.getTime()).toBe(true)
          if (isChanged) changed++
        }
      }),
      { numRuns: 400, seed: 20_261_130 },
    )
    expect(changed).toBeGreaterThan(1_000)
  })

  test('CB-3.2 whoever is left alone after an event is where the rule says, and is looked at in time', () => {
    const spared = { none: 0, yes: 0, no: 0, either: 0 }
    fc.assert(
      fc.property(fc.oneof(rule, deeds as fc.Arbitrary<Rule>), (subject) => {
        const reading = read(subject, scope('Europe/Paris'))
        const wrong: unknown[] = []
        for (const one of people)
          for (const happened of one.events) {
            const before = { ...one, events: one.events.filter((event) => event !== happened) }
            const effect = reading.effectOf(happened)
            const was = reading.matches(before)
            if (effect === 'either' || (effect === 'yes' && !was) || (effect === 'no' && was)) continue
            spared[effect]++
            const noted = reading.flipsAt(before)
            const crosses = effect === 'none' ? Infinity : reading.flipsAt({ ...NOBODY, events: [happened] })
            const isLate = noted <= crosses && reading.flipsAt(one) < noted
            if (reading.matches(one) !== was || isLate) wrong.push({ id: one.id, happened })
          }
        expect(wrong).toEqual([])
      }),
      { numRuns: 800, seed: 20_261_131 },
    )
    expect(Math.min(spared.none, spared.yes, spared.no)).toBeGreaterThan(1_000)
  })

  test('CB-3.3 a slice, or a handful named by id, finds exactly its part of the people', async () => {
    await fc.assert(
      fc.asyncProperty(rule, async (subject) => {
        const where = scope('Europe/Paris')
        const ids = remembered(subject, where)
        expect(await found(subject, where, 'slice')).toEqual(
          ids.filter((id) => Number(id) > 50 && Number(id) <= 150),
        )
        expect(await found(subject, where, 'ids')).toEqual(ids.filter((id) => SOME.includes(id)))
      }),
      { numRuns: 60, seed: 3 },
    )
  })

  test('CB-3.3 a rule and its denial divide the people without rest, unknown values included', async () => {
    await fc.assert(
      fc.asyncProperty(rule, async (subject) => {
        const where = scope('Europe/Paris')
        const ids = [...(await found(subject, where)), ...(await found({ not: subject }, where))]
        expect(ids.toSorted((a, b) => Number(a) - Number(b))).toEqual(people.map(({ id }) => id))
      }),
      { numRuns: 100, seed: 5 },
    )
  })

  test('wildcards and quotes in values are ordinary letters', async () => {
    const where = scope('UTC')
    const contains = (value: string): Rule => ({
      kind: 'contact',
      field: 'first_name',
      operator: 'contains',
      value,
    })
    for (const value of ['%', '_', '\\', "'", '$1', "'; drop table contact; --", '" or 1=1 --']) {
      const expected = people.filter((one) => one.firstName?.includes(value)).map(({ id }) => id)
      expect(await found(contains(value), where)).toEqual(expected)
    }
    expect(await found({ all: [] }, where)).toHaveLength(PEOPLE)
  })

  test('CB-3.3 every sentence is whole in both languages', () => {
    fc.assert(
      fc.property(rule, (subject) => {
        const reading = readRule(subject, scope('UTC'))
        if (reading.kind === 'refused') throw new Error(JSON.stringify(reading.problems))
        for (const locale of ['en', 'fr'] as const) {
          const sentence = reading.value.describe(locale)
          expect(sentence).toMatch(/\.$/)
          expect(sentence).not.toMatch(/undefined|\[object|\(\)|NaN/)
          expect(sentence.split('(').length).toBe(sentence.split(')').length)
        }
      }),
      { numRuns: 300, seed: 11 },
    )
  })
})

/** By the reading in memory of the room consent; every fifth address is suppressed. */
function reachableOf(one: Omit<Person, 'reachable' | 'suppressionEnds'>, now: Date): ReadonlySet<string> {
  const asked = SEND_CHANNELS.flatMap((channel) =>
    (['marketing', 'transactional'] as const).map((purpose) => ({ channel, purpose })),
  )
  const word = (channel: string) => {
    const found = one.preferences.find((each) => each.channel === channel && each.purpose === 'marketing')
    return found ? { state: found.state as ConsentState, expiresAt: found.expiresAt } : null
  }
  return new Set(
    asked
      .filter(
        ({ channel, purpose }) =>
          whyUnreachable(
            {
              hasAddress: !hasAddress(channel) || (channel === 'email' ? one.email : one.phone) !== null,
              isAsked: channel !== 'webhook',
              suppression:
                isSuppressed(one) && hasAddress(channel)
                  ? { reason: 'hard', scope: 'all', expiresAt: null }
                  : null,
              own: word(channel),
              everywhere: word('all'),
            },
            purpose,
            now,
          ) === null,
      )
      .map(({ channel, purpose }) => `${channel}:${purpose}`),
  )
}

const hasAddress = (channel: string): boolean => channel !== 'in_app' && channel !== 'webhook'
const isSuppressed = ({ id }: Pick<Person, 'id'>): boolean => Number(id) % 5 === 0

/** Everything about a person beyond the contact itself. */
async function insertDeeds(client: pg.Client, orgId: OrgId, one: Person): Promise<void> {
  for (const { type, at, campaignId, payload, seq } of one.events)
    await client.query(
      `insert into event (org_id, seq, recorded_at, at, type, contact_id, campaign_id, payload)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [orgId, Number(one.id) * 100 + Number(seq), NOW, at, type, one.id, campaignId, JSON.stringify(payload)],
    )
  const { profile: figures } = one
  if (figures !== null)
    await client.query(
      `insert into contact_profile (org_id, contact_id, orders, revenue_minor, average_order_minor, last_order_minor, lifetime_value_minor,
         first_order_at, last_order_at, first_activity_at, last_activity_at, engagement_score, rfm_recency, rfm_frequency, rfm_monetary,
         rfm_class, spending_level, figured_on, updated_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
      [
        orgId,
        one.id,
        figures.orders,
        figures.revenueMinor,
        figures.averageOrderMinor,
        figures.lastOrderMinor,
        figures.lifetimeValueMinor,
        figures.firstOrderAt,
        figures.lastOrderAt,
        figures.firstActivityAt,
        figures.lastActivityAt,
        figures.engagementScore,
        figures.rfmRecency,
        figures.rfmFrequency,
        figures.rfmMonetary,
        figures.rfmClass,
        figures.spendingLevel,
        '2026-11-20',
        NOW,
      ],
    )
  for (const each of one.engagement) {
    await client.query(
      `insert into contact_engagement (org_id, contact_id, channel, opened, clicked, converted, last_opened_at, last_clicked_at, updated_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        orgId,
        one.id,
        each.channel,
        each.opened,
        each.clicked,
        each.converted,
        each.lastOpenedAt,
        each.lastClickedAt,
        NOW,
      ],
    )
    await client.query(
      `insert into received_block as b (org_id, block, channel, contact_ids, received, last_received_at, updated_at)
       values ($1, received_block_of($2), $3, array[$2::bigint], array[$4::int], array[$5::timestamptz], $6)
       on conflict (org_id, block, channel) do update set contact_ids = b.contact_ids || excluded.contact_ids,
         received = b.received || excluded.received, last_received_at = b.last_received_at || excluded.last_received_at`,
      [orgId, one.id, each.channel, each.received, each.lastReceivedAt, NOW],
    )
  }
  for (const each of one.preferences)
    await client.query(
      `insert into preference (org_id, contact_id, channel, purpose, state, decided_at, expires_at, event_id)
       values ($1, $2, $3, $4, $5, $6, $7, 0)`,
      [orgId, one.id, each.channel, each.purpose, each.state, NOW, each.expiresAt],
    )
  for (const [campaignId, deeds] of one.campaigns) {
    const runId = RUNS[CAMPAIGNS.indexOf(campaignId)]
    await client.query(
      `insert into message (org_id, run_id, contact_id, channel, month, campaign_id, state, state_at)
       values ($1, $2, $3, 'email', '2026-11-01', $4, $5, $6)`,
      [orgId, runId, one.id, campaignId, deeds.received ? 'delivered' : 'skipped', NOW],
    )
    if (deeds.opened || deeds.clicked || deeds.replied)
      await client.query(
        `insert into engagement (org_id, run_id, contact_id, channel, campaign_id, variant, opened, machine_opened, clicked,
           machine_clicked, replied, unsubscribed, complained, updated_at)
         values ($1, $2, $3, 'email', $4, 0, $5, 3, $6, 3, $8, 0, 0, $7)`,
        [
          orgId,
          runId,
          one.id,
          campaignId,
          deeds.opened ? 2 : 0,
          deeds.clicked ? 1 : 0,
          NOW,
          deeds.replied ? 1 : 0,
        ],
      )
  }
  if (isSuppressed(one))
    for (const channel of ['email', 'sms'])
      await client.query(
        `insert into suppression (org_id, channel, address_hash, reason, source, created_at) values ($1, $2, $3, 'hard', 'test', $4)`,
        [orgId, channel, hashOf(one), NOW],
      )
}

const hashOf = ({ id }: Pick<Person, 'id'>): Buffer => Buffer.from(`hash ${id}`)

async function insertPerson(client: pg.Client, orgId: OrgId, one: Person): Promise<void> {
  await client.query(
    `insert into contact (org_id, id, email, phone, first_name, last_name, language, time_zone, country, city, birthday,
       subscription_tier, subscription_status, tags, attributes, source, import_id, created_at, updated_at, email_hash, phone_hash)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`,
    [
      orgId,
      one.id,
      one.email,
      one.phone,
      one.firstName,
      one.lastName,
      one.language,
      one.timeZone,
      one.country,
      one.city,
      one.birthday,
      one.subscriptionTier,
      one.subscriptionStatus,
      one.tags,
      JSON.stringify(one.attributes),
      one.source,
      one.importId,
      one.createdAt,
      one.updatedAt,
      one.email === null ? null : hashOf(one),
      one.phone === null ? null : hashOf(one),
    ],
  )
  await insertDeeds(client, orgId, one)
  for (const segmentId of one.segmentIds)
    await client.query(
      'insert into segment_member (org_id, segment_id, contact_id, added_at, added_by) values ($1, $2, $3, $4, $5)',
      [orgId, segmentId, one.id, one.createdAt, 'test'],
    )
}
