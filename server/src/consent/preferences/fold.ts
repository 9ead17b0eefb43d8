/**
 * The fold of what a person said into the word in force, per channel and purpose. It gives the same result in
 * whatever order the events arrive.
 *
 * The latest word by its own time wins; of two at one time the more restrictive; so an older grant that arrives late
 * never beats a withdrawal. `pending` is a question, not a word: it holds only while there is none.
 * Source: compliance report §3.1; GDPR 7(3)
 */
import type { ConsentState } from '../words.ts'

/** Least to most restrictive, for words of the same instant. */
export const RESTRICTIVENESS = [
  'pending',
  'granted',
  'expired',
  'denied',
  'withdrawn',
] as const satisfies readonly ConsentState[]

/** One word. */
export interface Word {
  state: ConsentState
  occurredAt: Date
  /** Order of arrival, for words alike in all else. */
  eventId: bigint
}

/** Does `next` take the place of `present`? */
export function takesPlaceOf(next: Word, present: Word): boolean {
  if ((next.state === 'pending') !== (present.state === 'pending')) return present.state === 'pending'
  const time = next.occurredAt.getTime() - present.occurredAt.getTime()
  if (time !== 0) return time > 0
  const rank = RESTRICTIVENESS.indexOf(next.state) - RESTRICTIVENESS.indexOf(present.state)
  return rank === 0 ? next.eventId > present.eventId : rank > 0
}

/** The word in force; null for none. */
export function foldWords(words: readonly Word[]): Word | null {
  return words.reduce<Word | null>(
    (present, word) => (present === null || takesPlaceOf(word, present) ? word : present),
    null,
  )
}

/** The more restrictive of two states, for profiles that become one. */
export function moreRestrictive(a: ConsentState, b: ConsentState): ConsentState {
  return RESTRICTIVENESS.indexOf(a) >= RESTRICTIVENESS.indexOf(b) ? a : b
}
