/**
 * Signing the links of messages, fast enough for the send loop: one cipher call for some messages, whatever their links.
 * Source: PC-16, PC-26; measured by `npm run bench -- delivery`
 */
import { createHmac } from 'node:crypto'
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { assert } from '../../platform/errors.ts'
import { BLOCK_BYTES, createCmac, maskBlock, type Cmac } from './cmac.ts'
import {
  FIRST_LINK_SLOT,
  HEAD_BYTES,
  LINKS_MAX,
  MAC_BYTES,
  SLOTS,
  TOKEN_CHARS,
  TOKEN_VERSION,
  writeBlock,
  type TokenSource,
} from './format.ts'
import { linkOrigin } from '../link-domain/link-domain.ts'
import { insertTokenSources, nextShortNumbers, shortNumbers } from './queries.ts'
import {
  SHORT_CODE_CHARS,
  SHORT_LINKS_MAX,
  shortHead,
  shortLinkPlace,
  shortPlace,
  shortTail,
} from './short.ts'

/** The links of one message: whole URLs, and the token for its Message-ID or return path. */
export interface MessageLinks {
  /** By link number. */
  readonly clicks: readonly string[]
  readonly open: string
  readonly unsubscribe: string
  readonly preferences: string
  readonly view: string
  /** A token of 40 characters that names the message; not a URL. */
  readonly message: string
}

/** Signs for one run and mail version. */
export interface LinkSigner {
  linksFor(contactId: ContactId): MessageLinks
  /** The links of each of these people, by their place: asked for in order, those next in line are signed together. */
  linksOf(contactIds: readonly ContactId[]): (at: number) => MessageLinks
}

const PURPOSE_SLOTS = [SLOTS.open, SLOTS.unsubscribe, SLOTS.preferences, SLOTS.view, SLOTS.message]
/** Links that are signed in one call: enough to hide what a call takes by itself, few enough to lie in the cache. */
const SIGNED_TOGETHER = 512
/** Channels whose readers see the address, and whose senders pay for it. */
const SHORT_CHANNELS = new Set(['sms', 'whatsapp'])

/** Under which number and on which origin a source writes short links. */
export interface ShortSource {
  no: number
  origin: string
}

/**
 * Makes the signer of a run and mail version, and the row by which its tokens are understood later.
 * Call it once per chunk, not per message.
 *
 * @param linkCount  links of the version, numbered from 0
 * @param baseUrl    where the links lead; the installation's tracking address unless the organization has its own
 */
export async function linkSigner(
  ctx: Ctx,
  source: TokenSource,
  linkCount: number,
  baseUrl: string = ctx.platform.config.trackingUrl,
): Promise<LinkSigner> {
  const [signer] = await linkSigners(ctx, [source], linkCount, baseUrl)
  assert(signer, 'a source has a signer')
  return signer
}

/**
 * Signers for messages that are each a run of their own, in one statement.
 * @returns in the order of the sources
 */
export async function linkSigners(
  ctx: Ctx,
  sources: readonly TokenSource[],
  linkCount: number,
  baseUrl: string = ctx.platform.config.trackingUrl,
): Promise<LinkSigner[]> {
  const keys = sources.map((source) => sourceKeyOf(ctx, source))
  const shortCount = sources.filter(({ channel }) => SHORT_CHANNELS.has(channel)).length
  const numbers = shortCount === 0 ? [] : await nextShortNumbers(ctx, shortCount)
  const fresh = numbers.values()
  await insertTokenSources(
    ctx,
    sources.map((source, at) => ({
      ...source,
      key: String(keys[at]),
      shortNo: SHORT_CHANNELS.has(source.channel) ? (fresh.next().value?.no ?? null) : null,
    })),
  )
  const shorts = shortCount === 0 ? null : await shortSources(ctx, keys)
  return keys.map((key) => signerFor(tokenCmac(ctx.platform), key, linkCount, baseUrl, shorts?.get(key)))
}

/** Sources that were known before there were short links have no number, and keep long ones. */
async function shortSources(ctx: Ctx, keys: readonly bigint[]): Promise<ReadonlyMap<bigint, ShortSource>> {
  const origin = await linkOrigin(ctx)
  const rows = await shortNumbers(ctx, keys.map(String))
  return new Map(rows.map(({ key, shortNo }) => [BigInt(key), { no: Number(shortNo), origin }]))
}

/** The other addresses of a message whose token was read: an unsubscribe page leads on to the preferences. */
export function linksOfMessage(ctx: Ctx, message: TokenSource & { contactId: ContactId }): MessageLinks {
  const signer = signerFor(
    tokenCmac(ctx.platform),
    sourceKeyOf(ctx, message),
    0,
    ctx.platform.config.trackingUrl,
  )
  return signer.linksFor(message.contactId)
}

