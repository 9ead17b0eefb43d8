/** Our own way in: the same messages under an API key, which may also name a contact, an e-mail address or a phone. */
import type { FastifyRequest } from 'fastify'
import type { Ctx } from '../../platform/context.ts'
import { bodyOf, httpErrors } from '../../platform/http/index.ts'
import { errors } from '../errors.ts'
import { selectAddresses } from '../identity/queries.ts'
import { BATCH_BYTES_MAX } from './limits.ts'
import type { Message, Properties } from './message.ts'
import { recordDelivery, type Receipt } from './record.ts'
import { parseJson, type ReadRequest, readMany, readSingle, sentAtOf } from './request.ts'
import { turnToRead } from './turns.ts'

/** Stands in events as their source. */
const SOURCE_ID = 'api'

/** What became of the messages of a request. */
export interface EventsAnswer extends Receipt {
  rejected: number
  errors: { path: string; message: string }[]
}

/**
 * Takes one message, or `events: […]`; answers when they are durable. What is no message is left out and named.
 * @throws tracking.messages_invalid when none is left, tracking.message_too_large, tracking.batch_too_large
 */
export async function takeEvents(ctx: Ctx, request: FastifyRequest): Promise<EventsAnswer> {
  const bytes = await bodyOf(request, BATCH_BYTES_MAX)
  await turnToRead(bytes.length)
  const body = parseJson(bytes)
  const about = {
    receivedAt: ctx.now(),
    sentAt: isObject(body) ? sentAtOf(body) : null,
    isOwnApi: true,
  }
  const list = Array.isArray(body) ? body : isObject(body) ? (body['events'] ?? body['batch']) : undefined
  if (list !== undefined && !Array.isArray(list))
    throw httpErrors.invalid({}, { problems: [{ path: 'events', message: 'A list of messages.' }] })
  const path = Array.isArray(body) ? 'body' : 'events'
  const read = await withKnownContacts(
    ctx,
    list === undefined
      ? readSingle(body, null, about, bytes.length)
      : readMany(list, path, about, bytes.length),
  )
  if (read.messages.length === 0 && read.rejected > 0)
    throw errors.messages_invalid({ rejected: read.rejected }, { problems: read.problems })
  const receipt =
    read.messages.length === 0
      ? { recorded: 0, duplicates: 0 }
      : await recordDelivery(ctx.platform, ctx.orgId, {
          sourceId: SOURCE_ID,
          mayMerge: true,
          messages: read.messages,
        })
  return { ...receipt, rejected: read.rejected, errors: read.problems }
}

/** Leaves out messages about contacts that are not there. */
async function withKnownContacts(ctx: Ctx, read: ReadRequest): Promise<ReadRequest> {
  const ids = new Set(read.messages.flatMap(({ contactId }) => (contactId === null ? [] : [contactId])))
  if (ids.size === 0) return read
  const there = new Set(
    (await selectAddresses(ctx, { ids: [...ids], emails: [], phones: [] })).map(({ id }) => id),
  )
  const isKnown = ({ contactId }: Message): boolean => contactId === null || there.has(contactId)
  const messages = read.messages.filter(isKnown)
  const missing = read.messages.length - messages.length
  return missing === 0
    ? read
    : {
        messages,
        rejected: read.rejected + missing,
        problems: [...read.problems, { path: 'contactId', message: 'No such contact.' }],
      }
}

const isObject = (value: unknown): value is Properties =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
