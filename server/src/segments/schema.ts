/** What this room takes and gives on the wire. */
import { z } from 'zod'
import { commaList, defineRoutes, instant, pageOf, pageQuery, wireId } from '../platform/wire.ts'
import { audienceSchema } from './audience.ts'
import { TERM_GROUPS } from './rules/clauses/define.ts'
import { PROPERTY_TYPES } from './rules/event-filters.ts'
import { CLAUSE_PARTS, VALUE_INPUTS } from './rules/operator.ts'
import { ruleSchema } from './rules/rule.ts'

export { audienceSchema, type Audience, type AudienceInput } from './audience.ts'
export { eventSchema } from './rules/event-match.ts'
export { ruleSchema, type Rule, type RuleInput } from './rules/rule.ts'

/** Longest name and description of a segment, in characters. */
export const NAME_LENGTH_MAX = 120
export const DESCRIPTION_LENGTH_MAX = 1_000
/** Most contacts or addresses given to a list in one call. */
export const MEMBERS_PER_CALL_MAX = 5_000
/** Most segments compared at once. */
export const COMPARED_MAX = 5
/** Days of a segment's past: shown unless asked otherwise, and kept. */
export const DAYS_SHOWN = 90
export const DAYS_MAX = 800

/** Where a segment is used: what cannot work without it. */
export const segmentUse = z.object({
  /** `segment`, `campaign`, … */
  kind: z.string(),
  /** Its id on the wire. */
  id: z.string(),
  name: z.string(),
})

/** A segment. */
export const segment = z.object({
  id: wireId('segment'),
  name: z.string(),
  description: z.string(),
  /** `dynamic` follows its rule, `static` is a list. */
  kind: z.enum(['dynamic', 'static']),
  /** Null for lists. */
  rule: ruleSchema.nullable(),
  /** Who is in it, as a sentence in the caller's language; null for lists and for rules that no longer work. */
  sentence: z.string().nullable(),
  /** What no longer works about the rule, and where. */
  problems: z.array(z.object({ path: z.string(), message: z.string() })),
  /** People in it at `sizeAt`; null until first counted. */
  size: z.number().int().nullable(),
  sizeAt: instant.nullable(),
  /** Since when the people in it are kept up to date live; null when they are counted on demand. */
  followedAt: instant.nullable(),
  /** When that was last proven against the rule, and how many people had drifted. */
  checkedAt: instant.nullable(),
  drift: z.number().int().nullable(),
  uses: z.array(segmentUse),
  createdAt: instant,
  updatedAt: instant,
  deletedAt: instant.nullable(),
})

/** A contact as lists of people show it. */
export const segmentPerson = z.object({
  id: wireId('contact'),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  country: z.string().nullable(),
  language: z.string().nullable(),
  createdAt: instant,
})

/** How many people: counted, or estimated from a sample with a 95 % margin. */
export const segmentSize = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('exact'), count: z.number().int() }),
  z.object({
    kind: z.literal('estimate'),
    count: z.number().int(),
    low: z.number().int(),
    high: z.number().int(),
    /** People looked at. */
    sampled: z.number().int(),
    /** Counting was tried and took too long. */
    timedOut: z.boolean(),
  }),
])

/** One value and how many of the people looked at have it; null is unknown. */
const share = z.object({
  value: z.string().nullable(),
  label: z.string().nullable(),
  count: z.number().int(),
})

/** What people in a segment are. Largest first; `others` are beyond those shown. */
const makeUp = z.object({ values: z.array(share), others: z.number().int() })

/** Who would be in a segment or an audience. */
export const segmentPreview = z.object({
  size: segmentSize,
  sentence: z.string(),
  people: z.array(segmentPerson),
  /** Counts are out of `of` people: all of them, or those of the sample. */
  makeUp: z.object({
    of: z.number().int(),
    /** How far off a share may be, from 0 to 1, with 95 % certainty; 0 when everybody was looked at. */
    margin: z.number(),
    country: makeUp,
    language: makeUp,
    tier: makeUp,
    engagement: makeUp,
    spending: makeUp,
    /** Of everybody who matches, in major units, and how far off it may be. */
    revenue: z.number(),
    revenueMargin: z.number(),
    currency: z.string(),
    /** May be written to for marketing, of so many: everybody, or a sample. */
    reachable: z.array(
      z.object({
        channel: z.enum(['email', 'sms']),
        count: z.number().int(),
        of: z.number().int(),
      }),
    ),
  }),
})

/** An operator in the caller's language. */
const offeredOperator = z.object({
  name: z.string(),
  label: z.string(),
  input: z.enum(VALUE_INPUTS),
  /** Further properties that the clause may carry. */
  parts: z.array(z.enum(CLAUSE_PARTS)).readonly(),
})

