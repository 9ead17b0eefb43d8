/** What the room reports takes and gives. Money in major units of the organization's currency. */
import { z } from 'zod'
import { ATTRIBUTION_MODELS } from '../analytics/schema.ts'
import { SPEND_PLATFORMS } from '../budgets/schema.ts'
import { CAMPAIGN_STATUSES, CAMPAIGN_TYPES, CHANNELS } from '../campaigns/schema.ts'
import { incremental } from '../experiments/schema.ts'
import { LOCALES } from '../platform/context.ts'
import { POST_PLATFORMS } from '../tracking/schema.ts'
import { FEATURES } from './features.ts'
import {
  commaList,
  CURSOR_CHARS_MAX,
  day,
  defineRoutes,
  instant,
  pageQuery,
  raw,
  wireId,
} from '../platform/wire.ts'

/** More than fit beside each other on a page. */
const COMPARED_MAX = 10

const count = z.number().int()
const amount = z.number()
const interval = z.object({ low: z.number(), high: z.number() }).nullable()

/** A share with what it is a share of, and where its true value lies with 95 % confidence. */
const rate = z.object({ part: count, whole: count, ratio: z.number().nullable(), interval })
export type Rate = z.output<typeof rate>

/** The rates that campaigns are read and compared by. */
export const RATES = ['delivery', 'open', 'click', 'conversion', 'unsubscribe'] as const
export type RateName = (typeof RATES)[number]

/** In what a report may be taken along. */
export const FILE_FORMATS = ['json', 'csv', 'pdf'] as const
export type FileFormat = (typeof FILE_FORMATS)[number]
export const FILE_TYPES = ['text/csv', 'application/pdf'] as const

/** Median of earlier campaigns with the middle half of them; null when they are too few to have one. */
const spread = z
  .object({ median: z.number(), low: z.number(), high: z.number(), campaigns: count })
  .nullable()
const usual = z.object({
  delivery: spread,
  open: spread,
  click: spread,
  conversion: spread,
  unsubscribe: spread,
})
export type Usual = z.output<typeof usual>

/** What is watched for being unusual. */
export const ANOMALY_METRICS = [
  'failure',
  'bounce',
  'complaint',
  'unsubscribe',
  'open',
  'click',
  'conversion',
  'volume',
  'order_value',
] as const
export type AnomalyMetric = (typeof ANOMALY_METRICS)[number]

/** What an alarm most likely comes from, as far as the figures tell. */
export const CAUSES = [
  'receiver',
  'hour',
  'variant',
  'provider',
  'reason',
  'link',
  'paused',
  'content',
  'no_events',
  'passed_over',
  'spread',
] as const
export type CauseKind = (typeof CAUSES)[number]

const anomaly = z.object({
  id: wireId('anomaly'),
  campaignId: wireId('campaign'),
  campaign: z.string(),
  channel: z.enum(CHANNELS),
  metric: z.enum(ANOMALY_METRICS),
  direction: z.enum(['high', 'low']),
  /** How many of how many; for `volume` messages, for `order_value` an amount over buyers. */
  part: z.number(),
  whole: count,
  /** Shares; for `volume` messages, for `order_value` amounts. */
  observed: z.number(),
  usual: z.object({ median: z.number(), low: z.number(), high: z.number(), runs: count }),
  /** Chance of something as far off in a run like the others. */
  p: z.number(),
  cause: z.object({ kind: z.enum(CAUSES), label: z.string() }),
  /** What was counted beside what is usual, and what it most likely comes from, in the caller’s language. */
  headline: z.string(),
  evidence: z.string(),
  likelyCause: z.string(),
  runStartedAt: instant,
  foundAt: instant,
  acknowledgedAt: instant.nullable(),
  acknowledgedBy: z.string().nullable(),
  note: z.string(),
  /** Somebody said that it is how things are from now on: later runs are compared with it, too. */
  isUsual: z.boolean(),
})
export type AnomalyOnWire = z.output<typeof anomaly>

const model = z.enum(ATTRIBUTION_MODELS)

