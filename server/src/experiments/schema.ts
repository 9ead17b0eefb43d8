/** What tests of contents take and give. */
import { z } from 'zod'
import { instant, wireId } from '../platform/wire.ts'

/** What a winner is found by. Source: CS-007.2 */
export const METRICS = ['click', 'open', 'conversion', 'revenue'] as const
export type Metric = (typeof METRICS)[number]

/** Names of variants, in their order. Source: CS-005.1 */
export const VARIANT_IDS = ['A', 'B', 'C', 'D', 'E'] as const
export type VariantId = (typeof VARIANT_IDS)[number]

/** Settings of a test. Sources: CS-005, CS-007, statistics §6 */
export const experimentSettings = z.object({
  metric: z.enum(METRICS).default('click'),
  /** The event that counts as a conversion, as it is named when sent; null for what the campaign's rule says. */
  conversionEvent: z.string().trim().min(1).max(200).nullable().default(null),
  /** In per cent. Source: CS-007.3 */
  confidence: z.union([z.literal(90), z.literal(95), z.literal(99)]).default(95),
  /** Recipients per variant before anything is judged. Source: CS-007.4 */
  minSample: z.number().int().min(100).max(1_000_000).default(1000),
  /** Of the leading variant: people who did it; buyers for revenue. */
  minConversions: z.number().int().min(5).max(100_000).default(30),
  /** Null takes the metric's own: opens 4 h, clicks 3 h, conversions 12 h, revenue 24 h. */
  minRuntimeMinutes: z.number().int().min(0).max(43_200).nullable().default(null),
  /** When the test ends at the latest; null takes the metric's own: a day, three for conversions, seven for revenue. */
  horizonMinutes: z.number().int().min(10).max(43_200).nullable().default(null),
  /** How long after its message an action counts; null takes the metric's own, or the campaign's for its conversions. */
  windowMinutes: z.number().int().min(10).max(43_200).nullable().default(null),
  /** Per cent of the audience that gets no message at all. Source: CS-003.6 */
  holdoutPercent: z.number().min(0).max(20).default(0),
  /** Per cent of the audience that takes part; the rest gets the winner. */
  testPercent: z.number().min(1).max(100).default(100),
  /** `thompson`: in campaigns that events set off, shares follow the evidence from hour to hour. Source: statistics §9 */
  allocation: z.enum(['even', 'thompson']).default('even'),
  /**
   * Who was assigned elsewhere, such as by lot in a file that was imported: the custom field that says so, and its text
   * for each variant in their order. People with another text are left alone. Null splits here, by lot.
   */
  assignment: z
    .object({
      field: z.string().regex(/^[a-z][a-z0-9_]{0,62}$/, 'The key of a custom field.'),
      texts: z.array(z.string().min(1).max(200)).min(2).max(VARIANT_IDS.length),
    })
    .nullable()
    .default(null),
  /** The winner goes out by itself. Source: CS-007.1, CS-007.5, CB-5.5 */
  autoApply: z.boolean().default(true),
  /** What the rest gets when nothing is proven. */
  fallback: z.enum(['leader', 'control', 'none']).default('leader'),
})
export type ExperimentSettings = z.output<typeof experimentSettings>

/** A variant without its content. */
export const variantHead = z.object({
  id: z.enum(VARIANT_IDS),
  name: z.string(),
  /** Of those who take part. */
  percent: z.number(),
  /** Sends nothing. Source: CS-005.4 */
  isControl: z.boolean(),
})

const interval = z.object({ lower: z.number(), upper: z.number() })

/** People and money of one variant. */
const armResult = variantHead.extend({
  recipients: z.number().int(),
  opened: z.number().int(),
  clicked: z.number().int(),
  converted: z.number().int(),
  /** In major units of the organization's currency. */
  revenue: z.number(),
  unsubscribed: z.number().int(),
  complained: z.number().int(),
  bounced: z.number().int(),
  /** Of the metric: a share of recipients, or money per recipient in major units; null without recipients. */
  value: z.number().nullable(),
  /** Wilson's for shares; Welch's for money. */
  interval: interval.nullable(),
  /** For reading only. */
  probabilityBest: z.number().nullable(),
  /** What others reported for it. */
  reported: z.object({
    impressions: z.number().int(),
    clicks: z.number().int(),
    conversions: z.number().int(),
    revenue: z.number(),
  }),
})

/** A variant against the first one that is compared with. */
const comparison = z.object({
  variantId: z.enum(VARIANT_IDS),
  againstId: z.enum(VARIANT_IDS),
  difference: z.number(),
  /** Of the difference; fixed sample. */
  interval: interval.nullable(),
  /** The relative lift with its interval; null where it is not defined. */
  lift: z.number().nullable(),
  liftInterval: interval.nullable(),
  /** The classical test, valid for one look planned beforehand: for reading. */
  classicalTest: z.enum(['z', 'fisher', 'welch']),
  /** z or t; null for Fisher's exact test, which has none. */
  statistic: z.number().nullable(),
  classicalP: z.number(),
  /** Adjusted for several variants by Holm. */
  classicalPAdjusted: z.number(),
  /** Valid however often one looks; the smallest so far. */
  anytimeP: z.number().nullable(),
  /** Valid at every look; null before there is information, and for revenue. */
  intervalSoFar: interval.nullable(),
})

/** What the settings come to. */
const resolvedSettings = experimentSettings.extend({
  minRuntimeMinutes: z.number().int(),
  /** Null: people come one by one, and the test goes on until a variant is proven or chosen. */
  horizonMinutes: z.number().int().nullable(),
  windowMinutes: z.number().int(),
})

