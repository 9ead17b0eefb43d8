/**
 * The figures that depend on others or on the day, as SQL over whatever holds the others. One text for folding, for
 * figuring anew and for the daily refresh: three ways to one number. All arithmetic is in integers, so that sums are
 * exact in whatever order they were made.
 */
import {
  HALF_LIFE_DAYS,
  HALF_SCORE_POINTS,
  POINTS_SINCE,
  RFM_GRID,
  SILENCE_HALF_DAYS,
  SILENCE_STEP_DAYS,
  UNIT_SCALE,
} from './definitions.ts'

/** Growth of a point's units within one half life, by the day of it. */
const GROWTH = Array.from({ length: HALF_LIFE_DAYS }, (_, day) =>
  Math.round(UNIT_SCALE * 2 ** (day / HALF_LIFE_DAYS)),
)

const SILENCE_STEPS = SILENCE_HALF_DAYS / SILENCE_STEP_DAYS
/** What is left of the expected year within one half of silence, by the step of it. */
const FADING = Array.from({ length: SILENCE_STEPS }, (_, step) =>
  Math.round(UNIT_SCALE * 2 ** (-step / SILENCE_STEPS)),
)

/** The calendar day of an instant, in UTC: score and money know no zone. */
export const dayOf = (instant: string): string => `(${instant} at time zone 'UTC')::date`

/** Units of one point on a day. Those of a later day are worth more, which is how earlier ones fade without a clock. */
export function unitSql(day: string): string {
  const age = `(${day} - date '${POINTS_SINCE}')`
  return `(case when ${age} < 0 then 0 else (array[${GROWTH.join(',')}])[1 + ${age} % ${HALF_LIFE_DAYS}]
    * trunc(power(2::numeric, ${age} / ${HALF_LIFE_DAYS})) end)`
}

/** Units of an event's points. */
export const pointsSql = (weight: string, at: string): string => `(${weight} * ${unitSql(dayOf(at))})`

/** 0 to 100, from a contact's units and the day. */
export function scoreSql(points: string, today: string): string {
  const half = `(${HALF_SCORE_POINTS} * ${unitSql(`${today}::date`)})`
  return `(case when ${points} <= 0 then 0
    else div(200 * ${points} + ${points} + ${half}, 2 * (${points} + ${half})) end)::smallint`
}

/** What somebody brought, and what a further year would bring at their pace, less the longer they are silent. */
export function lifetimeSql(of: { revenue: string; first: string; last: string }, today: string): string {
  const steps = `(greatest(0, ${today}::date - ${dayOf(of.last)}) / ${SILENCE_STEP_DAYS})`
  const year = `(${of.revenue}::numeric * 365 * (array[${FADING.join(',')}])[1 + ${steps} % ${SILENCE_STEPS}])`
  const pace = `(greatest(365, ${today}::date - ${dayOf(of.first)}) * ${UNIT_SCALE} * trunc(power(2::numeric, least(40, ${steps} / ${SILENCE_STEPS}))))`
  return `(case when ${of.revenue} <= 0 or ${of.last} is null then 0 else ${of.revenue} + div(${year}, ${pace}) end)::bigint`
}

/** Null for who never ordered. */
export const spendingSql = (orders: string, revenue: string, medium: string, high: string): string =>
  `(case when ${orders} = 0 then null when ${revenue} >= ${high} then 'high' when ${revenue} >= ${medium} then 'medium' else 'low' end)`

/** 1 and one more for each border that lies below; null for who never ordered, and while no borders are drawn. */
export const fifthSql = (orders: string, value: string, borders: string): string =>
  `(case when ${orders} = 0 or cardinality(${borders}) = 0 then null
    else 1 + (select count(*) from unnest(${borders}) as b (border) where b.border < ${value}) end)::smallint`

/** The name of a field of the grid; null where a score is. */
export const classSql = (recency: string, frequency: string, monetary: string): string =>
  `(array[${RFM_GRID.flat()
    .map((name) => `'${name}'`)
    .join(',')}])[(${recency} - 1) * 5 + (${frequency} + ${monetary} + 1) / 2]`