const roi = z.object({
  currency: z.string(),
  /** The model that the figures beside it are of. */
  model,
  /** The one that the campaign is read by: its own choice, else the organization's. */
  chosen: model,
  conversions: z.number(),
  /** After refunds. */
  revenue: amount,
  /** What was taken back of it, by the same model, and of how many orders. */
  refunded: z.object({ amount, orders: count }),
  cost: z.object({ messages: amount, spends: amount, total: amount }),
  profit: amount,
  /** (revenue − cost) / cost; null when nothing was spent. Source: design §5 Attribution */
  roi: z.number().nullable(),
  costPerConversion: amount.nullable(),
  /** Cost per person who converted. Source: CB-9.5 */
  costPerAcquisition: amount.nullable(),
  convertedPeople: count,
  models: z.array(z.object({ model, conversions: z.number(), revenue: amount, roi: z.number().nullable() })),
  channels: z.array(
    z.object({
      channel: z.enum(CHANNELS),
      conversions: z.number(),
      revenue: amount,
      cost: amount,
      roi: z.number().nullable(),
      costPerConversion: amount.nullable(),
    }),
  ),
  /** What was paid on platforms, and what came by tracked links of posts there; null where nobody came by one. */
  platforms: z.array(
    z.object({
      platform: z.enum(POST_PLATFORMS),
      conversions: z.number().nullable(),
      revenue: amount.nullable(),
      cost: amount,
      roi: z.number().nullable(),
    }),
  ),
  /**
   * By the last link of a message that was followed before each conversion, by the same model, the links of the latest
   * run. With `noLink` they add up to the whole: what opens, arrivals and posts led to, and links that only an earlier
   * run had.
   */
  links: z.array(
    z.object({
      channel: z.enum(CHANNELS),
      linkNo: count,
      url: z.string(),
      label: z.string(),
      conversions: z.number(),
      revenue: amount,
    }),
  ),
  noLink: z.object({ conversions: z.number(), revenue: amount }),
  /** Revenue in other currencies, by the same model; never added to the organization's. */
  otherCurrencies: z.array(z.object({ currency: z.string(), conversions: z.number(), revenue: amount })),
  /** Credit counts people who would have bought anyway; this does not. Null where nobody was held out. */
  incremental,
  /** From the last touch to the conversion. Source: CB-10.5 */
  timeToConvert: z
    .object({
      medianMinutes: z.number(),
      p90Minutes: z.number(),
      /** Conversions by how long they took: up to so many hours. */
      buckets: z.array(z.object({ uptoHours: count, conversions: count })),
    })
    .nullable(),
})
export type Roi = z.output<typeof roi>

/** By what a campaign is told apart. */
export const BREAKDOWNS = ['channel', 'variant', 'country', 'segment', 'hour', 'run'] as const
export type Breakdown = (typeof BREAKDOWNS)[number]

const STEPS = ['sent', 'delivered', 'opened', 'clicked', 'converted'] as const
const steps = z.array(
  z.object({
    step: z.enum(STEPS),
    people: count,
    /** Of the step before; null for the first. */
    ofPrevious: z.number().nullable(),
    ofFirst: z.number().nullable(),
    /** How many of the step before are not here; null for the first, and where a step may hold people whom the one before cannot see. */
    lost: count.nullable(),
  }),
)

const comparedRates = z.object({
  delivery: rate,
  open: rate,
  click: rate,
  conversion: rate,
  unsubscribe: rate,
})
export type Rates = z.output<typeof comparedRates>

const funnel = z.object({
  steps,
  rates: comparedRates,
  /** Apart by what was asked for; empty otherwise. */
  parts: z.array(
    z.object({
      of: z.enum(BREAKDOWNS),
      /** A channel, a variant's number, a country, a segment's name, an hour from 0 to 23, or the id of a run. */
      label: z.string(),
      /** When a run began; null of all else. */
      at: instant.nullable(),
      steps,
      /**
       * With their intervals. Of an hour each is a share of the whole campaign: whoever clicks at nine has mostly got the
       * message before. Of a segment or country opens have no rate unless everybody could be measured: who could is counted
       * by the message, and not told of persons.
       */
      rates: comparedRates,
      /**
       * Of a channel by earlier campaigns on it, of a variant by those on the same channels, of a run by earlier runs of the
       * campaign. Null of the others: segments, countries and hours are chosen parts, and nothing counts them for earlier
       * campaigns without their whole ledgers.
       */
      usual: usual.nullable(),
    }),
  ),
})
export type Funnel = z.output<typeof funnel>

const difference = z.object({
  /** Against the first of the list, in points of the rate. */
  difference: z.number().nullable(),
  interval,
  /** True when the interval leaves zero out, corrected for the number of comparisons. For reading: it decides nothing. */
  isClear: z.boolean(),
})
/** The best of a comparison by one rate; null while fewer than two have it. */
const best = z.string().nullable()
const comparison = z.object({
  currency: z.string(),
  /** All of it together. */
  whole: comparedRates,
  /** Of earlier campaigns on the same channels, those compared left out; null where channels are compared, which have their own. */
  usual: usual.nullable(),
  /** The id whose interval ends best: by its lower end, unsubscribing by its upper end, so that luck does not lead. */
  best: z.object({ delivery: best, open: best, click: best, conversion: best, unsubscribe: best }),
  items: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      sent: count,
      rates: comparedRates,
      /** Of a channel, by earlier campaigns on it; null of all else. */
      usual: usual.nullable(),
      revenue: amount,
      cost: amount,
      roi: z.number().nullable(),
      /** By the model that a campaign is read by, as its revenue. */
      conversions: z.number(),
      costPerConversion: amount.nullable(),
      revenuePerRecipient: amount.nullable(),
      /** Null for the first, which the others are compared with. */
      against: z.object({ click: difference, conversion: difference }).nullable(),
    }),
  ),
})
export type Comparison = z.output<typeof comparison>

