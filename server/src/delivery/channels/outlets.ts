/** Who takes the messages of a channel other than e-mail. */
import type { RenderedMessage } from '../../content/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { organizationOf } from '../../team/index.ts'
import { inboxTransport } from '../inbox/inbox.ts'
import { lastInbound } from '../intake/inbound/queries.ts'
import type { ProviderChannel } from '../providers/kinds.ts'
import { providerOutlet, type ProviderOutlet } from '../providers/outlets.ts'
import type { RunChannel } from '../runs/run.ts'
import { isRehearsal } from '../sending/transports.ts'
import { verdict } from './api/vendor.ts'
import { discardTransport } from './discard.ts'
import type { NoLine, Outlet } from './line.ts'
import type { OutboundMessage } from './message.ts'
import type { Handover } from './outcome.ts'
import { watchSome, type LookedUp, type Transport } from './transport.ts'
import { WHATSAPP_LIMITS } from './whatsapp/whatsapp-message.ts'

const BATCH_MAX_DISCARD = 1_000
const BATCH_MAX_INBOX = 1_000

type MessageChannel = Exclude<RunChannel, 'email'>

/** Why nothing could leave on a channel at present, in the words of its trouble; null when something could. */
export async function whyChannelRests(ctx: Ctx, channel: RunChannel): Promise<string | null> {
  // A mail server that does not answer is tried again; a channel without provider never leaves.
  if (channel === 'email') return null
  const outlet = await messageOutlet(ctx, channel)
  return 'trouble' in outlet ? outlet.trouble.text : null
}

const REHEARSED = { transport: discardTransport, batchMax: BATCH_MAX_DISCARD }

/** The outlet that the organization uses for a channel, or why there is none. */
export async function messageOutlet(
  ctx: Ctx,
  channel: MessageChannel,
): Promise<Outlet<OutboundMessage> | NoLine> {
  if (isRehearsal(ctx.platform)) return REHEARSED
  // The inbox of a sample workspace is its own; whatever else is sent from there reaches nobody.
  if (channel !== 'in_app' && (await organizationOf(ctx)).isSample) return REHEARSED
  switch (channel) {
    case 'in_app':
      return { transport: inboxTransport(ctx), batchMax: BATCH_MAX_INBOX }
    case 'sms':
      return adapted(await providerOutlet(ctx, 'sms'), channel, ({ token, to, content }) =>
        content.channel === 'sms' && to !== null ? { token, to, text: content.text } : null,
      )
    case 'webhook':
      return adapted(await providerOutlet(ctx, 'webhook'), channel, ({ token, content }) =>
        content.channel === 'webhook' ? { token, ...content } : null,
      )
    case 'whatsapp': {
      const outlet = adapted(await providerOutlet(ctx, 'whatsapp'), channel, ({ token, to, content }) =>
        content.channel === 'whatsapp' && to !== null
          ? { token, to, template: content.template, text: content.text }
          : null,
      )
      return 'trouble' in outlet ? outlet : { ...outlet, transport: withinWindow(ctx, outlet.transport) }
    }
  }
}

/** A transport of a channel's own messages, for messages as runs compose them. */
function adapted<Message>(
  outlet: ProviderOutlet<Message> | null,
  channel: ProviderChannel,
  convert: (message: OutboundMessage) => Message | null,
): Outlet<OutboundMessage> | NoLine {
  if (outlet === null)
    return { trouble: { kind: 'settings', text: `No provider is set up for the channel ${channel}.` } }
  return {
    batchMax: outlet.batchMax,
    providerId: outlet.providerId,
    ...(outlet.standIn && { standIn: outlet.standIn }),
    transport: onlySome(outlet.transport, (message) => convert(message) ?? NO_ADDRESS),
  }
}

/** Free text goes only to those who wrote within a day: WhatsApp refuses it, and counts the refusal against the number. */
function withinWindow(ctx: Ctx, transport: Transport<OutboundMessage>): Transport<OutboundMessage> {
  return {
    ...transport,
    deliver: async (messages, stop, watch) => {
      const free = messages.filter(({ content }) => isFreeText(content))
      if (free.length === 0) return transport.deliver(messages, stop, watch)
      const open = await lastInbound(
        ctx,
        free.map(({ contactId }) => contactId),
        new Date(ctx.now().getTime() - WHATSAPP_LIMITS.windowMs),
      )
      const guarded = onlySome(transport, (message: OutboundMessage) =>
        isFreeText(message.content) && !open.has(message.contactId) ? WINDOW_CLOSED : message,
      )
      return guarded.deliver(messages, stop, watch)
    },
  }
}

const isFreeText = (content: RenderedMessage): boolean =>
  content.channel === 'whatsapp' && content.template === null

interface Refusal {
  refusal: Extract<Handover, { kind: 'refused' }>
}
const refusal = (text: string, reason: string): Refusal => ({
  refusal: {
    kind: 'refused',
    reply: { code: 0, enhanced: null, text },
    stage: 'content',
    verdict: verdict('content', reason),
  },
})
const NO_ADDRESS = refusal('The person has no number.', 'no_address')
const WINDOW_CLOSED = refusal(
  'The person has not written within 24 hours; a template is needed.',
  'window_closed',
)

const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && 'refusal' in value

/** Messages that are handed on with their places among all, and the outcomes of the others by place. */
interface Sorted<Taken> {
  taken: Taken[]
  places: number[]
  outcomes: Handover[]
}

/** Hands on what may be handed on, and answers for the rest itself. */
function onlySome<Given, Taken>(
  transport: Transport<Taken>,
  judge: (message: Given) => Taken | Refusal,
): Transport<Given> {
  const sorted = (messages: readonly Given[]): Sorted<Taken> => {
    const all: Sorted<Taken> = { taken: [], places: [], outcomes: [] }
    for (const [index, message] of messages.entries()) {
      const judged = judge(message)
      if (isRefusal(judged)) {
        all.outcomes[index] = judged.refusal
        continue
      }
      all.taken.push(judged)
      all.places.push(index)
    }
    return all
  }
  return {
    tellsBegin: transport.tellsBegin,
    ...(transport.lookUp && {
      lookUp: async (messages, since, stop) => {
        const { taken, places } = sorted(messages)
        const answers = await transport.lookUp?.(taken, since, stop)
        const found: LookedUp[] = messages.map(() => ({ kind: 'not_listed' }))
        for (const [position, answer] of answers?.entries() ?? [])
          found[places[position] ?? position] = answer
        return found
      },
    }),
    deliver: async (messages, stop, watch) => {
      const { taken, places, outcomes } = sorted(messages)
      const answers = await transport.deliver(taken, stop, watchSome(watch, places))
      for (const [position, answer] of answers.entries()) outcomes[places[position] ?? position] = answer
      return outcomes
    },
  }
}
