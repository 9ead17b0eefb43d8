/** The columns of `metric_of_hour` and `figure_of_campaign`, and which figures each of them sums. Pure. */
import { ATTRIBUTION_MODELS, type AttributionModel } from '../attribution/models.ts'

/** A state of the ledger stands for all of its reasons. */
const OF_STATE = ['sent', 'delivered', 'bounced', 'unknown', 'failed'] as const
const OF_NAME = ['measured', 'opened', 'clicked', 'replied', 'unsubscribed', 'converted'] as const
const REVENUE_COLUMN = {
  first: 'revenue_first',
  last: 'revenue_last',
  linear: 'revenue_linear',
  position: 'revenue_position',
  timeDecay: 'revenue_time_decay',
} as const satisfies Record<AttributionModel, string>

/** Figures that are kept by the hour over all campaigns. `name` is as readings say it; `is` is SQL over `name`. */
export const HOUR_FIGURES: readonly { name: string; column: string; is: string }[] = [
  ...OF_STATE.map((name) => ({ name, column: name, is: `split_part(name, '.', 1) = '${name}'` })),
  ...OF_NAME.map((name) => ({ name, column: name, is: `name = '${name}'` })),
  ...ATTRIBUTION_MODELS.map((model) => ({
    name: `revenue.${model}`,
    column: REVENUE_COLUMN[model],
    is: `name = 'revenue.${model}'`,
  })),
]

const joined = (text: (figure: (typeof HOUR_FIGURES)[number]) => string, by = ', '): string =>
  HOUR_FIGURES.map(text).join(by)

/** The columns by name. */
export const HOUR_COLUMNS = joined(({ column }) => column)
/** Sums of rows of `name` and `n`, one per column. */
export const HOUR_SUMS = joined(
  ({ column, is }) => `coalesce(sum(n) filter (where ${is}), 0)::bigint as ${column}`,
)
/** Whether any column counts a row of `name`. */
export const IS_OF_HOUR = joined(({ is }) => is, ' or ')
/** What a row that stands already becomes. */
export const HOUR_ADDED = joined(({ column }) => `${column} = m.${column} + excluded.${column}`)
/** Sums of the columns, as numbers that JavaScript reads. */
export const HOUR_TOTALS = joined(({ column }) => `coalesce(sum(${column}), 0)::float8 as ${column}`)
/** The same as they are kept. */
export const HOUR_DIFFERENCES = joined(({ column }) => `sum(${column})::bigint`)
/** The columns taken away. */
export const HOUR_NEGATED = joined(({ column }) => `-${column}`)
/** Whether any of the sums is not nothing. */
export const IS_DIFFERENT = joined(({ column }) => `sum(${column}) <> 0`, ' or ')
