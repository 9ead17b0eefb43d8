/**
 * Reading one message of the protocol. Written out by hand and not as a schema: a batch of a thousand is read between
 * two commits, and each field at fault has to be named without losing the messages beside it. Pure.
 */
import { parseEmail, parsePhone } from '../../contacts/index.ts'
import { type ContactId, fromWire, newUuid, wirePattern } from '../../platform/ids.ts'
import type { FieldProblem } from '../../platform/errors.ts'
import { EVENT_NAME_CHARS_MAX, MESSAGE_KINDS, type MessageKind } from './words.ts'
import { eventInstant, readInstant } from './instant.ts'

/** Largest message, in bytes of JSON. Source: Segment's limits */
export const MESSAGE_BYTES_MAX = 32 * 1024
/** Longest user, anonymous, group or message id. */
export const ID_CHARS_MAX = 255
/** Deepest nesting of properties: more is no data that anybody asks about. */
const DEPTH_MAX = 12

/** Free data of a message. */
export type Properties = Record<string, unknown>

/** A message that was read: who is meant, what happened, when. */
export interface Message {
  kind: MessageKind
  /** As in the log: `track:<name>`, `page`, `screen`, `identify`, `group`. */
  type: string
  /** The sender's id, or one of ours; only the sender's dedupes. */
  messageId: string
  hasOwnId: boolean
  userId: string | null
  anonymousId: string | null
  /** For `alias`: the id that goes. */
  previousId: string | null
  groupId: string | null
  /** Our own API may name people by our id and by their address. */
  contactId: ContactId | null
  email: string | null
  phone: string | null
  at: Date
  statedAt: Date | null
  /** Properties, or traits of `identify` and `group`. */
  data: Properties
  context: Properties | null
}

/** What reading a message gives. */
export type ReadMessage = { ok: true; message: Message } | { ok: false; problems: FieldProblem[] }

/** What all messages of a request share. */
export interface ReadAbout {
  receivedAt: Date
  /** The sender's clock when it sent the request, for messages that say nothing of their own. */
  sentAt: Date | null
  /** True for our own API, whose messages may also name a contact, an e-mail address or a phone. */
  isOwnApi: boolean
}

/**
 * Reads one message.
 * @param kind  given by the path; null reads it from the message's `type`
 */
export function readMessage(raw: unknown, kind: MessageKind | null, about: ReadAbout): ReadMessage {
  if (!isObject(raw)) return refuse('', 'A message is an object.')
  const own = raw['type'] ?? (about.isOwnApi ? 'track' : null)
  const read = kind ?? (MESSAGE_KINDS.find((known) => known === own) || null)
  if (read === null) return refuse('type', `One of ${MESSAGE_KINDS.join(', ')}.`)
  const problems: FieldProblem[] = []
  const userId = idOf(raw, 'userId', problems)
  const anonymousId = idOf(raw, 'anonymousId', problems)
  const messageId = idOf(raw, 'messageId', problems)
  const previousId = read === 'alias' ? idOf(raw, 'previousId', problems) : null
  const groupId = read === 'group' ? idOf(raw, 'groupId', problems) : null
  const contactId = about.isOwnApi ? contactOf(raw['contactId'], problems) : null
  const email = about.isOwnApi ? idOf(raw, 'email', problems) : null
  const phone = about.isOwnApi ? idOf(raw, 'phone', problems) : null
  const isSomebody = (userId ?? anonymousId ?? contactId ?? email ?? phone) !== null
  if (!isSomebody && problems.length === 0)
    wrong(
      problems,
      'userId',
      about.isOwnApi
        ? 'Say who: userId, anonymousId, contactId, email or phone.'
        : 'A message needs a userId or an anonymousId.',
    )
  if (read === 'alias' && previousId === null)
    wrong(problems, 'previousId', 'An alias names the id that goes.')
  if (read === 'group' && groupId === null) wrong(problems, 'groupId', 'A group has an id.')
  const name = read === 'track' ? eventName(raw['event'], problems) : null
  const stated = instantOf(raw, 'originalTimestamp', problems) ?? instantOf(raw, 'timestamp', problems)
  const sentAt = instantOf(raw, 'sentAt', problems) ?? about.sentAt
  const data = dataOf(read, raw, problems)
  const context = objectOf(raw, 'context', problems)
  if ((userId ?? anonymousId ?? contactId) === null)
    checkAddresses({ email, phone, country: read === 'identify' ? data['country'] : null }, problems)
  if (isDeeper(data, DEPTH_MAX) || isDeeper(context, DEPTH_MAX))
    wrong(problems, 'properties', `Nested at most ${DEPTH_MAX} deep.`)
  if (problems.length > 0) return { ok: false, problems }
  const { at, statedAt } = eventInstant(about.receivedAt, stated, sentAt)
  return {
    ok: true,
    message: {
      kind: read,
      type: name === null ? read : `track:${name}`,
      messageId: messageId ?? newUuid(about.receivedAt),
      hasOwnId: messageId !== null,
      userId,
      anonymousId,
      previousId,
      groupId,
      contactId,
      email,
      phone,
      at,
      statedAt,
      data,
      context: context === null ? null : keptContext(context),
    },
  }
}