const RANKINGS = ['revenue', 'roi', 'clickRate', 'openRate', 'conversionRate'] as const
const ranked = z.object({
  currency: z.string(),
  items: z.array(
    z.object({
      id: wireId('campaign'),
      name: z.string(),
      type: z.string(),
      channels: z.array(z.enum(CHANNELS)),
      launchedAt: instant.nullable(),
      sent: count,
      revenue: amount,
      cost: amount,
      roi: z.number().nullable(),
      rates: comparedRates,
    }),
  ),
})
export type Ranked = z.output<typeof ranked>

const trends = z.object({
  currency: z.string(),
  step: z.enum(['day', 'week', 'month']),
  points: z.array(
    z.object({
      /** First day of the step, in the organization's zone. */
      on: day,
      sent: count,
      delivered: count,
      opened: count,
      clicked: count,
      converted: count,
      unsubscribed: count,
      revenue: amount,
    }),
  ),
  /** Clicks per message delivered, by weekday (1 is Monday) and by hour of the organization's day, over the whole period. */
  weekdays: z.array(
    z.object({ weekday: count, sent: count, clicked: count, clickRate: z.number().nullable() }),
  ),
  hours: z.array(z.object({ hour: count, sent: count, clicked: count, clickRate: z.number().nullable() })),
})
export type Trends = z.output<typeof trends>

/** By what success is told when campaigns are compared. */
export const PATTERN_METRICS = ['click', 'conversion'] as const
export type PatternMetric = (typeof PATTERN_METRICS)[number]
const lifts = z.object({ low: z.number(), high: z.number() })

/** What can be done with advice: a draft that follows it, or a draft whose test compares it with the present practice. */
const ADVICE_USES = ['draft', 'test'] as const

const recommendation = z.object({
  sentence: z.string(),
  /** Counts, rates and how sure it is, in the caller’s language. */
  evidence: z.string(),
  /** What to expect of it, with its interval, in words. */
  effect: z.string(),
  metric: z.enum(PATTERN_METRICS),
  /** Ratio of the rates, less one, shrunk; and where it lies with 95 % confidence. */
  expectedLift: z.number(),
  interval: lifts,
  /** What to change in a new campaign. */
  feature: z.enum(FEATURES),
  value: z.string(),
  /** The campaign that a draft would be a copy of; null when none can be copied. */
  copyOf: z.string().nullable(),
  /** What a click can make of it. */
  uses: z.array(z.enum(ADVICE_USES)),
})
export type Recommendation = z.output<typeof recommendation>

const adviceInput = z.object({
  feature: z.enum(FEATURES),
  value: z.string().min(1).max(100),
  as: z.enum(ADVICE_USES).default('draft'),
})
export type AdviceInput = z.output<typeof adviceInput>

const appliedAdvice = z.object({
  /** The draft; moving it to the bin takes all of it back. */
  campaignId: wireId('campaign'),
  name: z.string(),
  /** What is left to do, in the caller’s language. */
  next: z.string(),
  /** The wall time to plan it for, where the advice is about time: a draft has none of its own. */
  startAt: z.string().nullable(),
})
export type AppliedAdvice = z.output<typeof appliedAdvice>

const pair = z.object({ now: z.number(), before: z.number() })
const movedRate = z.object({ now: rate, before: rate, change: difference })
const overview = z.object({
  currency: z.string(),
  /** First and last day, in the organization's zone. */
  period: z.object({ from: day, to: day }),
  /** As many days, just before. */
  before: z.object({ from: day, to: day }),
  /** Campaigns launched. */
  campaigns: pair,
  sent: pair,
  converted: pair,
  unsubscribed: pair,
  revenue: pair,
  cost: pair,
  profit: pair,
  roi: z.object({ now: z.number().nullable(), before: z.number().nullable() }),
  rates: z.object({
    delivery: movedRate,
    open: movedRate,
    click: movedRate,
    conversion: movedRate,
    unsubscribe: movedRate,
  }),
  /** Beside the rates: of campaigns that were launched before the period. */
  usual,
  /** Over days, weeks or months, whichever are few enough to read. */
  points: z.array(z.object({ on: day, sent: count, clicked: count, converted: count, revenue: amount })),
  /** Goals that authors set for campaigns of the period, beside who has converted. */
  goals: z.array(
    z.object({
      campaignId: wireId('campaign'),
      campaign: z.string(),
      goal: z.string(),
      target: z.number().nullable(),
      converted: count,
    }),
  ),
  /** By the lower end of the click rate's interval; and, the other way round, by its upper end. */
  best: ranked.shape.items,
  worst: ranked.shape.items,
  recommendations: z.array(recommendation),
  /** Why nothing is recommended; null when something is. */
  notice: z.string().nullable(),
})
export type Overview = z.output<typeof overview>