/** Links that lead nowhere and are as long as those of a channel, so that counters count what will leave. */
export async function sampleLinks(
  ctx: Ctx,
  channel: string,
): Promise<Omit<MessageLinks, 'clicks'> & { click: string }> {
  const short = SHORT_CHANNELS.has(channel)
    ? `${await linkOrigin(ctx)}/s/${'x'.repeat(SHORT_CODE_CHARS)}`
    : null
  const base = ctx.platform.config.trackingUrl.replace(/\/$/, '')
  const long = (slot: number): string => aroundToken(base, slot).join('x'.repeat(TOKEN_CHARS))
  return {
    click: short ?? long(FIRST_LINK_SLOT),
    open: long(SLOTS.open),
    unsubscribe: short ?? long(SLOTS.unsubscribe),
    preferences: short ?? long(SLOTS.preferences),
    view: short ?? long(SLOTS.view),
    message: long(SLOTS.message),
  }
}

/** The signer itself, pure. */
export function signerFor(
  cmac: Cmac,
  sourceKey: bigint,
  linkCount: number,
  baseUrl: string,
  short?: ShortSource,
): LinkSigner {
  assert(linkCount >= 0 && linkCount <= LINKS_MAX, 'a mail has no more links than slots')
  const base = baseUrl.replace(/\/$/, '')
  const slots = [...PURPOSE_SLOTS, ...Array.from({ length: linkCount }, (_, n) => FIRST_LINK_SLOT + n)]
  // All that does not change from message to message is written, and masked, once.
  const head = Buffer.alloc(HEAD_BYTES)
  head.writeUInt8(TOKEN_VERSION, 0)
  head.writeBigInt64BE(sourceKey, 1)
  const blocks = Buffer.alloc(slots.length * BLOCK_BYTES)
  slots.forEach((slot, i) => {
    writeBlock(blocks, i * BLOCK_BYTES, sourceKey, 1, slot)
    maskBlock(cmac, blocks, i * BLOCK_BYTES)
  })
  const contactMask = cmac.subkey.readUIntBE(8, 6)
  const form = formOf(base, slots)

  const sign = (contactIds: readonly ContactId[]): Signed => {
    const masked = Buffer.allocUnsafe(contactIds.length * blocks.length)
    contactIds.forEach((contactId, n) => {
      blocks.copy(masked, n * blocks.length)
      const maskedContact = xor48(Number(contactId), contactMask)
      for (let i = 0; i < slots.length; i++)
        masked.writeUIntBE(maskedContact, n * blocks.length + i * BLOCK_BYTES + 8, 6)
    })
    const macs = cmac.encrypt(masked)
    const texts = Buffer.allocUnsafe(contactIds.length * form.text.length)
    contactIds.forEach((contactId, n) => {
      const from = n * form.text.length
      form.text.copy(texts, from)
      head.writeUIntBE(Number(contactId), 9, 6)
      for (let i = 0; i < slots.length; i++) {
        const at = from + (form.tokenAt[i] as number) // as many as slots
        writeDigits(head, 0, texts, at, HEAD_BYTES)
        writeTail(slots[i] as number, macs, n * blocks.length + i * BLOCK_BYTES, texts, at + TOKEN_CHARS / 2)
      }
    })
    return { texts: texts.toString('latin1'), macs }
  }

  const linksAt = ({ texts, macs }: Signed, n: number, contactId: ContactId): MessageLinks => {
    const from = n * form.text.length
    const text = (i: number): string =>
      texts.slice(from + (form.ends[i - 1] ?? 0), from + (form.ends[i] ?? 0))
    const clicks: string[] = []
    for (let link = 0; link < linkCount; link++) clicks.push(text(PURPOSE_SLOTS.length + link))
    const links = {
      clicks,
      open: text(0),
      unsubscribe: text(1),
      preferences: text(2),
      view: text(3),
      message: text(4),
    }
    if (short === undefined) return links
    const shortPrefix = `${short.origin}/s/${shortHead(short.no, Number(contactId))}`
    const shortened = (place: number, i: number): string =>
      shortPrefix + shortTail(place, macs.readUIntBE(n * blocks.length + i * BLOCK_BYTES, 6))
    for (let link = 0; link < Math.min(linkCount, SHORT_LINKS_MAX); link++)
      clicks[link] = shortened(shortLinkPlace(link), PURPOSE_SLOTS.length + link)
    return {
      ...links,
      unsubscribe: shortened(shortPlace('unsubscribe'), 1),
      preferences: shortened(shortPlace('preferences'), 2),
      view: shortened(shortPlace('view'), 3),
    }
  }

  const ahead = Math.max(1, Math.floor(SIGNED_TOGETHER / slots.length))
  return {
    linksFor: (contactId) => linksAt(sign([contactId]), 0, contactId),
    linksOf: (contactIds) => {
      let from = 0
      let signed: Signed | null = null
      return (at) => {
        const contactId = contactIds[at]
        assert(contactId !== undefined, 'a person of the list')
        if (signed === null || at < from || at >= from + ahead) {
          from = at
          signed = sign(contactIds.slice(at, at + ahead))
        }
        return linksAt(signed, at - from, contactId)
      }
    },
  }
}