function wrong(problems: FieldProblem[], path: string, message: string): null {
  problems.push({ path, message })
  return null
}

function idOf(raw: Properties, name: string, problems: FieldProblem[]): string | null {
  const value = raw[name]
  if (value === undefined || value === null || value === '') return null
  const text = typeof value === 'number' && Number.isFinite(value) ? String(value) : value
  if (typeof text !== 'string') return wrong(problems, name, 'A text or a number.')
  if (text.length > ID_CHARS_MAX) return wrong(problems, name, `At most ${ID_CHARS_MAX} characters.`)
  if (CONTROL.test(text)) return wrong(problems, name, 'Control characters are not allowed.')
  return text.trim() === '' ? null : text.trim()
}

/**
 * Where addresses alone say who is meant, one of them has to be one: a person would be born for each message otherwise,
 * whom nothing finds again.
 */
function checkAddresses(
  { email, phone, country }: { email: string | null; phone: string | null; country: unknown },
  problems: FieldProblem[],
): void {
  const isEmail = email !== null && parseEmail(email).ok
  const isPhone = phone !== null && parsePhone(phone, typeof country === 'string' ? country : null).ok
  if (isEmail || isPhone) return
  if (email !== null) wrong(problems, 'email', 'Not an e-mail address. Write it like name@example.com.')
  if (phone !== null)
    wrong(problems, 'phone', 'Not a telephone number. Write it with its country code, like +33612345678.')
}

function instantOf(raw: Properties, name: string, problems: FieldProblem[]): Date | null {
  const value = raw[name]
  if (value === undefined || value === null) return null
  return (
    readInstant(value) ??
    wrong(problems, name, 'An instant as ISO 8601, for example 2026-11-28T09:00:00.000Z.')
  )
}

function objectOf(raw: Properties, name: string, problems: FieldProblem[]): Properties | null {
  const value = raw[name]
  if (value === undefined || value === null) return null
  return isObject(value) ? value : wrong(problems, name, 'An object.')
}

function contactOf(value: unknown, problems: FieldProblem[]): ContactId | null {
  if (value === undefined || value === null) return null
  if (typeof value !== 'string' || !wirePattern('contact').test(value))
    return wrong(problems, 'contactId', 'No such contact.')
  return fromWire('contact', value) as ContactId // the pattern proved its shape
}

function eventName(value: unknown, problems: FieldProblem[]): string | null {
  if (typeof value !== 'string' || value.trim() === '')
    return wrong(problems, 'event', 'A track event has a name.')
  const name = value.trim()
  if (name.length > EVENT_NAME_CHARS_MAX)
    return wrong(problems, 'event', `At most ${EVENT_NAME_CHARS_MAX} characters.`)
  return CONTROL.test(name) ? wrong(problems, 'event', 'Control characters are not allowed.') : name
}

/** Properties or traits; a page's and a screen's name and category are properties too, as the clients mean them. */
function dataOf(kind: MessageKind, raw: Properties, problems: FieldProblem[]): Properties {
  if (kind === 'identify' || kind === 'group') return objectOf(raw, 'traits', problems) ?? {}
  const properties = objectOf(raw, 'properties', problems) ?? {}
  if (kind !== 'page' && kind !== 'screen') return properties
  const more: Properties = {}
  for (const name of ['name', 'category'])
    if (typeof raw[name] === 'string' && raw[name] !== '' && properties[name] === undefined)
      more[name] = raw[name]
  return { ...properties, ...more }
}

/**
 * What is kept of the circumstances. An address of the network is nobody's business but the network's, and traits
 * within a context are a copy of what `identify` says.
 */
function keptContext(context: Properties): Properties | null {
  if (context['ip'] === undefined && context['traits'] === undefined && hasAny(context)) return context
  const { ip: _ip, traits: _traits, ...kept } = context
  return Object.keys(kept).length === 0 ? null : kept
}

function hasAny(object: Properties): boolean {
  for (const _ in object) return true
  return false
}

// NUL cannot be stored by PostgreSQL, and the others cannot be seen.
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f]/

/** Stops at the limit, so that a message made of brackets costs nothing. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  // Parsed JSON has no properties but its own.
  for (const name in value) if (isDeeper((value as Properties)[name], levels - 1)) return true
  return false
}

const isObject = (value: unknown): value is Properties =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const refuse = (path: string, message: string): ReadMessage => ({ ok: false, problems: [{ path, message }] })
