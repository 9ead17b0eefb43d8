/** The door of analytics. */
export { addDeltas, type MetricSubject } from './deltas.ts'