const pattern = z.object({
  metric: z.enum(PATTERN_METRICS),
  /** What was looked at, such as `weekday`, and its value, such as `2`; what it is called in the caller’s language. */
  feature: z.enum(FEATURES),
  value: z.string(),
  label: z.string(),
  /** Campaigns that have it and the others of whom it is known; messages delivered, and people who did it. */
  campaigns: count,
  others: count,
  messages: count,
  otherMessages: count,
  events: count,
  otherEvents: count,
  /** What is typical of the campaigns on either side: their rates, weighed by what chance leaves uncertain. */
  rate: z.number(),
  otherRate: z.number(),
  /** Ratio of the two, less one, shrunk towards none. */
  lift: z.number(),
  interval: lifts,
  /** Corrected for the number of comparisons: the share of false claims among claims (Benjamini and Hochberg). */
  q: z.number(),
  /**
   * `clear`; `chance` may explain it; the effect may be too `small` to matter, below 5 %; `unsteady`: the newer half of
   * the campaigns does not say the same.
   */
  verdict: z.enum(['clear', 'chance', 'small', 'unsteady']),
})
export type PatternOnWire = z.output<typeof pattern>
const insights = z.object({
  /** Campaigns that were looked at: completed or running, with enough messages to say something. */
  campaigns: count,
  /** Comparisons that were made; and that were not, with too few campaigns, people or events on either side. */
  looks: count,
  belowFloors: count,
  floors: z.object({ campaigns: count, messages: count, events: count }),
  /** Why nothing is said, in a sentence; null when something can be. */
  notice: z.string().nullable(),
  patterns: z.array(pattern),
  /** By which rule a campaign is said to have a feature, in the caller’s language. */
  rules: z.array(z.object({ feature: z.enum(FEATURES), label: z.string(), text: z.string() })),
  recommendations: z.array(recommendation),
})
export type Insights = z.output<typeof insights>

/** By what money is told apart. */
export const MONEY_PARTS = ['campaign', 'channel', 'platform', 'segment', 'type'] as const
export type MoneyPart = (typeof MONEY_PARTS)[number]
const moneyLine = z.object({
  /** A campaign, a channel, a platform, a segment or a type; empty for what names none. */
  id: z.string(),
  name: z.string(),
  campaigns: count,
  /** By the model that each campaign is read by. Null where it cannot be told apart. */
  revenue: amount.nullable(),
  cost: amount,
  profit: amount.nullable(),
  roi: z.number().nullable(),
  conversions: z.number().nullable(),
  costPerConversion: amount.nullable(),
  /** Cost per person who converted. */
  costPerAcquisition: amount.nullable(),
})
const moneyByPart = z.object({
  currency: z.string(),
  by: z.enum(MONEY_PARTS),
  /** Campaigns launched from its first to its last day, in the organization’s zone. */
  period: z.object({ from: day, to: day }),
  total: moneyLine,
  items: z.array(moneyLine),
  /** True when one campaign may stand in several lines, so that they add up to more than the total. */
  isOverlapping: z.boolean(),
  /** What the lines count more than once, negative: they and this add up to the total. Null where they do so by themselves. */
  overlap: moneyLine.nullable(),
})
export type MoneyBy = z.output<typeof moneyByPart>

const spend = z.object({
  id: wireId('spend'),
  kind: z.enum(['media', 'post', 'manual']),
  channel: z.enum(CHANNELS).nullable(),
  platform: z.enum(SPEND_PLATFORMS).nullable(),
  amount,
  /** How many posts it is for, where each is priced: the amount follows their price. */
  posts: count.nullable(),
  currency: z.string(),
  spentOn: day,
  /** The last day that it covers; null for one day. */
  spentUntil: day.nullable(),
  note: z.string(),
  createdAt: instant,
})
export type SpendOnWire = z.output<typeof spend>

const spendInput = z
  .object({
    kind: z.enum(['media', 'post', 'manual']).default('manual'),
    channel: z.enum(CHANNELS).nullable().default(null),
    platform: z.enum(SPEND_PLATFORMS).nullable().default(null),
    /** Left out for posts that are priced each. */
    amount: z
      .number()
      .positive('More than 0.')
      .max(1e9, 'At most a thousand million.')
      .nullable()
      .default(null),
    /** How many posts, priced by what one on their platform costs. */
    posts: count.min(1, 'At least 1.').max(100_000, 'At most 100,000.').nullable().default(null),
    spentOn: day,
    spentUntil: day.nullable().default(null),
    note: z.string().trim().max(500).default(''),
  })
  .refine(({ spentOn, spentUntil }) => spentUntil === null || spentUntil >= spentOn, {
    path: ['spentUntil'],
    error: 'Not before the first day.',
  })
  .refine(({ amount, posts }) => (amount === null) !== (posts === null), {
    path: ['amount'],
    error: 'Either an amount, or a number of posts.',
  })
  .refine(({ posts, platform }) => posts === null || platform !== null, {
    path: ['platform'],
    error: 'On which platform?',
  })
export type SpendInput = z.output<typeof spendInput>

/** What columns of a file of spends may say. */
export const SPEND_COLUMNS = [
  'date',
  'until',
  'campaign',
  'channel',
  'platform',
  'amount',
  'currency',
  'note',
] as const
export type SpendColumn = (typeof SPEND_COLUMNS)[number]

