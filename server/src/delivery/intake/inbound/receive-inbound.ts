/**
 * What people write to a number of the organization's: kept, read for what they mean, and acted on at once. A wish to
 * stop holds before the provider is answered; it is confirmed once, without a word of promotion.
 * Source: MA-5.3, PC-43; compliance report §2.3
 */
import { parsePhone } from '../../../contacts/index.ts'
import { recordConsents, withdraw, withdrawnBy, type ConsentChannel } from '../../../consent/index.ts'
import { audit } from '../../../platform/audit/index.ts'
import type { Ctx, Locale } from '../../../platform/context.ts'
import { organizationOf } from '../../../team/index.ts'
import { inTransaction } from '../../../platform/db/index.ts'
import type { ContactId } from '../../../platform/ids.ts'
import { recordReplies } from '../../../tracking/index.ts'
import { smsIntent, type ReadIntent, type SmsIntent } from '../../channels/sms/keywords.ts'
import type { OpenProvider } from '../../providers/provider.ts'
import type { InboundText } from '../events/vendor-event.ts'
import { insertInbound, sendersOf, type InboundSender } from './queries.ts'

/** Longest text that is kept. */
const TEXT_CHARS_MAX = 5_000

/** @returns what is answered, in order; at most one answer per message that was not known before */
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
    const { name } = await organizationOf(ctx)
    const known = read.filter(({ eventId }) => fresh.has(eventId))
    // Words with a meaning of their own answer nothing, and neither does what may be an objection.
    await recordReplies(
      ctx,
      known
        .filter(({ intent }) => intent === 'none')
        .map(({ from, at }) => ({ channel, contactIds: (senders.get(from) ?? []).map(({ id }) => id), at })),
    )
    const answers: string[] = []
    for (const message of known)
      answers.push(...(await act(ctx, channel, message, { people: senders.get(message.from) ?? [], name })))
    return answers
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
  { people, name }: { people: readonly InboundSender[]; name: string },
): Promise<string[]> {
  const locale: Locale = people[0]?.language?.startsWith('fr') || isFrench(message) ? 'fr' : 'en'
  switch (message.intent) {
    case 'stop': {
      const changed = await stopAll(ctx, channel, people, message)
      return changed ? [SENTENCES[locale].stopped(name)] : []
    }
    case 'unclear':
      // Nothing promotional until a member has read it: the same withdrawal, without an answer.
      await stopAll(ctx, channel, people, message)
      return []
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
      return changed.length > 0 ? [SENTENCES[locale].started(name)] : []
    }
    case 'help':
      return [SENTENCES[locale].help(name)]
    case 'none':
      return []
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

/** Facts only: who, what changed, how to change it back. */
const SENTENCES: Readonly<
  Record<Locale, Readonly<Record<'stopped' | 'started' | 'help', (name: string) => string>>>
> = {
  en: {
    stopped: (name) => `${name}: you will get no more messages from us. Reply START to get them again.`,
    started: (name) => `${name}: you get our messages again. Reply STOP to end them.`,
    help: (name) => `${name}: reply STOP to end our messages, START to get them again.`,
  },
  fr: {
    stopped: (name) =>
      `${name} : vous ne recevrez plus nos messages. Répondez START pour les recevoir à nouveau.`,
    started: (name) => `${name} : vous recevez à nouveau nos messages. Répondez STOP pour les arrêter.`,
    help: (name) => `${name} : répondez STOP pour arrêter nos messages, START pour les recevoir à nouveau.`,
  },
}