/** What was signed together: the addresses of one message after the other as one text, and the whole MACs. */
interface Signed {
  texts: string
  macs: Buffer
}

/** The addresses of a message as one text, one behind the other, with room for their tokens. An origin is ASCII, however it was typed. */
interface Form {
  text: Buffer
  /** Where the token of each begins. */
  tokenAt: readonly number[]
  /** Where each ends, and the next begins. */
  ends: readonly number[]
}

/** What stands before and behind the token of an address; the message's own is no address but the token alone. */
function aroundToken(base: string, slot: number): [before: string, after: string] {
  switch (slot) {
    case SLOTS.open:
      return [`${base}/o/`, '.gif']
    case SLOTS.unsubscribe:
      return [`${base}/u/`, '']
    case SLOTS.preferences:
      return [`${base}/preferences/`, '']
    case SLOTS.view:
      return [`${base}/v/`, '']
    case SLOTS.message:
      return ['', '']
    default:
      return [`${base}/c/`, '']
  }
}

function formOf(base: string, slots: readonly number[]): Form {
  const token = ' '.repeat(TOKEN_CHARS)
  const [tokenAt, ends]: [number[], number[]] = [[], []]
  let text = ''
  for (const slot of slots) {
    const [before, after] = aroundToken(base, slot)
    text += before
    tokenAt.push(text.length)
    text += token + after
    ends.push(text.length)
  }
  return { text: Buffer.from(text, 'latin1'), tokenAt, ends }
}

const DIGITS = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')

/**
 * Writes bytes as base64url where they belong: to have texts made and to put them together took as long as signing, and
 * left five strings for each address.
 */
function writeDigits(bytes: Buffer, from: number, text: Buffer, to: number, length: number): void {
  for (let k = 0, at = to; k < length; k += 3, at += 4)
    writeThree(
      ((bytes[from + k] as number) << 16) |
        ((bytes[from + k + 1] as number) << 8) |
        (bytes[from + k + 2] as number), // length is a multiple of three
      text,
      at,
    )
}

/** Slot and MAC, 15 bytes together. */
function writeTail(slot: number, macs: Buffer, mac: number, text: Buffer, to: number): void {
  writeThree((slot << 8) | (macs[mac] as number), text, to)
  writeDigits(macs, mac + 1, text, to + 4, MAC_BYTES - 1)
}

function writeThree(bits: number, text: Buffer, at: number): void {
  text[at] = DIGITS[bits >> 18] as number // six bits
  text[at + 1] = DIGITS[(bits >> 12) & 63] as number
  text[at + 2] = DIGITS[(bits >> 6) & 63] as number
  text[at + 3] = DIGITS[bits & 63] as number
}

/** The key of message tokens: of the installation, because a token arrives before its organization is known. */
export function tokenCmac(platform: Platform): Cmac {
  const known = cmacs.get(platform)
  if (known) return known
  const cmac = createCmac(platform.secrets.sign('tracking.token', Buffer.from([TOKEN_VERSION])))
  cmacs.set(platform, cmac)
  return cmac
}
const cmacs = new WeakMap<Platform, Cmac>()

/**
 * The same key for the same source, in every process and without asking. Sixty-four bits of a keyed hash and not a
 * sequence: after a database was restored from a backup, old tokens must lead nowhere instead of to new runs.
 */
function sourceKeyOf(ctx: Ctx, source: TokenSource): bigint {
  const parts = [ctx.orgId, source.campaignId, source.runId, source.versionId, source.channel, source.month]
  return createHmac('sha256', ctx.platform.secrets.sign('tracking.source', Buffer.alloc(0)))
    .update(parts.join('\0'))
    .digest()
    .readBigInt64BE(0)
}

/** XOR of 48-bit numbers, which JavaScript's own operator would cut to 32. */
function xor48(a: number, b: number): number {
  const HALF = 2 ** 24
  return (Math.floor(a / HALF) ^ Math.floor(b / HALF)) * HALF + ((a % HALF) ^ (b % HALF))
}