/** What may be wrong with a cell of such a file. */
export const SPEND_PROBLEMS = [
  'amount_missing',
  'amount_unreadable',
  'amount_ambiguous',
  'amount_not_positive',
  'amount_too_precise',
  'currency_other',
  'date_missing',
  'date_unreadable',
  'until_before_date',
  'campaign_unknown',
  'campaign_ambiguous',
  'campaign_full',
  'names_nothing',
  'channel_unknown',
  'platform_unknown',
  'note_too_long',
] as const
export type SpendProblemCode = (typeof SPEND_PROBLEMS)[number]

const spendProblem = z.object({
  column: z.enum(SPEND_COLUMNS),
  code: z.enum(SPEND_PROBLEMS),
  /** What stands in the cell. */
  value: z.string(),
})
export type SpendProblem = z.output<typeof spendProblem>

/** How days are written where the year is not first; `auto`: as those of the file tell that can only be read one way. */
const SPEND_DAY_ORDERS = ['auto', 'dmy', 'mdy'] as const
export type SpendDayOrder = (typeof SPEND_DAY_ORDERS)[number]

const spendFile = z.object({
  fileName: z.string().trim().min(1).max(200, 'At most 200 characters.'),
  /** The file’s text: a header that names `date` and `amount`, and `campaign`, `channel` or `platform`. */
  text: z.string().min(1, 'The file is empty.').max(900_000, 'At most 900,000 characters.'),
  order: z.enum(SPEND_DAY_ORDERS).default('auto'),
  /** Takes the other rows where some are wrong. */
  leavesOutWrong: z.boolean().default(false),
  /** Takes rows that stand there already once more. */
  repeatsKnown: z.boolean().default(false),
})
export type SpendFile = z.output<typeof spendFile>

const spendFilePreview = z.object({
  currency: z.string(),
  /** As the file names them, and what each says to us. */
  columns: z.array(z.object({ name: z.string(), column: z.enum(SPEND_COLUMNS).nullable() })),
  /** Columns without which nothing can be read. */
  missing: z.array(z.enum(SPEND_COLUMNS)),
  /** How its days are read. */
  order: z.enum(['dmy', 'mdy']),
  counts: z.object({
    rows: count,
    wrong: count,
    /** Written down already. */
    known: count,
    /** Would be written down. */
    taken: count,
  }),
  total: amount,
  /** The first hundred; those with something wrong before the others. */
  rows: z.array(
    z.object({
      row: count,
      problems: z.array(spendProblem),
      isKnown: z.boolean(),
      spend: z
        .object({
          campaign: z.string().nullable(),
          channel: z.string().nullable(),
          platform: z.string().nullable(),
          amount,
          spentOn: day,
          spentUntil: day.nullable(),
          note: z.string(),
        })
        .nullable(),
    }),
  ),
})
export type SpendFilePreview = z.output<typeof spendFilePreview>

const spendImport = z.object({
  id: wireId('spend_import'),
  fileName: z.string(),
  spends: count,
  currency: z.string(),
  amount,
  createdAt: instant,
  undoneAt: instant.nullable(),
})
export type SpendImportOnWire = z.output<typeof spendImport>

/** What a report answers: how it goes, one campaign, or some beside each other. */
export const question = z.discriminatedUnion('kind', [
  /** Whole days up to yesterday. */
  z.object({ kind: z.literal('overview'), days: z.number().int().min(1).max(366).default(30) }),
  z.object({ kind: z.literal('campaign'), campaignId: wireId('campaign') }),
  z.object({
    kind: z.literal('comparison'),
    campaignIds: z
      .array(wireId('campaign'))
      .min(2, 'At least two.')
      .max(COMPARED_MAX, `At most ${COMPARED_MAX}.`),
  }),
])
export type Question = z.output<typeof question>

/**
 * When a report is mailed, by the clock of the organization. A day that a month lacks becomes its last. `completion`: as
 * soon as a run of the campaign has ended; for the report of one campaign.
 */
export const mailPlan = z.object({
  every: z.enum(['daily', 'weekly', 'monthly', 'completion']),
  time: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'A time, such as 08:00.'),
  /** 1 Monday … 7 Sunday; for weekly ones. */
  weekday: z.number().int().min(1).max(7).default(1),
  /** For monthly ones. */
  day: z.number().int().min(1).max(31).default(1),
})
export type MailPlan = z.output<typeof mailPlan>

const savedInput = z
  .object({
    name: z.string().trim().min(1, 'Give the report a name.').max(120, 'At most 120 characters.'),
    question,
    schedule: mailPlan.nullable().default(null),
    /** Members who are mailed; the caller when nobody is named. */
    recipients: z.array(wireId('person')).max(50, 'At most 50.').default([]),
  })
  .refine(({ question, schedule }) => schedule?.every !== 'completion' || question.kind === 'campaign', {
    path: ['schedule', 'every'],
    message: 'Only the report of one campaign is mailed when it has ended. Choose a campaign, or days.',
  })
