/**
 * What people write to a number of the organization's: kept, read for what they mean, and acted on at once. A wish to
 * stop holds before the provider is answered; it is confirmed once, without a word of promotion.
 * Source: MA-5.3, PC-43; compliance report §2.3
 */
import { parsePhone } from '../../../contacts/index.ts'
import { recordConsents, withdraw, withdrawnBy, type ConsentChannel } from '../../../consent/index.ts'
import { audit } from '../../../platform/audit/index.ts'
import type { Ctx, Locale } from '../../../platform/context.ts'
import { inTransaction } from '../../../platform/db/index.ts'
import type { ContactId } from '../../../platform/ids.ts'
import { enqueueMany } from '../../../platform/jobs/index.ts'
import { organizationOf } from '../../../team/index.ts'
import { recordReplies } from '../../../tracking/index.ts'
import { smsIntent, type ReadIntent, type SmsIntent } from '../../channels/sms/keywords.ts'
import type { OpenProvider } from '../../providers/provider.ts'
import { answerInbound } from '../../work.ts'
import type { InboundText } from '../events/vendor-event.ts'
import { answerText, type Answer } from './answer-words.ts'
import { insertInbound, sendersOf, type InboundId, type InboundSender } from './queries.ts'

/** Longest text that is kept. */
const TEXT_CHARS_MAX = 5_000

/**
 * Answers a message that was not known before once at most: in the answer to the provider's call where that sends it, else by a job
 * that commits with the message.
 * @returns what the provider's call is answered, in order
 */
export async function receiveInbound(
  ctx: Ctx,
  provider: OpenProvider,
  messages: readonly InboundText[],
): Promise<string[]> {
  if (messages.length === 0) return []
  return inTransaction(ctx, async (ctx) => {
    const channel = provider.channel === 'whatsapp' ? 'whatsapp' : 'sms'
    const valid = messages.flatMap((message) => {
      const from = parsePhone(message.from, null)
      return from.ok ? [{ ...message, from: from.value, intent: smsIntent(message.text) }] : []
    })
    const senders = await sendersOf(
      ctx,
      valid.map(({ from }) => from),
    )
    const read = await withMeaning(ctx, channel, valid, senders)
    const fresh = await insertInbound(
      ctx,
      { providerId: provider.id, channel },
      read.map((message) => ({
        ...message,
        text: message.text.slice(0, TEXT_CHARS_MAX),
        contactId: senders.get(message.from)?.[0]?.id ?? null,
      })),
    )
    const known = read.filter(({ eventId }) => fresh.has(eventId))
    // Words with a meaning of their own answer nothing, and neither does what may be an objection.
    await recordReplies(
      ctx,
      known
        .filter(({ intent }) => intent === 'none')
        .map(({ from, at }) => ({ channel, contactIds: (senders.get(from) ?? []).map(({ id }) => id), at })),
    )
    const answers: { inboundId: InboundId; answer: Answer }[] = []
    for (const message of known) {
      const answer = await act(ctx, channel, message, senders.get(message.from) ?? [])
      const inboundId = fresh.get(message.eventId)
      if (answer && inboundId !== undefined) answers.push({ inboundId, answer })
    }
    if (answers.length === 0) return []
    if (provider.kind === 'twilio') {
      const { name } = await organizationOf(ctx)
      return answers.map(({ answer }) => answerText(answer, name))
    }
    await enqueueMany(
      ctx,
      answerInbound,
      answers.map(({ inboundId, answer }) => ({ payload: { inboundId, ...answer }, key: inboundId })),
    )
    return []
  })
}

type Valid = InboundText & { intent: ReadIntent }
type Read = InboundText & { intent: SmsIntent; returning: ReadonlySet<ContactId> }

/**
 * START means the end of a STOP and nothing else: whoever never agreed has not agreed now, and whoever left elsewhere comes back
 * where they left. A bare yes may answer any question of ours, so that only a typed one on SMS is taken for it; without a
 * STOP to end, both are answers like any other. Who stops and starts within one call has stopped.
 */
async function withMeaning(
  ctx: Ctx,
  channel: ConsentChannel,
  messages: readonly Valid[],
  senders: ReadonlyMap<string, readonly InboundSender[]>,
): Promise<Read[]> {
  const peopleOf = ({ from }: Valid): ContactId[] => (senders.get(from) ?? []).map(({ id }) => id)
  const meant = messages.map((message) => ({ message, isStart: isStart(channel, message) }))
  const contactIds = meant.flatMap(({ message, isStart }) => (isStart ? peopleOf(message) : []))
  const stopped =
    contactIds.length === 0 ? NOBODY : await withdrawnBy(ctx, 'inbound', { contactIds, channel })
  return meant.map(({ message, isStart }): Read => {
    const { intent } = message
    if (!isStart) return { ...message, intent: intent === 'yes' ? 'none' : intent, returning: NOBODY }
    const returning = new Set(peopleOf(message).filter((id) => stopped.has(id)))
    return { ...message, intent: returning.size > 0 ? 'start' : 'none', returning }
  })
}

const NOBODY: ReadonlySet<ContactId> = new Set()

const isStart = (channel: ConsentChannel, { intent, isButton }: Valid): boolean =>
  intent === 'start' || (intent === 'yes' && channel === 'sms' && !isButton)

/** Everybody who has the number is meant: it cannot be told whose hand held the telephone. */
async function act(
  ctx: Ctx,
  channel: ConsentChannel,
  message: Read,
  people: readonly InboundSender[],
): Promise<Answer | null> {
  const locale: Locale = people[0]?.language?.startsWith('fr') || isFrench(message) ? 'fr' : 'en'
  switch (message.intent) {
    case 'stop':
      return (await stopAll(ctx, channel, people, message)) ? { kind: 'stopped', locale } : null
    case 'unclear':
      // Nothing promotional until a member has read it: the same withdrawal, without an answer.
      await stopAll(ctx, channel, people, message)
      return null
    case 'start': {
      const changed = await recordConsents(
        ctx,
        { source: 'inbound', wording: { text: message.text, locale } },
        [...message.returning].map((contactId) => ({
          contactId,
          channel,
          purpose: 'marketing' as const,
          state: 'granted' as const,
          reason: message.text.slice(0, 200),
        })),
      )
      return changed.length > 0 ? { kind: 'started', locale } : null
    }
    case 'help':
      return { kind: 'help', locale }
    case 'none':
      return null
  }
}

async function stopAll(
  ctx: Ctx,
  channel: ConsentChannel,
  people: readonly InboundSender[],
  message: InboundText,
): Promise<boolean> {
  let changed = false
  for (const { id } of people) changed = (await stop(ctx, channel, id, message)) || changed
  return changed
}

async function stop(
  ctx: Ctx,
  channel: ConsentChannel,
  contactId: ContactId,
  message: InboundText,
): Promise<boolean> {
  const channels = await withdraw(
    ctx,
    { source: 'inbound' },
    { contactId, channels: [channel], purpose: 'marketing', reason: message.text.slice(0, 200) },
  )
  if (channels.length > 0)
    audit(ctx, 'inbound.opted_out', { kind: 'contact', id: contactId }, { channel, eventId: message.eventId })
  return channels.length > 0
}

const isFrench = ({ text }: InboundText): boolean =>
  /arr[eê]t|d[eé]s(?:abonn|inscri)|aide|oui|reprendre|svp|plus de/i.test(text)
