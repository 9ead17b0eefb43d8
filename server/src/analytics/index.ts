/** The door of the room analytics: counters, live figures and reports. */
export { addDeltas, appendDeltas, ledgerDeltas, type MetricDelta, type MetricSubject } from './deltas.ts'
export type { Engagement, MetricName } from './names.ts'
