/**
 * The form of a message token: 30 bytes, 40 characters of base64url, no padding and no spare bits.
 *
 *     version 1 ‖ source key 8 ‖ contact 6 ‖ slot 2 ‖ MAC 13
 *
 * The source key stands for organization, campaign, run, channel and mail version (table token_source). It is that
 * short because the token also lies in header lines (List-Unsubscribe, Message-ID), which must stay below 78
 * characters; with the ids written out they would have 120. The slot says what the token is for.
 * Source: compliance report §1.7; RFC 5322 §2.1.1
 */
import { timingSafeEqual } from 'node:crypto'
import { assert } from '../../platform/errors.ts'
import type { CampaignId, ContactId, MailVersionId, RunId } from '../../platform/ids.ts'
import { BLOCK_BYTES, macOf, type Cmac } from './cmac.ts'

/** Version of the form and of the key that signs it. */
export const TOKEN_VERSION = 1
/** Bytes and characters of a token. */
export const TOKEN_BYTES = 30
export const TOKEN_CHARS = 40
export const MAC_BYTES = 13
/** Version, source key and contact: the part that all tokens of one message share, 20 characters. */
export const HEAD_BYTES = 15
const CONTACT_MAX = 2 ** 48
const SHAPE = new RegExp(`^[A-Za-z0-9_-]{${TOKEN_CHARS}}$`)

/** What a token may be for, beside a click: its number. */
export const SLOTS = { open: 0, unsubscribe: 1, preferences: 2, view: 3, message: 4 } as const
/** The link with number n has slot `FIRST_LINK_SLOT + n`. */
export const FIRST_LINK_SLOT = 16
/** Links that a mail may have. */
export const LINKS_MAX = 0xffff - FIRST_LINK_SLOT

/** What a token is for. */
export type TokenPurpose = keyof typeof SLOTS | 'click'

/** What the messages of one run and mail version have in common. */
export interface TokenSource {
  campaignId: CampaignId
  runId: RunId
  versionId: MailVersionId
  channel: string
  /** First day of the run's month, `2026-11-01`: the ledger's partition. */
  month: string
}

/** What a token says, before its source is looked up. */
export interface TokenContent {
  /** The signed 64-bit key as decimal text. */
  sourceKey: string
  contactId: ContactId
  purpose: TokenPurpose
  /** Number of the link; null unless the purpose is a click. */
  linkNo: number | null
}

/** Writes what is signed: source key, contact, slot. Its 16 bytes are one block. */
export function writeBlock(
  target: Buffer,
  offset: number,
  sourceKey: bigint,
  contact: number,
  slot: number,
): void {
  assert(contact > 0 && contact < CONTACT_MAX, 'a contact id has 48 bits')
  target.writeBigInt64BE(sourceKey, offset)
  target.writeUIntBE(contact, offset + 8, 6)
  target.writeUInt16BE(slot, offset + 14)
}

/**
 * Reads a token. All refusals happen before anything is looked up, so that none takes longer than another.
 * @returns null for whatever we have not signed ourselves
 */
export function readTokenContent(cmac: Cmac, token: string): TokenContent | null {
  // Foreign forms are checked against the MAC too: a wrong length costs what a wrong character costs.
  const isShaped = SHAPE.test(token)
  const bytes = Buffer.from(isShaped ? token : 'A'.repeat(TOKEN_CHARS), 'base64url')
  const block = bytes.subarray(1, 1 + BLOCK_BYTES)
  const genuine = timingSafeEqual(
    macOf(cmac, block).subarray(0, MAC_BYTES),
    bytes.subarray(1 + BLOCK_BYTES, TOKEN_BYTES),
  )
  if (!isShaped || !genuine || bytes.readUInt8(0) !== TOKEN_VERSION) return null
  const slot = block.readUInt16BE(14)
  const purpose = purposeOf(slot)
  if (purpose === null) return null
  return {
    sourceKey: block.readBigInt64BE(0).toString(),
    contactId: String(block.readUIntBE(8, 6)) as ContactId, // we wrote a contact's id there
    purpose,
    linkNo: purpose === 'click' ? slot - FIRST_LINK_SLOT : null,
  }
}

function purposeOf(slot: number): TokenPurpose | null {
  if (slot >= FIRST_LINK_SLOT) return 'click'
  const found = Object.entries(SLOTS).find(([, value]) => value === slot)
  return found ? (found[0] as keyof typeof SLOTS) : null // the entries of SLOTS have its keys
}
