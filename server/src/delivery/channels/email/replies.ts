/**
 * What a refusal means: whom it is about and what follows from it. Data first, so that a rule can be read, cited
 * and added without touching code. Bounce mails (RFC 3464) carry the same codes and are judged by the same table.
 * Order: enhanced code → the words that providers use → the SMTP code → soft.
 */
import type { ProviderReply, RefusalStage } from '../outcome.ts'

/**
 * - `hard`: the address is not there; it is suppressed at once.
 * - `soft`: the address is there but cannot take this now; retried, then counted.
 * - `busy`: the receiving system is busy or slows us down; retried, counted only when time is up.
 * - `block`: our reputation, authentication or policy; never held against the contact.
 * - `content`: this mail is wrong (size, form); never held against the contact.
 * - `configuration`: our account or sender is refused; hand-over stops until it is put right.
 */
export type RefusalClass = 'hard' | 'soft' | 'busy' | 'block' | 'content' | 'configuration'

export interface Verdict {
  class: RefusalClass
  /** A short word for the ledger and the report, for example `invalid_recipient`. */
  reason: string
  /** Worth trying again? A 4xx is, whatever its class; a 5xx is only when the mailbox was full. */
  isRetried: boolean
}

interface Meaning {
  class: RefusalClass
  reason: string
}

const INVALID_RECIPIENT: Meaning = { class: 'hard', reason: 'invalid_recipient' }
const INACTIVE_MAILBOX: Meaning = { class: 'hard', reason: 'inactive_mailbox' }
const MAILBOX_FULL: Meaning = { class: 'soft', reason: 'mailbox_full' }
const SYSTEM: Meaning = { class: 'busy', reason: 'receiver_unavailable' }
const SLOWED: Meaning = { class: 'busy', reason: 'slowed_down' }
const EXPIRED: Meaning = { class: 'soft', reason: 'expired' }
const POLICY: Meaning = { class: 'block', reason: 'policy' }
const AUTHENTICATION: Meaning = { class: 'block', reason: 'authentication' }
const REPUTATION: Meaning = { class: 'block', reason: 'reputation' }
const SPAM: Meaning = { class: 'block', reason: 'spam' }
const TOO_LARGE: Meaning = { class: 'content', reason: 'too_large' }
const CONTENT: Meaning = { class: 'content', reason: 'content' }
const SENDER: Meaning = { class: 'configuration', reason: 'sender_refused' }
const UNKNOWN: Meaning = { class: 'soft', reason: 'undetermined' }

/**
 * By subject and detail of the enhanced code (RFC 3463 and the IANA registry); the class digit says only whether it
 * may pass. `x.7.x` without an own line is policy.
 */
const BY_ENHANCED: Readonly<Record<string, Meaning>> = {
  '1.1': INVALID_RECIPIENT,
  '1.2': INVALID_RECIPIENT,
  '1.3': INVALID_RECIPIENT,
  '1.4': INVALID_RECIPIENT,
  '1.6': INVALID_RECIPIENT,
  '1.10': INVALID_RECIPIENT,
  '1.7': SENDER,
  '1.8': SENDER,
  '1.9': CONTENT,
  '2.0': UNKNOWN,
  '2.1': INACTIVE_MAILBOX,
  '2.2': MAILBOX_FULL,
  '2.3': TOO_LARGE,
  '2.4': SYSTEM,
  '3.1': SYSTEM,
  '3.2': SYSTEM,
  '3.3': CONTENT,
  '3.4': TOO_LARGE,
  '3.5': SYSTEM,
  '4.1': SYSTEM,
  '4.2': SYSTEM,
  '4.3': SYSTEM,
  '4.4': SYSTEM,
  '4.5': SYSTEM,
  '4.6': SYSTEM,
  '4.7': EXPIRED,
  '5.1': SYSTEM,
  '5.3': SLOWED,
  '6.0': CONTENT,
  '6.1': CONTENT,
  '6.2': CONTENT,
  '6.3': CONTENT,
  '6.5': CONTENT,
  '6.6': CONTENT,
  '6.7': INVALID_RECIPIENT,
  '7.0': POLICY,
  '7.1': POLICY,
  '7.13': INACTIVE_MAILBOX,
  '7.20': AUTHENTICATION,
  '7.21': AUTHENTICATION,
  '7.22': AUTHENTICATION,
  '7.23': AUTHENTICATION,
  '7.24': AUTHENTICATION,
  '7.25': AUTHENTICATION,
  '7.26': AUTHENTICATION,
  '7.27': SENDER,
  '7.28': SLOWED,
  '7.8': SENDER,
  '7.515': AUTHENTICATION,
}