/** One thing the builder lets people ask about, in the caller's language. */
export const segmentTerm = z.object({
  kind: z.string(),
  field: z.string().nullable(),
  group: z.enum(TERM_GROUPS),
  /** The property of the clause that holds `field`: `field`, `event`, `measure`, … */
  property: z.string().nullable(),
  label: z.string(),
  operators: z.array(offeredOperator),
  /** Every value there is; null when values are free. */
  options: z.array(z.object({ value: z.string(), label: z.string() })).nullable(),
  /** Values worth suggesting come from `GET /api/segments/suggestions` under this name. */
  suggestsFrom: z.string().nullable(),
})

/** Part of a rule with its answer for one person. */
export type Explanation =
  | { kind: 'group'; mode: 'all' | 'any' | 'not'; holds: boolean; parts: Explanation[] }
  | { kind: 'condition'; holds: boolean; text: string; found: string | null }
const explanation: z.ZodType<Explanation> = z.lazy(() =>
  z.union([
    z.object({
      kind: z.literal('group'),
      mode: z.enum(['all', 'any', 'not']),
      holds: z.boolean(),
      parts: z.array(explanation),
    }),
    z.object({
      kind: z.literal('condition'),
      holds: z.boolean(),
      text: z.string(),
      found: z.string().nullable(),
    }),
  ]),
)

/** What the people of a segment did and brought; money in minor units of the organization's currency. */
export const segmentFigures = z.object({
  people: z.number().int(),
  buyers: z.number().int(),
  orders: z.number().int(),
  revenueMinor: z.number().int(),
  /** Mean engagement score of all, in hundredths; null when there is nobody. */
  engagementCenti: z.number().int().nullable(),
  received: z.number().int(),
  opened: z.number().int(),
  clicked: z.number().int(),
  /** Messages followed by an order. */
  converted: z.number().int(),
})

const name = z
  .string()
  .trim()
  .min(1, 'Give the segment a name.')
  .max(NAME_LENGTH_MAX, `At most ${NAME_LENGTH_MAX} characters.`)
const description = z
  .string()
  .trim()
  .max(DESCRIPTION_LENGTH_MAX, `At most ${DESCRIPTION_LENGTH_MAX} characters.`)
const id = z.object({ id: wireId('segment') })
const precision = z.enum(['quick', 'exact']).default('quick')

/** Added, already there, and the addresses that no contact has. */
const membersAdded = z.object({
  added: z.number().int(),
  alreadyIn: z.number().int(),
  unknown: z.array(z.string()),
  size: z.number().int(),
})

