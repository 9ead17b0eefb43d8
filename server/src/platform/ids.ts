/**
 * Identifiers. In code an id is a branded string in the form the database holds (uuid text, or the decimal text of
 * a bigint); on the wire it is opaque, with a prefix per kind (`camp_…`). This file is the only place that converts.
 * The web takes parts of it, so it asks for nothing of Node's until a new id is made.
 */

/** A string of one kind that no other kind can be mistaken for. */
export type Id<Kind extends string> = string & { readonly __kind: Kind }

export type OrgId = Id<'organization'>
export type PersonId = Id<'person'>
export type ContactId = Id<'contact'>
export type CampaignId = Id<'campaign'>
export type RunId = Id<'run'>
export type ExperimentId = Id<'experiment'>
export type SegmentId = Id<'segment'>
export type MailVersionId = Id<'mail_version'>
export type MessageId = Id<'message'>

/** The organization that owns the installation's own work (partitions, purges): no tenant has it. */
export const SYSTEM_ORG = '00000000-0000-0000-0000-000000000000' as OrgId

/** Prefix on the wire and form in the database, per kind. */
export const ID_KINDS = {
  organization: { prefix: 'org', form: 'uuid' },
  person: { prefix: 'per', form: 'uuid' },
  session: { prefix: 'ses', form: 'uuid' },
  invitation: { prefix: 'inv', form: 'uuid' },
  api_key: { prefix: 'key', form: 'uuid' },
  contact: { prefix: 'con', form: 'bigint' },
  custom_field: { prefix: 'fld', form: 'uuid' },
  contact_import: { prefix: 'imp', form: 'uuid' },
  bulk_change: { prefix: 'blk', form: 'uuid' },
  segment: { prefix: 'seg', form: 'uuid' },
  consent_event: { prefix: 'cev', form: 'bigint' },
  privacy_request: { prefix: 'prq', form: 'uuid' },
  suppression_import: { prefix: 'supl', form: 'uuid' },
  form: { prefix: 'frm', form: 'uuid' },
  form_submission: { prefix: 'sub', form: 'bigint' },
  template: { prefix: 'tpl', form: 'uuid' },
  mail_version: { prefix: 'mlv', form: 'uuid' },
  campaign: { prefix: 'camp', form: 'uuid' },
  run: { prefix: 'run', form: 'uuid' },
  message: { prefix: 'msg', form: 'uuid' },
  experiment: { prefix: 'exp', form: 'uuid' },
  sender: { prefix: 'snd', form: 'uuid' },
  sending_domain: { prefix: 'dom', form: 'uuid' },
  provider: { prefix: 'prv', form: 'uuid' },
  inbound_message: { prefix: 'inb', form: 'bigint' },
  mailbox_message: { prefix: 'mbx', form: 'bigint' },
  event_source: { prefix: 'src', form: 'uuid' },
  post_link: { prefix: 'lnk', form: 'uuid' },
  spend: { prefix: 'spd', form: 'uuid' },
  spend_import: { prefix: 'spi', form: 'uuid' },
  saved_report: { prefix: 'rpt', form: 'uuid' },
  anomaly: { prefix: 'ano', form: 'uuid' },
  report_share: { prefix: 'shr', form: 'uuid' },
  event: { prefix: 'evt', form: 'bigint' },
  job: { prefix: 'job', form: 'bigint' },
} as const satisfies Record<string, { prefix: string; form: 'uuid' | 'bigint' }>

export type IdKind = keyof typeof ID_KINDS

/** Crockford's base32 without the letters that look like digits. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const UUID_DIGITS = 26

/** The shape of an id of this kind on the wire. */
export function wirePattern(kind: IdKind): RegExp {
  const { prefix, form } = ID_KINDS[kind]
  return form === 'uuid'
    ? new RegExp(`^${prefix}_[0-7][${ALPHABET}]{${UUID_DIGITS - 1}}$`)
    : new RegExp(`^${prefix}_[1-9][0-9]{0,17}$`)
}

/** Database form → wire form. */
export function toWire(kind: IdKind, id: string): string {
  const { prefix, form } = ID_KINDS[kind]
  if (form === 'bigint') return `${prefix}_${id}`
  let value = BigInt(`0x${id.replaceAll('-', '')}`)
  let digits = ''
  for (let i = 0; i < UUID_DIGITS; i++) {
    digits = ALPHABET.charAt(Number(value & 31n)) + digits
    value >>= 5n
  }
  return `${prefix}_${digits}`
}

/** Wire form → database form. The caller has matched `wirePattern` first. */
export function fromWire(kind: IdKind, wire: string): string {
  const { prefix, form } = ID_KINDS[kind]
  const rest = wire.slice(prefix.length + 1)
  if (form === 'bigint') return rest
  let value = 0n
  for (const digit of rest) value = (value << 5n) | BigInt(ALPHABET.indexOf(digit))
  const hex = value.toString(16).padStart(32, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/**
 * A new uuid of version 7: ordered by time to the millisecond, random below.
 * Source: RFC 9562 §5.7.
 */
export function newUuid(now: Date): string {
  const bytes = crypto.getRandomValues(Buffer.allocUnsafe(16))
  bytes.writeUIntBE(now.getTime(), 0, 6)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** When a uuid of version 7 was made. */
export const madeAt = (uuid: string): Date =>
  new Date(Number.parseInt(uuid.replace('-', '').slice(0, 12), 16))

/** A new id for a thing of a kind whose database form is a uuid. */
export function newId<Kind extends string>(now: Date): Id<Kind> {
  return newUuid(now) as Id<Kind> // the brand exists in the type system only
}

/** A secret that grants something: 160 random bits, URL-safe. */
export function newSecret(): string {
  return crypto.getRandomValues(Buffer.allocUnsafe(20)).toString('base64url')
}
