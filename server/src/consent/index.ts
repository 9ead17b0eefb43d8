/** The door of the room consent: what people agreed to, and the addresses never to be used. */
export { reachabilitySql, type ReachabilityQuestion, type ReachabilitySql } from './reachability/sql.ts'
export { whyUnreachable, type ReachabilityFacts } from './reachability/decide.ts'
export {
  CONSENT_BATCH_MAX,
  recordConsent,
  recordConsents,
  withdraw,
  wordingHashOf,
  type ConsentOrigin,
  type ConsentRecord,
} from './preferences/record.ts'
export type { ChangedPreference, Preference } from './preferences/queries.ts'
export { isSuppressed, liftSuppression, suppress } from './suppression/suppress.ts'
export type { NewSuppression, SuppressedChannel, Suppression } from './suppression/queries.ts'
export * from './events.ts'
export * from './words.ts'
