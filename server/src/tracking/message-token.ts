/**
 * The signed name of one message. It stands in links, in the unsubscribe address, in the Message-ID and in the
 * return path, and names organization, run and contact before any query, so that nothing about a message must be
 * looked up by an id of the outside world.
 * Source: compliance report §1.7 (version ‖ organization ‖ message ‖ truncated HMAC of ≥ 96 bits)
 */
import { timingSafeEqual } from 'node:crypto'
import type { Ctx } from '../platform/context.ts'
import type { ContactId, MailVersionId, OrgId, RunId } from '../platform/ids.ts'
import type { OrgKeys } from '../platform/secrets/index.ts'

/** Channels as a token names them; the order is part of tokens that are out there. */
export const TOKEN_CHANNELS = ['email', 'sms', 'whatsapp', 'in_app', 'webhook'] as const
export type TokenChannel = (typeof TOKEN_CHANNELS)[number]

/** What a token says. */
export interface MessageName {
  orgId: OrgId
  runId: RunId
  versionId: MailVersionId
  channel: TokenChannel
  contactId: ContactId
}

const FORM = 1
const PURPOSE = 'message-token'
const UUID_BYTES = 16
const CONTACT_BYTES = 6
const MAC_BYTES = 12
const HEAD_BYTES = 1 + UUID_BYTES * 3 + 1
const TOKEN_BYTES = HEAD_BYTES + CONTACT_BYTES + MAC_BYTES
const TOKEN_SHAPE = /^[A-Za-z0-9_-]{91}$/

/** Names the messages of one run: everything but the contact is worked out once. */
export function messageTokens(
  keys: OrgKeys,
  run: Omit<MessageName, 'contactId'>,
): (contactId: ContactId) => string {
  const head = Buffer.concat([
    Buffer.from([FORM]),
    uuidBytes(run.orgId),
    uuidBytes(run.runId),
    uuidBytes(run.versionId),
    Buffer.from([TOKEN_CHANNELS.indexOf(run.channel)]),
  ])
  const token = Buffer.alloc(TOKEN_BYTES)
  head.copy(token)
  return (contactId) => {
    token.writeUIntBE(Number(contactId), HEAD_BYTES, CONTACT_BYTES)
    keys
      .sign(PURPOSE, token.subarray(0, HEAD_BYTES + CONTACT_BYTES))
      .copy(token, HEAD_BYTES + CONTACT_BYTES, 0, MAC_BYTES)
    return token.toString('base64url')
  }
}

/** Reads a token without proving it: to learn whose keys would. @returns null when it is no token of ours */
export function claimedName(token: string): MessageName | null {
  if (!TOKEN_SHAPE.test(token)) return null
  const bytes = Buffer.from(token, 'base64url')
  const channel = TOKEN_CHANNELS[bytes[1 + UUID_BYTES * 3] ?? -1]
  if (bytes.length !== TOKEN_BYTES || bytes[0] !== FORM || channel === undefined) return null
  return {
    orgId: uuidText(bytes, 1) as OrgId, // the branded form of what was just read
    runId: uuidText(bytes, 1 + UUID_BYTES) as RunId, // likewise
    versionId: uuidText(bytes, 1 + UUID_BYTES * 2) as MailVersionId, // likewise
    channel,
    contactId: String(bytes.readUIntBE(HEAD_BYTES, CONTACT_BYTES)) as ContactId, // likewise
  }
}

/**
 * Reads and proves a token.
 * @param ctxOf a ctx in the organization that the token claims, for its keys
 * @returns null when it is not one of ours or was changed
 */
export async function readMessageToken(
  ctxOf: (orgId: OrgId) => Ctx,
  token: string,
): Promise<MessageName | null> {
  const name = claimedName(token)
  if (!name) return null
  const ctx = ctxOf(name.orgId)
  const keys = await ctx.platform.secrets.of(ctx)
  const bytes = Buffer.from(token, 'base64url')
  const mac = keys.sign(PURPOSE, bytes.subarray(0, TOKEN_BYTES - MAC_BYTES)).subarray(0, MAC_BYTES)
  return timingSafeEqual(mac, bytes.subarray(TOKEN_BYTES - MAC_BYTES)) ? name : null
}

const uuidBytes = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex')

function uuidText(bytes: Buffer, at: number): string {
  const hex = bytes.toString('hex', at, at + UUID_BYTES)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
