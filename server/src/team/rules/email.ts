/** Addresses of people who sign in. */

/** The form in which two addresses of people are compared: what people type for the same mailbox. */
export function emailKeyOf(email: string): string {
  return email.trim().normalize('NFKC').toLowerCase()
}
