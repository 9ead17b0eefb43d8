/** What every interval here is. */

/** A closed interval. */
export interface Interval {
  lower: number
  upper: number
}
