/**
 * The inbox of a person on the organization's own site or in its app: read with a key that the organization's server
 * hands to that person's browser, told of new messages as they come.
 * Source: CS-002.4; issue "in-app"
 */
import { hash, timingSafeEqual } from 'node:crypto'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { fromWire, toWire, wirePattern, type ContactId, type OrgId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { moveMessages, readToken } from '../../tracking/index.ts'
import type { OutboundMessage } from '../channels/message.ts'
import type { Handover } from '../channels/outcome.ts'
import type { Transport } from '../channels/transport.ts'
import { errors } from '../errors.ts'
import { insertInboxMessages, listInbox, markRead, type InboxMessage } from './queries.ts'

const INBOX_ROWS = 50
/** Messages that one call marks as read. */
export const READ_MAX = 200
const MAC_CHARS = 32

/** Says to open pages that an inbox has something new: a number that tells whose to nobody who does not know it. */
const topicOf = (ctx: Ctx, contactId: ContactId): string =>
  `inbox.${hash('sha256', `${ctx.orgId}:${contactId}`).slice(0, 24)}`

/** The key of a person's inbox: `org.contact.signature`. It opens this inbox and nothing else. */
export function inboxKey(ctx: Ctx, contactId: ContactId): string {
  const named = `${toWire('organization', ctx.orgId)}.${toWire('contact', contactId)}`
  return `${named}.${macOf(ctx.platform, named)}`
}

/** Whose inbox a key opens. @throws delivery.inbox_not_found for every key that is not ours */
export function openInbox(platform: Platform, key: string): { ctx: Ctx; contactId: ContactId } {
  const [org = '', contact = '', mac = ''] = key.split('.')
  const expected = Buffer.from(macOf(platform, `${org}.${contact}`))
  const given = Buffer.from(mac.padEnd(MAC_CHARS).slice(0, MAC_CHARS))
  const isGenuine = timingSafeEqual(expected, given) && mac.length === MAC_CHARS
  if (!isGenuine || !wirePattern('organization').test(org) || !wirePattern('contact').test(contact))
    throw errors.inbox_not_found()
  const orgId = fromWire('organization', org) as OrgId // we signed it
  const contactId = fromWire('contact', contact) as ContactId // we signed it
  return { ctx: platform.ctx(orgId, { kind: 'contact', id: contactId }), contactId }
}

const macOf = (platform: Platform, named: string): string =>
  platform.secrets.sign('delivery.inbox', Buffer.from(named)).toString('hex').slice(0, MAC_CHARS)

/** The newest messages, and how many of them are unread. */
export async function readInbox(
  platform: Platform,
  key: string,
): Promise<{ items: InboxMessage[]; unread: number }> {
  const { ctx, contactId } = openInbox(platform, key)
  const items = await listInbox(ctx, contactId, INBOX_ROWS)
  return { items, unread: items.filter(({ readAt }) => readAt === null).length }
}

/** Marks messages as read; the ledger learns that they arrived. */
export async function markInboxRead(
  platform: Platform,
  key: string,
  tokens: readonly string[],
): Promise<void> {
  const { ctx, contactId } = openInbox(platform, key)
  await inTransaction(ctx, async (ctx) => {
    const fresh = await markRead(ctx, contactId, tokens)
    const read = await Promise.all(fresh.map((token) => readToken(platform, token, 'message')))
    await moveMessages(
      ctx,
      read.flatMap((token) =>
        token
          ? {
              runId: token.message.runId,
              contactId,
              channel: 'in_app',
              state: 'delivered' as const,
              reason: null,
              at: ctx.now(),
            }
          : [],
      ),
    )
  })
  ctx.platform.hub.publish(ctx.orgId, topicOf(ctx, contactId), {})
}

/** Calls back whenever an inbox changes. @returns how to end it */
export function watchInbox(platform: Platform, key: string, changed: () => void): () => void {
  const { ctx, contactId } = openInbox(platform, key)
  const topic = topicOf(ctx, contactId)
  return platform.hub.subscribe(ctx.orgId, (message) => {
    if (message.topic === topic) changed()
  })
}

/** In-app messages stay here: they are handed over when they lie in the inbox. */
export function inboxTransport(ctx: Ctx): Transport<OutboundMessage> {
  return {
    tellsBegin: false,
    deliver: async (messages) => {
      try {
        await inTransaction(ctx, (ctx) =>
          insertInboxMessages(
            ctx,
            messages.flatMap(({ token, contactId, content }) =>
              content.channel === 'in_app'
                ? {
                    token,
                    contactId,
                    runId: null,
                    title: content.title,
                    body: content.body,
                    actionLabel: content.action?.label ?? null,
                    actionUrl: content.action?.url ?? null,
                    iconUrl: content.iconUrl,
                    imageUrl: content.imageUrl,
                  }
                : [],
            ),
          ),
        )
      } catch (error) {
        ctx.log.warn({ error }, 'messages could not be put into inboxes')
        return messages.map((): Handover => ({
          kind: 'unsent',
          trouble: { kind: 'unreachable', text: 'the database' },
        }))
      }
      for (const { contactId } of messages) ctx.platform.hub.publish(ctx.orgId, topicOf(ctx, contactId), {})
      return messages.map((): Handover => ({
        kind: 'sent',
        reply: { code: 200, enhanced: null, text: 'in the inbox' },
      }))
    },
  }
}
