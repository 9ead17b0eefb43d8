import type { MailField } from './api.ts'

/** The element that holds a field: pre-flight lists of every page jump to it by this name. */
export const fieldId = (field: MailField): string => `content.email.${field}`

/** Brings a field into view and puts the caret into it. @returns false when it is not on the page */
export function focusField(field: MailField): boolean {
  const element = document.getElementById(fieldId(field))
  if (!element) return false
  element.scrollIntoView({ block: 'center', behavior: 'smooth' })
  const control = element.matches('input, textarea')
    ? element
    : element.querySelector<HTMLElement>('input, textarea, button')
  control?.focus({ preventScroll: true })
  return true
}

/** A place in the mail that another part of the page wants to show. */
export interface MailPlace {
  field: MailField
  line: number | null
  column: number | null
}

const EVENT = 'fanfare:mail-place'

/**
 * Asks the mail editor on this page to show a place: lists that stand elsewhere lead into it.
 *
 * @param field  as a check names it, with or without the page's own prefix: `content.email.body`
 * @returns false when it is not a field of a mail
 */
export function showMailPlace(field: string, line: number | null, column: number | null): boolean {
  const name = FIELDS.find((known) => field === known || field === fieldId(known))
  if (name === undefined) return false
  document.dispatchEvent(new CustomEvent<MailPlace>(EVENT, { detail: { field: name, line, column } }))
  return true
}

const FIELDS: readonly MailField[] = [
  'subject',
  'preheader',
  'fromName',
  'fromEmail',
  'replyTo',
  'body',
  'text',
]

/** Answers `showMailPlace`. @returns how to stop */
export function onMailPlace(show: (place: MailPlace) => void): () => void {
  const listener = (event: Event): void => {
    if (event instanceof CustomEvent) show(event.detail as MailPlace) // only showMailPlace sends this event
  }
  document.addEventListener(EVENT, listener)
  return () => document.removeEventListener(EVENT, listener)
}
