/** The door of tracking: the event log's messages and the ledger. */
export {
  alreadyRecorded,
  countMessages,
  MESSAGE_STATES,
  recordMessages,
  recordSkipped,
  resolveUnknown,
  type LedgerRow,
  type LedgerRun,
  type LedgerSkips,
  type MessageState,
} from './ledger.ts'
export { messageBounced } from './events.ts'
export {
  claimedName,
  messageTokens,
  readMessageToken,
  TOKEN_CHANNELS,
  type MessageName,
  type TokenChannel,
} from './message-token.ts'
