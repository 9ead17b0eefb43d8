/** What providers said about messages that they did not take. */
import type { ContactId } from '../../platform/ids.ts'
import type { ProviderReply } from '../channels/outcome.ts'

/** A provider's no to one message. */
export interface Refusal {
  contactId: ContactId
  /** The provider's name; empty for a mail server. */
  provider: string
  code: string
  /** In the provider's words, cut. */
  words: string
  /** As in the ledger. */
  reason: string
  /** False while it will be tried again by itself. */
  isFinal: boolean
}

/** Providers write pages; people read a sentence. */
const WORDS_MAX = 300

/** Status and enhanced status, as far as there are any. */
export const codeOf = ({ code, enhanced }: ProviderReply): string =>
  `${code === 0 ? '' : code} ${enhanced ?? ''}`.trim()

/** As much of the words as is kept. */
export const wordsOf = (text: string): string => text.replaceAll(/\s+/g, ' ').trim().slice(0, WORDS_MAX)
