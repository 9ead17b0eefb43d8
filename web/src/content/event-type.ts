import { createContext, use } from 'react'

/** The type of the event that sets off what is being written; null where none does. */
export const EventType = createContext<string | null>(null)

/** As a part of a request: its properties are variables, too. */
export function useEventPart(): { event?: string } {
  const event = use(EventType)
  return event === null ? {} : { event }
}
