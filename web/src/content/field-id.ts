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
