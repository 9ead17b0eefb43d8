/** The door of the room analytics: counters, live figures and reports. */
export { addDeltas, ledgerDeltas, type MetricDelta } from './deltas.ts'
export type { Engagement, MetricName } from './names.ts'