export type SavedInput = z.output<typeof savedInput>
const saved = z.object({
  id: wireId('saved_report'),
  name: z.string(),
  question,
  schedule: mailPlan.nullable(),
  recipients: z.array(wireId('person')),
  nextAt: instant.nullable(),
  /** The latest planned instant that was mailed. */
  lastMailedAt: instant.nullable(),
  createdAt: instant,
  updatedAt: instant,
})
export type Saved = z.output<typeof saved>

const share = z.object({
  id: wireId('report_share'),
  title: z.string(),
  question,
  locale: z.enum(LOCALES),
  /** The address that may be given on; null once it is taken back or expired. */
  url: z.string().nullable(),
  createdAt: instant,
  expiresAt: instant,
  revokedAt: instant.nullable(),
  views: count,
  lastViewedAt: instant.nullable(),
})
export type Share = z.output<typeof share>

const byModel = z.object({
  first: z.number(),
  last: z.number(),
  linear: z.number(),
  shapley: z.number(),
  markov: z.number(),
})
const journeyReport = z.object({
  period: z.object({ from: day, to: day }),
  by: z.enum(['channel', 'campaign']),
  currency: z.string(),
  /** Journeys that ended in a conversion of the period, and people who followed something in it and did not convert. */
  journeys: count,
  conversions: count,
  value: amount,
  /** That a journey ends in a conversion, by the chain of order 1; null without journeys. */
  conversionProbability: z.number().nullable(),
  /** Too few conversions for the data-driven models to say much. */
  isThin: z.boolean(),
  items: z.array(
    z.object({
      stop: z.string(),
      name: z.string(),
      /** Each model gives away all conversions. */
      conversions: byModel,
      value: byModel,
      /** By how much fewer conversions there would be, as a share, if it led nowhere. */
      removalEffect: z.number(),
      /** Where 95 % of resamples put Markov’s conversions; null where nothing converted. */
      markovInterval: z.object({ low: z.number(), high: z.number() }).nullable(),
    }),
  ),
})
export type JourneyReport = z.output<typeof journeyReport>

/** What campaigns that have ended are ordered by, most first. */
export const HISTORY_SORTS = ['endedAt', 'sent', 'clickRate', 'conversionRate', 'revenue'] as const
export type HistorySort = (typeof HISTORY_SORTS)[number]
const historyQuery = z.object({
  ...pageQuery,
  /** Words that all stand in the name or in what was said. */
  q: z.string().max(200, 'At most 200 characters.').default(''),
  type: commaList(z.enum(CAMPAIGN_TYPES)).optional(),
  channel: commaList(z.enum(CHANNELS)).optional(),
  status: commaList(z.enum(CAMPAIGN_STATUSES)).optional(),
  show: z.enum(['all', 'archived', 'present']).default('all'),
  /** Days on which they ended, by the organization’s clock; the last two years unless said otherwise. */
  from: day.optional(),
  to: day.optional(),
  /** What came of them, at least. Rates are shares. */
  sentMin: z.coerce.number().int().min(0).default(0),
  clickRateMin: z.coerce.number().min(0).max(1).default(0),
  conversionRateMin: z.coerce.number().min(0).max(1).default(0),
  revenueMin: z.coerce.number().min(-1e12).max(1e12).default(-1e12),
  sort: z.enum(HISTORY_SORTS).default('endedAt'),
})
export type HistoryQuery = z.output<typeof historyQuery>
const history = z.object({
  currency: z.string(),
  period: z.object({ from: day, to: day }),
  items: z.array(
    z.object({
      id: wireId('campaign'),
      name: z.string(),
      subject: z.string(),
      type: z.enum(CAMPAIGN_TYPES),
      status: z.enum(CAMPAIGN_STATUSES),
      channels: z.array(z.enum(CHANNELS)),
      launchedAt: instant,
      endedAt: instant,
      archivedAt: instant.nullable(),
      sent: count,
      clicked: count,
      /** Of delivered messages; null where none was. */
      clickRate: z.number().nullable(),
      converted: count,
      /** Of sent messages. */
      conversionRate: z.number().nullable(),
      /** By the last touch. */
      revenue: amount,
    }),
  ),
  nextCursor: z.string().nullable(),
  /** All that match. */
  total: count,
})
export type History = z.output<typeof history>

const params = z.object({ id: wireId('campaign') })

