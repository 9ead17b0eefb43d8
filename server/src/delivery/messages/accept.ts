/** Taking in messages that are sent one by one. What was answered with 202 is in the database, and will be handed over. */
import { frozenMessage, frozenTemplate, type MessageSource, type TemplateId } from '../../content/index.ts'
import { liveTopics } from '../../consent/index.ts'
import { upsertContacts } from '../../contacts/index.ts'
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { newId, type ContactId, type MailVersionId, type MessageId } from '../../platform/ids.ts'
import { enqueue } from '../../platform/jobs/index.ts'
import { errors } from '../errors.ts'
import type { Purpose, RunChannel } from '../runs/run.ts'
import { slotsOfContacts } from '../timing/slots.ts'
import { sendMessages } from '../work.ts'
import { MARKETING } from './marketing-gate.ts'
import { insertMessages, messagesOfKeys, presentContacts, type NewDirectMessage } from './queries.ts'

/** A message as a caller asks for it. */
export interface AskedMessage {
  /** A template (e-mail), or the content itself (the other channels). */
  content: { templateId: TemplateId } | { source: MessageSource }
  to: { contactId: ContactId } | { email: string } | { phone: string }
  purpose: Purpose
  /** Of marketing: the key of a topic of the preference centre; null: about anything. */
  topic: string | null
  data: Readonly<Record<string, unknown>>
  /** The caller's own name for it: the same name makes no second message. */
  key: string | null
}

/** A message that was taken in, now or under the same key before. */
export interface AcceptedMessage {
  id: MessageId
  contactId: ContactId
  isRepeated: boolean
}

/** Different templates and contents of one call. */
const CONTENTS_MAX = 20

/**
 * Takes messages in, all or none. Addresses that nobody has become contacts; nobody's profile is changed.
 * @throws delivery.message_refused with each problem by its place in the call
 * @throws content.template_not_found, content.not_sendable
 * Source: PC-06, FR-004
 */
export function acceptMessages(ctx: Ctx, asked: readonly AskedMessage[]): Promise<AcceptedMessage[]> {
  return inTransaction(ctx, async (ctx) => {
    await checkTopics(ctx, asked)
    const contents = await freezeContents(ctx, asked)
    const contacts = await contactsOf(ctx, asked)
    const month = `${ctx.now().toISOString().slice(0, 7)}-01`
    const messages = asked.map((message, at): NewDirectMessage => {
      const content = contents[at]
      const contactId = contacts[at]
      if (!content || contactId === undefined) throw errors.message_refused({ at })
      return {
        ...content,
        id: newId<'message'>(ctx.now()),
        purpose: message.purpose,
        topic: message.topic,
        contactId,
        month,
        data: message.data,
        key: message.key,
      }
    })
    const taken = await insertMessages(ctx, await withinHours(ctx, messages))
    if (taken.size > 0) {
      await enqueue(ctx, sendMessages, {}, { key: 'due' })
      audit(
        ctx,
        'messages.accepted',
        { kind: 'message', id: messages.find(({ id }) => taken.has(id))?.id ?? '' },
        { messages: taken.size },
      )
    }
    const known = await knownOf(
      ctx,
      messages.filter(({ id }) => !taken.has(id)),
    )
    return messages.map(({ id, contactId, key }) => {
      const before = taken.has(id) ? undefined : known.get(key ?? '')
      return before ? { ...before, isRepeated: true } : { id, contactId, isRepeated: false }
    })
  })
}

/** Topics are those that people are offered, and only marketing is about one: nothing else can be left. */
async function checkTopics(ctx: Ctx, asked: readonly AskedMessage[]): Promise<void> {
  if (asked.every(({ topic }) => topic === null)) return
  const offered = new Set((await liveTopics(ctx)).map(({ key }) => key))
  const problems = asked.flatMap(({ purpose, topic }, at) => {
    if (topic === null || (purpose === 'marketing' && offered.has(topic))) return []
    const message =
      purpose === 'marketing'
        ? `The preference centre does not offer the topic “${topic}”.`
        : 'Only marketing is about a topic.'
    return [{ path: `messages.${at}.topic`, message }]
  })
  if (problems.length > 0) throw errors.message_refused({}, { problems })
}

