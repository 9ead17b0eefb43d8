/** How long a session lasts, and how it is kept in the browser. */

/** Unused for that long, a session ends. */
export const SESSION_IDLE_MS = 7 * 86_400_000
/** However much it is used, a session ends after that long. Source: ASVS 7.3.2 */
export const SESSION_ABSOLUTE_MS = 30 * 86_400_000
/** The time of last use is written at most that often. */
export const SESSION_TOUCH_MS = 15 * 60_000

/** The cookie's name; the `__Host-` prefix binds it to this host, and needs https. */
export function sessionCookieName(publicUrl: string): string {
  return publicUrl.startsWith('https:') ? '__Host-fanfare_session' : 'fanfare_session'
}
