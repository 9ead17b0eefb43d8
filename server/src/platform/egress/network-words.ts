/**
 * What the network says when it fails, for people: the words of the system's libraries are English alone, and for
 * programmers.
 */

/**
 * A sentence of ours on why a host was not reached; the error's own words where there is none.
 * @param host  as it was called, with a port where that helps
 */
export function networkWords(error: unknown, host: string): string {
  const codes = codesIn(error)
  const sentence = SENTENCES.find(([pattern]) => codes.some((code) => pattern.test(code)))?.[1]
  if (sentence) return sentence(host)
  return error instanceof Error ? error.message : String(error)
}

/** Codes of an error and of what caused it, also where several addresses were tried. */
export function codesIn(error: unknown): string[] {
  if (!(error instanceof Error)) return []
  const own = 'code' in error && typeof error.code === 'string' ? [error.code] : []
  const inner = error instanceof AggregateError ? error.errors : []
  return [...own, ...[error.cause, ...inner].flatMap(codesIn)]
}

/** Codes of a handshake that failed. */
export const HANDSHAKE = /^(?:CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO)/

/** By code; the first that fits is said. */
const SENTENCES: readonly (readonly [code: RegExp, sentence: (host: string) => string])[] = [
  [/^ENOTFOUND$/, (host) => `The name ${host} is not known. Check the address.`],
  [/^EAI_AGAIN$/, (host) => `The name ${host} could not be looked up just now.`],
  [/^ECONNREFUSED$/, (host) => `The connection to ${host} was refused.`],
  [/^(?:EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/, (host) => `No way leads from here to ${host}.`],
  [/^(?:ETIMEDOUT|UND_ERR_\w+_TIMEOUT)$/, (host) => `No answer came from ${host} in time.`],
  [/^(?:ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, (host) => `The connection to ${host} ended before it answered.`],
  [/^CERT_HAS_EXPIRED$/, (host) => `The certificate of ${host} has run out.`],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, (host) => `The certificate of ${host} is made out to another name.`],
  [/^(?:CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO)/, (host) => `The certificate of ${host} cannot be trusted.`],
  [HANDSHAKE, (host) => `No secure connection to ${host} could be agreed on.`],
]