export const DECISION_STATES = ['collecting', 'blocked', 'running', 'winner', 'inconclusive'] as const
export const DECISION_REASONS = [
  'srm',
  'min_sample',
  'min_runtime',
  'tie',
  'min_conversions',
  'not_significant',
  'guardrail',
] as const

/** How a test ended. */
const decision = z.object({
  result: z.enum(['winner', 'inconclusive', 'by_hand']),
  reason: z.enum(DECISION_REASONS).nullable(),
  /** Proven better than every other. */
  winnerId: z.enum(VARIANT_IDS).nullable(),
  /** What the rest gets; null waits for a person. */
  chosenId: z.enum(VARIANT_IDS).nullable(),
  statedReason: z.string().nullable(),
  at: instant,
  by: z.string(),
  appliedAt: instant.nullable(),
})

/** How many people a test like this needs, and what those planned can show. Source: statistics §8 */
export const planResult = z.object({
  baselineRate: z.number(),
  /** From the organization's own last 90 days, or a usual value. */
  baselineIsOwn: z.boolean(),
  recipientsPerVariant: z.number().int(),
  /** Relative; null when nothing can be shown. */
  smallestLift: z.number().nullable(),
  /** Recipients per variant for a relative lift. */
  needed: z.array(z.object({ lift: z.number(), perVariant: z.number().int() })),
  /** What would help when the smallest lift is above 30 %. */
  advice: z.array(z.enum(['larger_share', 'fewer_variants', 'more_people'])),
})
export type PlanResult = z.output<typeof planResult>

/** What the campaign itself brought, against people who got nothing by lot; null where there are none. Source: statistics §11 */
export const incremental = z
  .object({
    reached: z.object({ people: z.number().int(), converted: z.number().int(), revenue: z.number() }),
    silent: z.object({ people: z.number().int(), converted: z.number().int(), revenue: z.number() }),
    /** Of the rate of conversion; the lift is null where nobody of the silent converted. */
    conversions: z.object({
      difference: z.number(),
      interval: interval.nullable(),
      lift: z.number().nullable(),
      liftInterval: interval.nullable(),
      p: z.number(),
    }),
    /** In major units. */
    revenuePerPerson: z.object({ difference: z.number(), interval: interval.nullable(), p: z.number() }),
  })
  .nullable()

/** A test with everything that is known of it. Source: CS-006, DS-model.ABTest */
export const experimentResults = z.object({
  testId: wireId('experiment'),
  campaignId: wireId('campaign'),
  name: z.string(),
  /** draft, running, completed or cancelled. */
  status: z.enum(['draft', 'running', 'completed', 'cancelled']),
  settings: resolvedSettings,
  currency: z.string(),
  startedAt: instant.nullable(),
  completedAt: instant.nullable(),
  lookedAt: instant.nullable(),
  /** The always-valid rule's verdict at the last look; null before the first. */
  verdict: z
    .object({
      state: z.enum(DECISION_STATES),
      reason: z.enum(DECISION_REASONS).nullable(),
      leaderId: z.enum(VARIANT_IDS).nullable(),
      minute: z.number().int(),
    })
    .nullable(),
  variants: z.array(armResult),
  /** Those kept out before the split. */
  holdout: z.object({ people: z.number().int(), converted: z.number().int(), revenue: z.number() }),
  incremental,
  /** Empty where shares follow the evidence: classical tests are wrong there. */
  comparisons: z.array(comparison),
  /** Where shares follow the evidence: those in force, since when, and the p that stays valid; null elsewhere. */
  adaptive: z
    .object({
      /** Null: as the test began. */
      since: instant.nullable(),
      shares: z.array(
        z.object({
          variantId: z.enum(VARIANT_IDS),
          percent: z.number(),
          /** Against the first variant, valid at every look; null for the first one and before a look. */
          anytimeP: z.number().nullable(),
        }),
      ),
    })
    .nullable(),
  /** Does any variant differ? For reading. Source: CS-006.2 */
  chiSquare: z.object({ chi2: z.number(), df: z.number().int(), p: z.number() }).nullable(),
  sampleRatio: z.object({ p: z.number(), isBlocked: z.boolean() }),
  /** Variants that people complain about, unsubscribe from or cannot receive more often than others. */
  guardrails: z.array(
    z.object({ variantId: z.enum(VARIANT_IDS), measure: z.enum(['unsubscribed', 'complained', 'bounced']) }),
  ),
  /** Recipients per variant so far (the smallest), and those needed to prove the lead that is seen. */
  sample: z.object({
    soFar: z.number().int(),
    minimum: z.number().int(),
    needed: z.number().int().nullable(),
  }),
  /** Who waits for the winner, and what a wrong choice would cost them in conversions or money. */
  stake: z.object({ waiting: z.number().int(), expectedLoss: z.number().nullable() }),
  decision: decision.nullable(),
})
export type ExperimentResults = z.output<typeof experimentResults>

/** What others report for a variant. Source: CB-5.3, DS-CampaignService.trackVariantPerformance */
export const reportedMetrics = z.object({
  impressions: z.number().int().min(0).max(1e9).default(0),
  clicks: z.number().int().min(0).max(1e9).default(0),
  conversions: z.number().int().min(0).max(1e9).default(0),
  revenue: z.number().min(0).max(1e12).default(0),
})
export type ReportedMetrics = z.output<typeof reportedMetrics>

/** The rule tried on an organization's own people, with labels that mean nothing. */
export const selfTest = z.object({
  campaignId: wireId('campaign'),
  people: z.number().int(),
  runs: z.number().int(),
  /** Runs in which the rule named a winner although there was none. */
  falseWinners: z.number().int(),
  /** Runs in which a plain test, looked at as often, would have. */
  naiveFalseWinners: z.number().int(),
  confidence: z.number().int(),
})
export type SelfTest = z.output<typeof selfTest>
