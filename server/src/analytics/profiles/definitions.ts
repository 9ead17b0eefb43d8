/**
 * What each figure of a profile means, in numbers: what the screens say, what the statements compute, what tests
 * compute again on their own. Pure.
 */

/**
 * Points for what a person does. Refunds, ended subscriptions and what programs do give none; `identify` and `group`
 * say who somebody is, not that they did something.
 */
export const POINTS = { visit: 1, event: 1, opened: 1, clicked: 3, replied: 3, ordered: 10 } as const

/** Days after which points count half. */
export const HALF_LIFE_DAYS = 30

/** Points of today that make a score of 50: score = 100 × points ÷ (points + this). */
export const HALF_SCORE_POINTS = 20

/** What happened before this day has no weight any more: its half is halved more than seventy times. */
export const POINTS_SINCE = '2020-01-01'

/** An order counts for the message whose link was followed last before it, within so many days. */
export const CONVERSION_DAYS = 7

/** Days of silence after which the expected further year counts half; figured in whole steps of 30 days. */
export const SILENCE_HALF_DAYS = 180
export const SILENCE_STEP_DAYS = 30

/** Bounds of spending levels until an organization sets its own, in major units of its currency. Source: CB-3.1 */
export const USUAL_BOUNDS = { mediumFrom: 100, highFrom: 500 } as const

export const SPENDING_LEVELS = ['low', 'medium', 'high'] as const
export type SpendingLevel = (typeof SPENDING_LEVELS)[number]

/** What buyers are called by recency and by frequency with money. */
export const RFM_CLASSES = [
  'champions',
  'loyal',
  'potential_loyal',
  'new',
  'promising',
  'needs_attention',
  'about_to_sleep',
  'at_risk',
  'cannot_lose',
  'hibernating',
  'lost',
] as const
export type RfmClass = (typeof RFM_CLASSES)[number]

/**
 * The class of each field of the grid: a row per recency from 1 (longest ago) to 5, in it a field per value from 1 to
 * 5, where value is the mean of frequency and money, halves rounded up.
 */
export const RFM_GRID: readonly (readonly RfmClass[])[] = [
  ['lost', 'lost', 'hibernating', 'at_risk', 'cannot_lose'],
  ['hibernating', 'hibernating', 'at_risk', 'at_risk', 'cannot_lose'],
  ['about_to_sleep', 'about_to_sleep', 'needs_attention', 'loyal', 'loyal'],
  ['promising', 'promising', 'potential_loyal', 'loyal', 'champions'],
  ['new', 'promising', 'potential_loyal', 'champions', 'champions'],
]

/** Fifths: scores from 1 to 5, four borders between them. */
export const FIFTHS = 5

/** How many units a point of a day is worth; the units double with every half life. */
export const UNIT_SCALE = 65_536
