/** A key that nobody guesses. Not `crypto.randomUUID`, which plain http on a home network does not offer. */
export function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
