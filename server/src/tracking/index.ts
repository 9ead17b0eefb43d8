/** The door of the room tracking: the ledger, the links of messages, what people did with them. */
import { room } from '../platform/room.ts'
import { aliasConsumer } from './aliases/aliases.ts'
import { anyJob } from '../platform/jobs/index.ts'
import { accessParts, eraseSteps, forgetOldTraces, purgeConsumer } from './erase.ts'
import { dictionaryConsumer } from './dictionary/watch.ts'
import { watchLinkDomains } from './link-domain/link-domain.ts'
import { moveJob } from './identity/move.ts'
import { routes } from './routes.ts'

export {
  linksOfMessage,
  linkSigner,
  linkSigners,
  sampleLinks,
  type LinkSigner,
  type MessageLinks,
} from './token/signer.ts'
export { readToken, type MessageToken, type TokenMessage } from './token/read.ts'
export type { TokenPurpose, TokenSource } from './token/format.ts'
export {
  HANDED_OVER_STATES,
  LEDGER_STATES,
  type HandedOverState,
  type LedgerCount,
  type LedgerRun,
  type LedgerState,
} from './ledger/states.ts'
export {
  LEDGER_BATCH_MAX,
  moveMessages,
  recordAgain,
  recordMessages,
  recordSingles,
  recordSkipped,
  resolveUnknown,
  type LedgerSkips,
} from './ledger/record.ts'
export type {
  LedgerRow,
  Move,
  MovedMessage,
  PersonPlace,
  PersonRow,
  SentAgain,
  SingleRow,
} from './ledger/queries.ts'
export {
  alreadyRecorded,
  ledgerTotals,
  messagesOf,
  peopleBehind,
  stillUnknown,
  unknownSingles,
  type LedgerTotals,
} from './ledger/totals.ts'
export * from './events.ts'
export { announceReply, recordReplies } from './replies/record-replies.ts'
export { latestEvent, propertiesOfEvents } from './dictionary/examples.ts'
export { personalProperties, personalValues } from './dictionary/personal.ts'
export type { PersonalProperties } from './intake/forget.ts'
export { freezeLinks, linksOfRun } from './links/links.ts'
export type { TrackedLink } from './links/queries.ts'
export { registerViewRenderer, type ViewRenderer } from './links/view-renderer.ts'
export { registerFollowGate, type FollowGate, type Following } from './hits/follow-gate.ts'
export { identitiesOf, presentContactId, presentContactIds, rememberMergers } from './aliases/aliases.ts'
export { type HandoverNote, organizationsWithHandovers, takeHandovers } from './ledger/handovers.ts'
export { EVENT_ROLES, type EventRole } from './intake/words.ts'
export { INCOMING_TYPES, incomingPayload, type IncomingPayload } from './intake/payload.ts'
export { recordDelivery, type Delivery, type Receipt } from './intake/record.ts'
export { readMessage, type Message } from './intake/message.ts'
export { isPlatform, POST_PLATFORMS, type PostPlatform } from './post-links/platforms.ts'
export { changePostLink, createPostLink, listPostLinks, type PostLink } from './post-links/manage.ts'
export { selectCampaignsWithLinks } from './post-links/queries.ts'
export { createSource } from './sources/manage.ts'

/** What the house runs of this room. */
export const tracking = room('tracking', {
  routes,
  jobs: [anyJob(moveJob)],
  schedules: [forgetOldTraces, watchLinkDomains],
  consumers: [aliasConsumer, purgeConsumer, dictionaryConsumer],
  erase: eraseSteps,
  access: accessParts,
})
