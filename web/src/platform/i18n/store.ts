/** The reader's language and the messages loaded so far. A page loads the messages of its rooms before it is shown. */
import type { AbstractIntlMessages } from 'use-intl'

/** The languages that Fanfare speaks. */
export type Language = 'en' | 'fr'

/** All languages, in the order of the switch. */
export const languages: readonly Language[] = ['en', 'fr']

/** What the provider shows: replaced as a whole, never changed in place. */
export interface I18nState {
  language: Language
  messages: Readonly<Record<string, AbstractIntlMessages>>
}

const storageKey = 'fanfare.language'

// One chunk per room and language; Vite lists them at build time, so that a new room needs no registration.
const files = import.meta.glob<AbstractIntlMessages>('../../*/messages/*.json', { import: 'default' })

const listeners = new Set<() => void>()
const wantedRooms = new Set<string>()
let state: I18nState = { language: initialLanguage(), messages: {} }

/** For `useSyncExternalStore`. */
export function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The present state. */
export function currentI18n(): I18nState {
  return state
}

/** Loads the messages of these rooms in the present language; at once when they are already there. */
export async function loadMessages(...rooms: readonly string[]): Promise<void> {
  for (const room of rooms) wantedRooms.add(room)
  const missing = rooms.filter((room) => !(room in state.messages))
  if (missing.length === 0) return
  const { language } = state
  const loaded = await fetchMessages(missing, language)
  // The language may have been switched meanwhile; the switch has then loaded these rooms itself.
  if (language === state.language) replace({ language, messages: { ...state.messages, ...loaded } })
}

/** Switches the language of the whole screen once its messages are there, and remembers it. */
export async function switchLanguage(language: Language): Promise<void> {
  if (language === state.language) return
  const messages = await fetchMessages([...wantedRooms], language)
  replace({ language, messages })
  document.documentElement.lang = language
  try {
    localStorage.setItem(storageKey, language)
  } catch {
    // Storage may be forbidden: the choice then lasts as long as the tab.
  }
}

function replace(next: I18nState): void {
  state = next
  for (const listener of listeners) listener()
}

async function fetchMessages(rooms: readonly string[], language: Language) {
  const entries = await Promise.all(
    rooms.map(async (room) => [room, await files[`../../${room}/messages/${language}.json`]?.()] as const),
  )
  const found: Record<string, AbstractIntlMessages> = {}
  for (const [room, messages] of entries) if (messages) found[room] = messages
  return found
}

function initialLanguage(): Language {
  // `first-paint.js` has already decided and written it to the document.
  return document.documentElement.lang.startsWith('fr') ? 'fr' : 'en'
}