/** Marketing messages that come outside sending hours wait in the queue for the next allowed instant. */
async function withinHours(ctx: Ctx, messages: readonly NewDirectMessage[]): Promise<NewDirectMessage[]> {
  const marketing = messages.filter(({ purpose }) => purpose === 'marketing')
  const dueAt = new Map<string, Date>()
  for (const [channel, group] of Map.groupBy(marketing, (message) => message.channel)) {
    const ids = [...new Set(group.map(({ contactId }) => contactId))]
    for (const { slot, contactIds } of await slotsOfContacts(ctx, MARKETING, channel, ids))
      // What is dropped is dropped by the hand-over, which tells the ledger.
      if (slot.dropped === null) for (const id of contactIds) dueAt.set(`${channel}:${id}`, slot.dueAt)
  }
  return messages.map((message) => {
    const at =
      message.purpose === 'marketing' ? dueAt.get(`${message.channel}:${message.contactId}`) : undefined
    return at ? { ...message, dueAt: at } : message
  })
}

interface FrozenContent {
  channel: RunChannel
  versionId: MailVersionId
  sourceId: string
}

/** Each template and content once, however many messages use it. */
async function freezeContents(ctx: Ctx, asked: readonly AskedMessage[]): Promise<FrozenContent[]> {
  const keys = asked.map(({ content }) => JSON.stringify(content))
  const distinct = new Map(asked.map(({ content }, at) => [keys[at] ?? '', content]))
  if (distinct.size > CONTENTS_MAX)
    throw errors.message_refused(
      {},
      {
        problems: [{ path: 'messages', message: `At most ${CONTENTS_MAX} different contents in one call.` }],
      },
    )
  const frozen = new Map<string, FrozenContent>()
  for (const [key, content] of distinct) {
    if ('templateId' in content) {
      const versionId = await frozenTemplate(ctx, content.templateId)
      frozen.set(key, { channel: 'email', versionId, sourceId: content.templateId })
    } else {
      const versionId = await frozenMessage(ctx, content.source)
      frozen.set(key, { channel: content.source.channel, versionId, sourceId: versionId })
    }
  }
  return keys.flatMap((key) => frozen.get(key) ?? [])
}

/** Whom each message goes to. */
async function contactsOf(ctx: Ctx, asked: readonly AskedMessage[]): Promise<ContactId[]> {
  const named = asked.flatMap(({ to }) => ('contactId' in to ? [to.contactId] : []))
  const present = named.length > 0 ? await presentContacts(ctx, named) : new Set<ContactId>()
  const addressed = asked.flatMap(({ to }) => ('contactId' in to ? [] : [to]))
  const found =
    addressed.length > 0
      ? await upsertContacts(
          ctx,
          addressed.map((to) => ('email' in to ? { email: to.email } : { phone: to.phone })),
          { source: 'api', policy: 'skip' },
        )
      : []
  const problems: { path: string; message: string }[] = []
  let next = 0
  const contacts = asked.map(({ to }, at): ContactId => {
    if ('contactId' in to) {
      if (!present.has(to.contactId))
        problems.push({ path: `messages.${at}.to.contactId`, message: 'No such contact.' })
      return to.contactId
    }
    const outcome = found[next++]
    if (outcome && outcome.contactId !== null) return outcome.contactId
    const field = 'email' in to ? 'email' : 'phone'
    problems.push({ path: `messages.${at}.to.${field}`, message: 'Not an address that can be used.' })
    return '0' as ContactId // refused below
  })
  if (problems.length > 0) throw errors.message_refused({}, { problems })
  return contacts
}

async function knownOf(
  ctx: Ctx,
  repeated: readonly NewDirectMessage[],
): Promise<ReadonlyMap<string, { id: MessageId; contactId: ContactId }>> {
  const keys = repeated.flatMap(({ key }) => key ?? [])
  if (keys.length === 0) return new Map()
  return new Map((await messagesOfKeys(ctx, keys)).map(({ key, id, contactId }) => [key, { id, contactId }]))
}
