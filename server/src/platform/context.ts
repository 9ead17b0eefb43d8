/** What every verb is given: who acts, for which organization, on which transaction, by which clock. */
import type { Platform } from './platform.ts'
import type { Db } from './db/index.ts'
import type { OrgId } from './ids.ts'
import type { Log } from './log.ts'
import type { Role } from './permissions.ts'

/** Languages of screens, mails and pages. */
export const LOCALES = ['en', 'fr'] as const
export type Locale = (typeof LOCALES)[number]

/** The same text in each language, where nobody knows yet which of them its reader speaks. */
export type InBoth = Readonly<Record<Locale, string>>

/** Who acts. `contact` is a recipient acting through a signed link; `system` is our own worker. */
export type Actor =
  | { kind: 'member'; id: string; role: Role }
  | { kind: 'api_key'; id: string; scopes: readonly string[] }
  | { kind: 'contact'; id: string }
  | { kind: 'system'; id: string }

/** Passed first to every verb, never found. */
export interface Ctx {
  readonly orgId: OrgId
  readonly actor: Actor
  readonly requestId: string
  readonly locale: Locale
  /** The caller's address cut to /24 or /48, when there is one. */
  readonly addressPrefix: string | null
  readonly db: Db
  readonly log: Log
  readonly platform: Platform
  /** The only clock. */
  now(): Date
  /** The only dice: uniform in [0, 1). */
  random(): number
}