/** The routes of this room. Sources: TK-10, DS-SegmentationService */
export const routes = defineRoutes({
  'GET /api/segments': {
    summary: 'List segments',
    query: z.object({
      ...pageQuery,
      q: z.string().trim().max(100).optional(),
      kind: z.enum(['dynamic', 'static']).optional(),
      sort: z.enum(['updated', 'name']).default('updated'),
      deleted: z.enum(['true', 'false']).default('false'),
      /** Only these, for pickers. */
      ids: commaList(wireId('segment')).optional(),
    }),
    ok: pageOf(segment),
    permission: 'segments.read',
  },
  'POST /api/segments': {
    summary: 'Make a segment: dynamic with a rule, or a static list',
    body: z.strictObject({
      name,
      description: description.default(''),
      kind: z.enum(['dynamic', 'static']),
      rule: ruleSchema.nullable().default(null),
    }),
    ok: segment,
    status: 201,
    permission: 'segments.write',
  },
  'GET /api/segments/vocabulary': {
    summary: 'Everything that rules can ask about, with its operators and values',
    ok: z.object({
      terms: z.array(segmentTerm),
      /** What can be asked of a property of an event, by the type that it is read as. */
      filterOperators: z.record(z.enum(PROPERTY_TYPES), z.array(offeredOperator)),
    }),
    permission: 'segments.read',
  },
  'GET /api/segments/event-properties': {
    summary: 'The properties that events of one type have had, most frequent first',
    query: z.object({ event: z.string().min(1).max(300) }),
    ok: z.object({ properties: z.array(z.object({ name: z.string(), type: z.enum(PROPERTY_TYPES) })) }),
    permission: 'segments.read',
  },
  'GET /api/segments/campaigns': {
    summary: 'Campaigns that rules can ask about, newest first',
    query: z.object({
      q: z.string().trim().max(100).default(''),
      /** Only these, for those that are chosen. */
      ids: commaList(wireId('campaign')).optional(),
    }),
    ok: z.object({ campaigns: z.array(z.object({ id: wireId('campaign'), name: z.string() })) }),
    permission: 'segments.read',
  },
  'GET /api/segments/suggestions': {
    summary: 'Values that contacts have in a column, most frequent first',
    query: z.object({
      from: z.enum(['tags', 'city', 'subscription_tier', 'subscription_status', 'source']),
      q: z.string().max(100).default(''),
    }),
    ok: z.object({ values: z.array(z.string()) }),
    permission: 'segments.read',
  },
  'POST /api/segments/preview': {
    summary: 'Size, sentence, sample and make-up of an unsaved rule or audience',
    body: z
      .strictObject({ rule: ruleSchema.optional(), audience: audienceSchema.optional(), precision })
      .refine(({ rule, audience }) => (rule === undefined) !== (audience === undefined), {
        message: 'Give either a rule or an audience.',
        path: ['rule'],
      }),
    ok: segmentPreview,
    permission: 'segments.read',
  },
  'POST /api/segments/evaluate': {
    summary: 'Does one contact match a rule?',
    body: z.strictObject({ rule: ruleSchema, contactId: wireId('contact') }),
    ok: z.object({ matches: z.boolean() }),
    permission: 'segments.read',
  },
  'POST /api/segments/compare': {
    summary: 'Segments beside each other, and how many people they share',
    body: z.strictObject({
      segmentIds: z
        .array(wireId('segment'))
        .min(2, 'Choose at least two segments.')
        .max(COMPARED_MAX, `At most ${COMPARED_MAX} segments.`),
    }),
    ok: z.object({
      currency: z.string(),
      segments: z.array(z.object({ id: wireId('segment'), name: z.string(), figures: segmentFigures })),
      /** People who are in exactly these of the segments compared. */
      overlaps: z.array(z.object({ segmentIds: z.array(wireId('segment')), people: z.number().int() })),
    }),
    permission: 'segments.read',
  },
  'GET /api/segments/of/:contactId': {
    summary: 'The segments that a person is in',
    params: z.object({ contactId: wireId('contact') }),
    ok: z.object({
      segments: z.array(
        z.object({
          id: wireId('segment'),
          name: z.string(),
          kind: z.enum(['dynamic', 'static']),
          since: instant,
        }),
      ),
    }),
    permission: 'segments.read',
  },
  'GET /api/segments/:id/performance': {
    summary: 'What the people of a segment did and brought, now and day by day',
    params: id,
    query: z.object({ days: z.coerce.number().int().min(1).max(DAYS_MAX).default(DAYS_SHOWN) }),
    ok: z.object({
      currency: z.string(),
      now: segmentFigures,
      days: z.array(segmentFigures.extend({ day: z.string() })),
    }),
    permission: 'segments.read',
  },
  'GET /api/segments/:id/why/:contactId': {
    summary: 'Why a person is in a segment or not, condition by condition',
    params: z.object({ id: wireId('segment'), contactId: wireId('contact') }),
    ok: z.object({ isIn: z.boolean(), sentence: z.string(), explanation }),
    permission: 'segments.read',
  },
  'GET /api/segments/:id': {
    summary: 'One segment, with where it is used',
    params: id,
    ok: segment,
    permission: 'segments.read',
  },
  'PUT /api/segments/:id': {
    summary: 'Change a segment’s name, description or rule',
    params: id,
    body: z.strictObject({
      name: name.optional(),
      description: description.optional(),
      rule: ruleSchema.optional(),
    }),
    ok: segment,
    permission: 'segments.write',
  },
  'DELETE /api/segments/:id': {
    summary: 'Delete a segment that nothing uses; it can be restored',
    params: id,
    permission: 'segments.write',
  },
  'POST /api/segments/:id/restore': {
    summary: 'Take a deletion back',
    params: id,
    ok: segment,
    permission: 'segments.write',
  },
  'POST /api/segments/:id/duplicate': {
    summary: 'Copy a segment, members of a list included',
    params: id,
    ok: segment,
    status: 201,
    permission: 'segments.write',
  },
  'POST /api/segments/:id/refresh': {
    summary: 'Count a segment now',
    params: id,
    ok: segment,
    permission: 'segments.read',
  },
  'GET /api/segments/:id/preview': {
    summary: 'Size, sample and make-up of a segment as it stands',
    params: id,
    query: z.object({ precision }),
    ok: segmentPreview,
    permission: 'segments.read',
  },
  'GET /api/segments/:id/members': {
    summary: 'The people in a segment, newest first',
    params: id,
    query: z.object(pageQuery),
    ok: pageOf(segmentPerson),
    permission: 'segments.read',
  },
  'POST /api/segments/:id/members': {
    summary: 'Put people on a list, by id or by e-mail address or telephone number',
    params: id,
    body: z.strictObject({
      contactIds: z
        .array(wireId('contact'))
        .max(MEMBERS_PER_CALL_MAX, `At most ${MEMBERS_PER_CALL_MAX} at a time.`)
        .default([]),
      addresses: z
        .array(z.string().trim().max(320))
        .max(MEMBERS_PER_CALL_MAX, `At most ${MEMBERS_PER_CALL_MAX} at a time.`)
        .default([]),
    }),
    ok: membersAdded,
    permission: 'segments.write',
  },
  'DELETE /api/segments/:id/members/:contactId': {
    summary: 'Take a person off a list',
    params: z.object({ id: wireId('segment'), contactId: wireId('contact') }),
    permission: 'segments.write',
  },
})
