/** The zone in which instants are shown: the organization's once it is known, the browser's before. */
import { useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
const browserZone = Intl.DateTimeFormat().resolvedOptions().timeZone
let timeZone = browserZone

/** The browser's own zone, for "in your time". */
export function ownTimeZone(): string {
  return browserZone
}

/** Sets the zone of the screen; called when the session arrives. */
export function showTimesIn(zone: string): void {
  if (zone === timeZone) return
  timeZone = zone
  for (const listener of listeners) listener()
}

/** The zone in which the screen shows instants. */
export function useTimeZone(): string {
  return useSyncExternalStore(subscribe, () => timeZone)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
