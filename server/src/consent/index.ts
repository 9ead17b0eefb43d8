/** The door of the room consent: what people agreed to, and the addresses never to be used. */
export { reachabilitySql, type ReachabilityQuestion, type ReachabilitySql } from './reachability/sql.ts'
export { whyUnreachable, type ReachabilityFacts } from './reachability/decide.ts'
export * from './words.ts'