/** What providers write where their code is silent or says something else. First match wins. */
const BY_WORDS: readonly { pattern: RegExp; meaning: Meaning }[] = [
  {
    pattern:
      /\bTS0[1-4]\b|temporarily deferred|rate.?limit|too many (messages|connections|recipients)|throttl|try again later|greylist|graylist/i,
    meaning: SLOWED,
  },
  {
    pattern: /mailbox (is )?full|over ?quota|quota exceeded|exceeded storage|insufficient (system )?storage/i,
    meaning: MAILBOX_FULL,
  },
  {
    pattern: /spamhaus|barracuda|block.?list|black.?list|\bRBL\b|poor reputation|bad reputation|reputation/i,
    meaning: REPUTATION,
  },
  {
    pattern: /\b(spf|dkim|dmarc)\b|authentication (level|required by)|not authenticated/i,
    meaning: AUTHENTICATION,
  },
  { pattern: /\bspam\b|unsolicited|bulk mail/i, meaning: SPAM },
  {
    pattern:
      /(user|mailbox|recipient|address|account)\b.{0,40}\b(unknown|not found|does not exist|doesn'?t exist|invalid|no such)|no such (user|mailbox|recipient|person)|unknown (user|recipient|mailbox)|invalid (recipient|mailbox)|not a valid (recipient|mailbox)/i,
    meaning: INVALID_RECIPIENT,
  },
  {
    pattern:
      /(mailbox|account|user|address)\b.{0,30}\b(disabled|inactive|suspended|deactivated|closed|expired|locked)/i,
    meaning: INACTIVE_MAILBOX,
  },
  { pattern: /too (large|big)|size (limit|exceeds)|exceeds .{0,20}size/i, meaning: TOO_LARGE },
]

/** When neither says more. At RCPT a 550 is about the recipient; later it is about the mail or about us. */
const BY_CODE: Readonly<Record<number, Meaning>> = {
  421: SYSTEM,
  450: SYSTEM,
  451: SYSTEM,
  452: SYSTEM,
  454: SYSTEM,
  530: SENDER,
  535: SENDER,
  552: MAILBOX_FULL,
}

/**
 * Classifies a refusal.
 * Source: compliance report §1.3; PC-19, PC-20, PC-21.
 */
export function judgeRefusal(reply: ProviderReply, stage: RefusalStage): Verdict {
  const meaning = meaningOf(reply, stage)
  const mayPass = reply.code >= 400 && reply.code < 500
  return {
    ...meaning,
    class: classOf(meaning, mayPass, stage),
    isRetried: mayPass || meaning === MAILBOX_FULL,
  }
}

function meaningOf(reply: ProviderReply, stage: RefusalStage): Meaning {
  const exact =
    reply.enhanced === null ? undefined : BY_ENHANCED[reply.enhanced.slice(reply.enhanced.indexOf('.') + 1)]
  // 7.1 and 7.0 are what servers say when they mean anything at all: their words know better.
  if (exact && exact !== POLICY && exact !== UNKNOWN) return exact
  if (stage === 'sender' && reply.code >= 500) return SENDER
  const said = BY_WORDS.find(({ pattern }) => pattern.test(reply.text))?.meaning
  if (said) return said
  if (exact) return exact
  if (reply.enhanced !== null && /^[45]\.7\./.test(reply.enhanced)) return POLICY
  const byCode = BY_CODE[reply.code]
  if (byCode) return byCode
  if (stage === 'recipient' && (reply.code === 550 || reply.code === 551 || reply.code === 553))
    return INVALID_RECIPIENT
  if (stage === 'content' && reply.code >= 500) return CONTENT
  return UNKNOWN
}

/** An address that is refused for now is not gone; a sender that is refused for now is a busy server. */
function classOf(meaning: Meaning, mayPass: boolean, stage: RefusalStage): RefusalClass {
  if (!mayPass) return meaning.class
  if (meaning.class === 'hard') return 'soft'
  return meaning.class === 'configuration' && stage !== 'sender' ? 'soft' : meaning.class
}
