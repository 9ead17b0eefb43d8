/** Reading a request: its messages, those that are none with the reason, and what they have in common. Pure. */
import type { FieldProblem } from '../../platform/errors.ts'
import { errors } from '../errors.ts'
import { readInstant } from './instant.ts'
import { BATCH_MESSAGES_MAX } from './limits.ts'
import { MESSAGE_BYTES_MAX, type Message, type Properties, type ReadAbout, readMessage } from './message.ts'
import type { MessageKind } from './words.ts'

/** Problems that an answer names; the count is always whole. */
const PROBLEMS_MAX = 50

/** What a request brings. */
export interface ReadRequest {
  messages: Message[]
  rejected: number
  problems: FieldProblem[]
}

/**
 * The value of a JSON text, as the database can hold it: without NUL and halves of characters, which only escapes can
 * bring.
 * @throws request.invalid by way of SyntaxError
 */
export function parseJson(body: Buffer): unknown {
  const text = body.toString('utf8')
  const value: unknown = JSON.parse(text)
  return UNSTORABLE.test(text) ? wellFormed(value, PARSED_DEPTH_MAX) : value
}
const UNSTORABLE = /\\u(?:0000|d[89a-f][0-9a-f]{2})/i
/** Deeper values are refused anyway. */
const PARSED_DEPTH_MAX = 32

function wellFormed(value: unknown, levels: number): unknown {
  if (typeof value === 'string') return value.replaceAll('\0', '').toWellFormed()
  if (typeof value !== 'object' || value === null) return value
  if (levels === 0) return null
  if (Array.isArray(value)) return value.map((inner) => wellFormed(inner, levels - 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name.replaceAll('\0', '').toWellFormed(),
      wellFormed(inner, levels - 1),
    ]),
  )
}

/** Reads one message, given by the path it came on. */
export function readSingle(
  raw: unknown,
  kind: MessageKind | null,
  about: ReadAbout,
  bodyBytes: number,
): ReadRequest {
  if (bodyBytes > MESSAGE_BYTES_MAX && isTooLarge(raw)) throw errors.message_too_large()
  const read = readMessage(raw, kind, about)
  return read.ok
    ? { messages: [read.message], rejected: 0, problems: [] }
    : { messages: [], rejected: 1, problems: read.problems }
}

/**
 * Reads a list of messages. What is no message is left out and named; the others are not held up.
 * @param path  the name of the list, for problems
 * @param shared  circumstances that hold for all of them
 */
export function readMany(
  raws: readonly unknown[],
  path: string,
  about: ReadAbout,
  bodyBytes: number,
  shared: Properties | null = null,
): ReadRequest {
  if (raws.length > BATCH_MESSAGES_MAX) throw errors.batch_too_large({ count: raws.length })
  const request: ReadRequest = { messages: [], rejected: 0, problems: [] }
  const reject = (i: number, problems: readonly FieldProblem[]): void => {
    request.rejected += 1
    for (const { path: inner, message } of problems.slice(0, PROBLEMS_MAX - request.problems.length))
      request.problems.push({ path: inner === '' ? `${path}.${i}` : `${path}.${i}.${inner}`, message })
  }
  raws.forEach((raw, i) => {
    if (bodyBytes > MESSAGE_BYTES_MAX && isTooLarge(raw))
      return reject(i, [{ path: '', message: `A message has at most ${MESSAGE_BYTES_MAX / 1024} kB.` }])
    const read = readMessage(raw, null, about)
    if (!read.ok) return reject(i, read.problems)
    if (shared !== null) read.message.context = { ...shared, ...read.message.context }
    request.messages.push(read.message)
  })
  return request
}

/** The sender's clock when it sent a request; null when it says nothing readable. */
export const sentAtOf = (body: Properties): Date | null => readInstant(body['sentAt'])

/** Whether a message is larger than messages may be. Only what may be is written out to be measured. */
const isTooLarge = (raw: unknown): boolean =>
  bytesAtMost(raw, PARSED_DEPTH_MAX) > MESSAGE_BYTES_MAX &&
  Buffer.byteLength(JSON.stringify(raw) ?? '') > MESSAGE_BYTES_MAX

/** More bytes than the JSON of a value has: a character takes six at most. What lies deeper is refused anyway. */
function bytesAtMost(value: unknown, levels: number): number {
  if (typeof value === 'string') return 6 * value.length + 3
  if (typeof value !== 'object' || value === null || levels === 0) return NUMBER_BYTES_MAX
  let bytes = 3
  if (Array.isArray(value)) for (const inner of value) bytes += bytesAtMost(inner, levels - 1)
  else
    for (const name in value)
      bytes += 6 * name.length + 4 + bytesAtMost((value as Properties)[name], levels - 1) // it is an object
  return bytes
}
const NUMBER_BYTES_MAX = 26
