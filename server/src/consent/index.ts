/** The door of the room consent: what people agreed to, and the addresses never to be used. */
import { anyJob } from '../platform/jobs/index.ts'
import { room } from '../platform/room.ts'
import { bounceConsumer } from './bounces.ts'
import { accessParts, eraseSteps } from './erase.ts'
import { receiveImports } from './intake.ts'
import { mergeConsumer } from './merge.ts'
import { answerFollowGate } from './follow-consent.ts'
import { inactiveContacts } from './retention/inactive.ts'
import { applyRetention, applyRetentionJob } from './retention/apply.ts'
import { eraseJob, forgetExpiredArchives, makeArchive } from './rights/jobs.ts'
import { routes } from './routes.ts'

export { reachabilitySql, type ReachabilityQuestion, type ReachabilitySql } from './reachability/sql.ts'
export { whyUnreachable, type ReachabilityFacts } from './reachability/decide.ts'
export {
  CONSENT_BATCH_MAX,
  recordConsent,
  recordConsents,
  withdraw,
  withdrawnBy,
  wordingHashOf,
  type ConsentOrigin,
  type ConsentRecord,
} from './preferences/record.ts'
export type { ChangedPreference, Preference } from './preferences/queries.ts'
export { consentOf, recordHeard } from './preferences/overview.ts'
export { resumeWithdrawn, type Resumption } from './preferences/resume.ts'
export { isSuppressed, liftSuppression, suppress } from './suppression/suppress.ts'
export { suppressedChannel } from './suppression/queries.ts'
export type { NewSuppression, SuppressedChannel, Suppression } from './suppression/queries.ts'
export { allTopics, liveTopics } from './center/manage.ts'
export type { Topic } from './center/design.ts'
export { languageOf, textIn, type Localized } from './center/words.ts'
export { registerRunTopic, type RunTopic } from './pages/message-topic.ts'
export { organizationName } from './pages/person.ts'
export { formOf as formFields } from './pages/routes.ts'
export { registerCampaignNames, type CampaignNames } from './proof/campaign-names.ts'
export { erasePerson, type Erased } from './rights/erase-person.ts'
export * from './events.ts'
export * from './words.ts'

// Lower rooms call this one through ports; they have them from the moment that this door is loaded.
receiveImports()
answerFollowGate()

/** What the house runs of this room. */
export const consent = room('consent', {
  routes,
  consumers: [mergeConsumer, bounceConsumer],
  erase: eraseSteps,
  access: accessParts,
  jobs: [anyJob(makeArchive), anyJob(eraseJob), anyJob(applyRetentionJob)],
  schedules: [forgetExpiredArchives, applyRetention],
  retention: [inactiveContacts],
})