export const routes = defineRoutes({
  'GET /api/campaigns/:id/roi': {
    summary: 'Revenue against cost, by the model that the campaign is read by or another',
    params,
    query: z.object({ model: model.optional() }),
    ok: roi,
    permission: 'analytics.read',
  },
  'GET /api/campaigns/:id/funnel': {
    summary:
      'From sent to converted, with what is lost on the way; apart by channel, variant, country, addressed segment, hour of the day or run, each rate with its interval, or among a segment',
    params,
    query: z.object({
      by: z.enum(BREAKDOWNS).optional(),
      segmentId: wireId('segment').optional(),
      /** Of one run alone. */
      runId: wireId('run').optional(),
    }),
    ok: funnel,
    permission: 'analytics.read',
  },
  'GET /api/campaigns/:id/platforms': {
    summary: 'The channels of a campaign side by side',
    params,
    ok: comparison,
    permission: 'analytics.read',
  },
  'GET /api/campaigns/:id/usual': {
    summary: 'What is usual: the rates of earlier campaigns on the same channels',
    params,
    ok: usual,
    permission: 'analytics.read',
  },
  'GET /api/campaigns/compare': {
    summary:
      'Campaigns, or the channels that they went over, side by side as JSON, CSV or a tagged PDF in the caller’s language',
    query: z
      .object({
        ids: commaList(wireId('campaign')).refine(
          (ids) => ids.length >= 1 && ids.length <= COMPARED_MAX,
          `From one to ${COMPARED_MAX}.`,
        ),
        by: z.enum(['campaign', 'channel']).default('campaign'),
        format: z.enum(FILE_FORMATS).default('json'),
        locale: z.enum(LOCALES).optional(),
      })
      .refine(({ ids, by }) => by === 'channel' || ids.length >= 2, {
        path: ['ids'],
        error: 'At least two.',
      }),
    ok: comparison,
    files: FILE_TYPES,
    permission: 'analytics.read',
  },
  'POST /api/campaigns/compare': {
    summary: 'Campaigns side by side; differences are against the first',
    body: z.object({
      campaignIds: z
        .array(wireId('campaign'))
        .min(2, 'At least two.')
        .max(COMPARED_MAX, `At most ${COMPARED_MAX}.`),
    }),
    ok: comparison,
    permission: 'analytics.read',
  },
  'GET /api/campaigns/top-performing': {
    summary: 'The best campaigns, by money or by the lower end of a rate’s interval',
    query: z.object({
      limit: z.coerce.number().int().min(1).max(50).default(10),
      by: z.enum(RANKINGS).default('revenue'),
      from: day.optional(),
      to: day.optional(),
    }),
    ok: ranked,
    permission: 'analytics.read',
  },
  'GET /api/campaigns/insights': {
    summary: 'What goes with success, how sure that is, and what to try next',
    ok: insights,
    permission: 'analytics.read',
  },
  'POST /api/campaigns/insights/apply': {
    summary:
      'Follows a recommendation: a draft copied from the last such campaign, or one whose test compares it with the present practice',
    body: adviceInput,
    ok: appliedAdvice,
    status: 201,
    permission: 'campaigns.write',
  },
  'GET /api/analytics/overview': {
    summary:
      'How it goes: a period beside the one before, money, goals, best and worst, what to do next; as JSON, CSV or a tagged PDF',
    query: z.object({
      from: day.optional(),
      to: day.optional(),
      format: z.enum(FILE_FORMATS).default('json'),
      locale: z.enum(LOCALES).optional(),
    }),
    ok: overview,
    files: FILE_TYPES,
    permission: 'analytics.read',
  },
  'GET /api/analytics/money': {
    summary:
      'Revenue, cost, return and cost per conversion of the campaigns of a period, apart by campaign, channel, platform, segment or type; as JSON, CSV or a tagged PDF',
    query: z.object({
      by: z.enum(MONEY_PARTS).default('campaign'),
      from: day.optional(),
      to: day.optional(),
      format: z.enum(FILE_FORMATS).default('json'),
      locale: z.enum(LOCALES).optional(),
    }),
    ok: moneyByPart,
    files: FILE_TYPES,
    permission: 'analytics.read',
  },
  'GET /api/analytics/journeys': {
    summary:
      'Journeys of a period, credited by first, last and linear touch, Shapley and Markov beside each other',
    query: z.object({
      by: z.enum(['channel', 'campaign']).default('channel'),
      from: day.optional(),
      to: day.optional(),
    }),
    ok: journeyReport,
    permission: 'analytics.read',
  },
  'GET /api/analytics/trends': {
    summary: 'Figures over time, and which weekdays and hours go well',
    query: z.object({
      step: z.enum(['day', 'week', 'month']).default('week'),
      from: day.optional(),
      to: day.optional(),
    }),
    ok: trends,
    permission: 'analytics.read',
  },
  'GET /api/analytics/anomalies': {
    summary: 'What was unusual about runs, with its evidence and likely cause, latest first',
    query: z.object({
      campaignId: wireId('campaign').optional(),
      state: z.enum(['open', 'all']).default('open'),
      limit: z.coerce.number().int().min(1).max(100).default(20),
      cursor: z.string().max(CURSOR_CHARS_MAX).optional(),
    }),
    ok: z.object({
      items: z.array(anomaly),
      nextCursor: z.string().nullable(),
      /** Of a hundred runs like the earlier ones, at most so many hundredths raise any alarm. */
      falseAlarmsPerRun: z.number(),
      /** Whether the caller is told by mail. */
      isMailed: z.boolean(),
    }),
    permission: 'analytics.read',
  },
  'POST /api/analytics/anomalies/:id/acknowledge': {
    summary: 'Says that something unusual was seen; or that it is how things are from now on',
    params: z.object({ id: wireId('anomaly') }),
    body: z.object({
      note: z.string().trim().max(500, 'At most 500 characters.').default(''),
      isUsual: z.boolean().default(false),
    }),
    ok: anomaly,
    permission: 'reports.write',
  },
  'PUT /api/analytics/anomalies/mail': {
    summary: 'Whether the caller is told by mail of what is unusual',
    body: z.object({ isMailed: z.boolean() }),
    ok: z.object({ isMailed: z.boolean() }),
    permission: 'person',
  },
  'GET /api/reports/history': {
    summary:
      'Campaigns that have ended or were archived, searched by text, type, channel, status, period and result',
    query: historyQuery,
    ok: history,
    permission: 'analytics.read',
  },
  'GET /api/reports/saved': {
    summary: 'Saved reports, by name',
    ok: z.object({ items: z.array(saved) }),
    permission: 'analytics.read',
  },
  'POST /api/reports/saved': {
    summary: 'Saves a report, to be looked at again or mailed daily, weekly or monthly',
    body: savedInput,
    ok: saved,
    status: 201,
    permission: 'reports.write',
  },
  'PUT /api/reports/saved/:id': {
    summary: 'Changes a saved report and its mails',
    params: z.object({ id: wireId('saved_report') }),
    body: savedInput,
    ok: saved,
    permission: 'reports.write',
  },
  'DELETE /api/reports/saved/:id': {
    summary: 'Removes a saved report; it is no longer mailed',
    params: z.object({ id: wireId('saved_report') }),
    permission: 'reports.write',
  },
  'GET /api/reports/saved/:id/pdf': {
    summary: 'What a saved report says now, as a tagged PDF',
    params: z.object({ id: wireId('saved_report') }),
    ok: raw('application/pdf'),
    permission: 'analytics.read',
  },
  'GET /api/reports/shares': {
    summary: 'Links that show a report without an account, newest first',
    ok: z.object({ items: z.array(share) }),
    permission: 'analytics.read',
  },
  'POST /api/reports/shares': {
    summary:
      'Makes a link that shows a report, read only and without anybody’s data, until it expires or is taken back',
    body: z.object({
      question,
      title: z.string().trim().max(120, 'At most 120 characters.').default(''),
      days: z.number().int().min(1, 'At least a day.').max(90, 'At most 90 days.').default(14),
      locale: z.enum(LOCALES).optional(),
    }),
    ok: share,
    status: 201,
    permission: 'reports.share',
  },
  'DELETE /api/reports/shares/:id': {
    summary: 'Takes a link back: from now on it shows nothing',
    params: z.object({ id: wireId('report_share') }),
    permission: 'reports.share',
  },
  'GET /r/:token': {
    summary: 'The page of a shared report; as a file with `format=pdf` or `format=csv`',
    params: z.object({ token: z.string().max(100) }),
    query: z.object({ format: z.enum(['html', 'pdf', 'csv']).default('html') }),
    ok: raw('text/html; charset=utf-8'),
    permission: 'public',
  },
  'GET /api/campaigns/ab-test/:testId/results.pdf': {
    summary: 'Results of a test as a tagged PDF in the caller’s language',
    params: z.object({ testId: wireId('experiment') }),
    query: z.object({ locale: z.enum(LOCALES).optional() }),
    ok: raw('application/pdf'),
    permission: 'analytics.read',
  },
  'GET /api/campaigns/:id/spends': {
    summary: 'What was paid for a campaign besides its messages, latest first',
    params,
    ok: z.object({ items: z.array(spend) }),
    permission: 'analytics.read',
  },
  'POST /api/campaigns/:id/spends': {
    summary: 'Writes down what was paid',
    params,
    body: spendInput,
    ok: spend,
    status: 201,
    permission: 'budgets.write',
  },
  'PUT /api/campaigns/:id/spends/:spendId': {
    summary: 'Corrects a spend that was written down',
    params: params.extend({ spendId: wireId('spend') }),
    body: spendInput,
    ok: spend,
    permission: 'budgets.write',
  },
  'DELETE /api/campaigns/:id/spends/:spendId': {
    summary: 'Removes a spend that was written down',
    params: params.extend({ spendId: wireId('spend') }),
    permission: 'budgets.write',
  },
  'POST /api/spends/imports/preview': {
    summary: 'What would come of a CSV file of spends, row by row; writes nothing',
    body: spendFile,
    ok: spendFilePreview,
    permission: 'budgets.write',
  },
  'POST /api/spends/imports': {
    summary:
      'Writes down the spends of a CSV file, all or none; spends without a campaign count for their channel or platform',
    body: spendFile,
    ok: spendImport,
    status: 201,
    permission: 'budgets.write',
  },
  'GET /api/spends/imports': {
    summary: 'Files of spends that came in, newest first',
    ok: z.object({ items: z.array(spendImport) }),
    permission: 'analytics.read',
  },
  'POST /api/spends/imports/:id/undo': {
    summary: 'Takes back all that a file wrote down',
    params: z.object({ id: wireId('spend_import') }),
    ok: spendImport,
    permission: 'budgets.write',
  },
})
