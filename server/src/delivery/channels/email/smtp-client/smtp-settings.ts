/** How to reach a mail server, and how hard. */

/**
 * - `tls`: TLS from the first byte (port 465).
 * - `starttls`: TLS before anything of value, or not at all (port 587).
 * - `opportunistic`: TLS when the server offers it; a password only over TLS or on this machine.
 * - `none`: never TLS, because the operator says that the way is safe.
 */
export type SmtpSecurity = 'tls' | 'starttls' | 'opportunistic' | 'none'

export interface SmtpSettings {
  host: string
  port: number
  security: SmtpSecurity
  credentials: { username: string; password: string } | null
  /** Takes certificates that nobody vouches for: for servers of one's own. */
  acceptsAnyCertificate: boolean
  /** Our name in EHLO. */
  heloName: string
  connectionsMax: number
  messagesPerConnectionMax: number
  connectTimeoutMs: number
  greetingTimeoutMs: number
  /** Longest wait for the answer to a command before the body. */
  commandTimeoutMs: number
  /** Longest wait for the answer to the final dot; after it the outcome is unknown. */
  acceptanceTimeoutMs: number
}

/**
 * Limits that suit a relay of one's own. RFC 5321 §4.5.3.2 asks for 5 minutes per command and 10 after the dot; a
 * sub-batch must not wait that long for one sick connection, and a shorter wait only turns into a retry or into an
 * outcome that is listed as unknown.
 */
export const SMTP_DEFAULTS = {
  connectionsMax: 16,
  messagesPerConnectionMax: 1_000,
  connectTimeoutMs: 15_000,
  greetingTimeoutMs: 30_000,
  commandTimeoutMs: 60_000,
  acceptanceTimeoutMs: 120_000,
} as const

/**
 * Reads `smtp://user:password@host:port` or `smtps://…`. Query: `tls=none|starttls|opportunistic`,
 * `connections=16`, `messages=1000`, `name=mail.example.org`, `certificate=any`.
 *
 * @returns a sentence when the text is no such address
 */
export function parseSmtpUrl(text: string): SmtpSettings | string {
  if (!URL.canParse(text))
    return 'SMTP_URL is not an address such as smtp://user:password@mail.example.org:587.'
  const url = new URL(text)
  if (url.protocol !== 'smtp:' && url.protocol !== 'smtps:')
    return 'SMTP_URL begins with smtp:// or smtps://.'
  if (url.hostname === '') return 'SMTP_URL names no host.'
  const security = url.protocol === 'smtps:' ? 'tls' : (url.searchParams.get('tls') ?? 'opportunistic')
  if (security !== 'tls' && security !== 'none' && security !== 'starttls' && security !== 'opportunistic')
    return 'In SMTP_URL, tls is none, starttls or opportunistic.'
  const connectionsMax = whole(url.searchParams.get('connections'), SMTP_DEFAULTS.connectionsMax, 200)
  const messagesPerConnectionMax = whole(
    url.searchParams.get('messages'),
    SMTP_DEFAULTS.messagesPerConnectionMax,
    1_000_000,
  )
  if (connectionsMax === null || messagesPerConnectionMax === null)
    return 'In SMTP_URL, connections and messages are whole numbers above 0.'
  const heloName = url.searchParams.get('name') ?? 'fanfare.localhost'
  if (!/^[A-Za-z0-9.-]{1,253}$/.test(heloName)) return 'In SMTP_URL, name is a host name.'
  return {
    ...SMTP_DEFAULTS,
    host: url.hostname.replaceAll(/^\[|\]$/g, ''),
    port: url.port === '' ? (security === 'tls' ? 465 : 587) : Number(url.port),
    security,
    credentials:
      url.username === ''
        ? null
        : { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) },
    acceptsAnyCertificate: url.searchParams.get('certificate') === 'any',
    heloName,
    connectionsMax,
    messagesPerConnectionMax,
  }
}

function whole(text: string | null, otherwise: number, max: number): number | null {
  if (text === null) return otherwise
  const value = Number(text)
  return Number.isInteger(value) && value >= 1 && value <= max ? value : null
}
