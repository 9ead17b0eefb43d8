/** The two readings of a rule, SQL and memory, find the same people: over generated rules and people, on PostgreSQL. */
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ContactId, OrgId, SegmentId } from '../../platform/ids.ts'
import { harness } from '../../testing/harness.ts'
import { readRule } from './bind.ts'
import { CONTACT_FIELDS } from './contact-fields.ts'
import { type CustomField, customField, customFieldKey } from './custom-fields.ts'
import type { Field } from './field.ts'
import type { Person } from './person.ts'
import type { Rule } from './rule.ts'
import { type Scope, scopeOf, type SegmentShape } from './scope.ts'

const ORG = '0197a000-0000-7000-8000-000000000001' as OrgId
const OTHER_ORG = '0197a000-0000-7000-8000-000000000002' as OrgId
const PEOPLE = 400
const RULES = 600

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

const person: fc.Arbitrary<Omit<Person, 'id' | 'email'>> = fc.record({
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
const { rule } = fc.letrec<{ rule: Rule }>((tie) => ({
  rule: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    { weight: 3, arbitrary: clause },
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

const scope = (timeZone: string): Scope =>
  scopeOf({
    now: new Date('2026-11-20T09:00:00.000Z'),
    timeZone,
    fields: FIELDS,
    segments: SEGMENTS,
    imports: new Map(IMPORTS.map((id) => [id, `${id}.csv`])),
  })

describe('readings of a rule', async () => {
  const h = await harness()
  const client = new pg.Client({ ...h.connection })
  const people: Person[] = fc.sample(person, { numRuns: PEOPLE, seed: 7 }).map((one, index) => ({
    ...one,
    id: String(index + 1) as ContactId,
    email: EMAILS[index] ?? (index % 3 === 0 ? null : `p${index}@example.com`),
  }))

  beforeAll(async () => {
    await client.connect()
    for (const one of people) await insertPerson(client, ORG, one)
    // The same people exist elsewhere; no rule may ever reach them.
    for (const one of people.slice(0, 20))
      await insertPerson(client, OTHER_ORG, { ...one, id: String(Number(one.id) + PEOPLE) as ContactId })
  })
  afterAll(() => client.end())

  const found = async (subject: Rule, where: Scope, slice = false): Promise<string[]> => {
    const reading = readRule(subject, where)
    if (reading.kind === 'refused') throw new Error(JSON.stringify(reading.problems))
    const place = {
      alias: 'c',
      orgIdParam: '$1',
      firstParam: slice ? 4 : 2,
      ...(slice ? { slice: { afterParam: '$2', upToParam: '$3' } } : {}),
    }
    const { text: predicate, values } = reading.value.toSql(place)
    const bounds = slice ? ' and c.id > $2 and c.id <= $3' : ''
    const result = await client.query<{ id: string }>(
      `select c.id::text from contact c where c.org_id = $1${bounds} and (${predicate}) order by c.id`,
      [ORG, ...(slice ? [50, 150] : []), ...values],
    )
    return result.rows.map(({ id }) => id)
  }
  const remembered = (subject: Rule, where: Scope): string[] => {
    const reading = readRule(subject, where)
    if (reading.kind === 'refused') throw new Error(JSON.stringify(reading.problems))
    return people.filter((one) => reading.value.matches(one)).map(({ id }) => id)
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
  }, 120_000)

  test('CB-3.3 a slice finds exactly its part of the people', async () => {
    await fc.assert(
      fc.asyncProperty(rule, async (subject) => {
        const where = scope('Europe/Paris')
        expect(await found(subject, where, true)).toEqual(
          remembered(subject, where).filter((id) => Number(id) > 50 && Number(id) <= 150),
        )
      }),
      { numRuns: 60, seed: 3 },
    )
  }, 60_000)

  test('CB-3.3 a rule and its denial divide the people without rest, unknown values included', async () => {
    await fc.assert(
      fc.asyncProperty(rule, async (subject) => {
        const where = scope('Europe/Paris')
        const ids = [...(await found(subject, where)), ...(await found({ not: subject }, where))]
        expect(ids.toSorted((a, b) => Number(a) - Number(b))).toEqual(people.map(({ id }) => id))
      }),
      { numRuns: 100, seed: 5 },
    )
  }, 60_000)

  test('MA-2.1 wildcards and quotes in values are ordinary letters', async () => {
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

async function insertPerson(client: pg.Client, orgId: OrgId, one: Person): Promise<void> {
  await client.query(
    `insert into contact (org_id, id, email, phone, first_name, last_name, language, time_zone, country, city, birthday,
       subscription_tier, subscription_status, tags, attributes, source, import_id, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
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
    ],
  )
  for (const segmentId of one.segmentIds)
    await client.query(
      'insert into segment_member (org_id, segment_id, contact_id, added_at, added_by) values ($1, $2, $3, $4, $5)',
      [orgId, segmentId, one.id, one.createdAt, 'test'],
    )
}
