/**
 * What follows from what providers tell: the ledger moves on, bounces and complaints are announced once, withdrawals
 * hold at once. Late, repeated and unordered words change nothing that stands.
 * Source: design §5 Delivery; FR-002.3, PC-19…PC-22
 */
import { parseEmail, parsePhone } from '../../../contacts/index.ts'
import { suppressedChannel, withdraw, type ConsentChannel } from '../../../consent/index.ts'
import type { Ctx } from '../../../platform/context.ts'
import { inTransaction } from '../../../platform/db/index.ts'
import { announce } from '../../../platform/events/index.ts'
import type { ContactId, RunId } from '../../../platform/ids.ts'
import {
  messageBounced,
  messageComplained,
  moveMessages,
  readToken,
  type Move,
  type MovedMessage,
  type TokenMessage,
} from '../../../tracking/index.ts'
import type { ProviderId } from '../../providers/provider.ts'
import { wordsOf, type Refusal } from '../../refusals/refusal.ts'
import { noteRefusals } from '../../refusals/refusal-queries.ts'
import { RUN_CHANNELS } from '../../runs/run.ts'
import { raiseAlert } from '../alerts/alerts.ts'
import { keepEarly } from './early.ts'
import { claimEvents, subjectsOf, type EventSubjectRow } from './queries.ts'
import type { VendorEvent } from './vendor-event.ts'

/** Events of one call, at most: providers send hundreds. */
const EVENTS_MAX = 5_000

/** An event and the message that it is about. */
interface Known {
  event: VendorEvent
  message: TokenMessage
}

/** Where events come from: a provider, or the bounce address of a sending domain. */
export interface EventOrigin {
  /** Under whose id events are taken once. */
  id: ProviderId
  /** For people: `sendgrid`, `arf`. */
  name: string
  channel: ConsentChannel
}

/** @returns how many events were about messages of this organization */
export async function applyEvents(
  ctx: Ctx,
  origin: EventOrigin,
  events: readonly VendorEvent[],
): Promise<number> {
  const known = (
    await Promise.all(events.slice(0, EVENTS_MAX).map((event) => withMessage(ctx, event)))
  ).filter((found): found is Known => found !== null && found.message.channel === origin.channel)
  if (known.length > 0) await inTransaction(ctx, (ctx) => applyKnown(ctx, origin, known))
  return known.length
}

async function withMessage(ctx: Ctx, event: VendorEvent): Promise<Known | null> {
  if (event.token === null) return null
  const read = await readToken(ctx.platform, event.token, 'message')
  return read && read.message.orgId === ctx.orgId ? { event, message: read.message } : null
}

async function applyKnown(ctx: Ctx, origin: EventOrigin, known: readonly Known[]): Promise<void> {
  const subjects = new Map(
    (
      await subjectsOf(
        ctx,
        origin.channel,
        known.map(({ message }) => message),
      )
    ).map((row) => [keyOf(row), row]),
  )
  await keepEarly(
    ctx,
    origin,
    known.filter(({ message }) => !subjects.has(keyOf(message))),
  )
  const moved = await moveMessages(ctx, known.flatMap(moveOf))
  const bounced = new Set(moved.filter(({ to }) => to === 'bounced').map(keyOf))
  await noteWords(ctx, origin, known, new Set(moved.filter(hasEndedBadly).map(keyOf)))
  await announceBounces(ctx, origin, known, subjects, bounced)
  await announceComplaints(ctx, origin, known, subjects)
  for (const { event, message } of known) {
    // Also where the provider refused a message because the person had told it to stop.
    if (event.what === 'unsubscribed' || event.verdict?.class === 'opt_out')
      await withdraw(
        ctx,
        { source: 'inbound' },
        {
          contactId: message.contactId,
          channels: [origin.channel],
          purpose: 'marketing',
          campaignId: message.campaignId,
          reason: event.text || origin.name,
        },
      )
    if (event.verdict?.class === 'block')
      await raiseAlert(ctx, message, event, subjects.get(keyOf(message))?.emailDomain ?? null)
  }
}

const keyOf = ({ runId, contactId }: { runId: string; contactId: string }): string => `${runId}:${contactId}`

function moveOf({ event, message }: Known): Move[] {
  const { runId, contactId, channel } = message
  switch (event.what) {
    case 'sent':
    case 'delivered':
      return [{ runId, contactId, channel, state: event.what, reason: null, at: event.at }]
    case 'bounced':
    case 'failed':
      return [
        {
          runId,
          contactId,
          channel,
          state: event.what,
          reason: event.verdict?.reason ?? 'undetermined',
          at: event.at,
        },
      ]
    case 'complained':
    case 'unsubscribed':
      // It arrived, or nobody could have objected to it.
      return [{ runId, contactId, channel, state: 'delivered', reason: null, at: event.at }]
  }
}

const hasEndedBadly = ({ to }: MovedMessage): boolean => to === 'bounced' || to === 'failed'

/** Keeps what the provider said of messages that it could not bring after all, for whoever asks why. */
async function noteWords(
  ctx: Ctx,
  origin: EventOrigin,
  known: readonly Known[],
  ended: ReadonlySet<string>,
): Promise<void> {
  const byRun = new Map<RunId, Map<ContactId, Refusal>>()
  for (const { event, message } of known) {
    if ((event.what !== 'bounced' && event.what !== 'failed') || !ended.has(keyOf(message))) continue
    const ofRun = byRun.get(message.runId) ?? new Map<ContactId, Refusal>()
    byRun.set(message.runId, ofRun)
    ofRun.set(message.contactId, {
      contactId: message.contactId,
      provider: origin.name,
      code: '',
      words: wordsOf(event.text),
      reason: event.verdict?.reason ?? 'undetermined',
      isFinal: true,
    })
  }
  const channel = RUN_CHANNELS.find((known) => known === origin.channel)
  if (!channel) return
  for (const [runId, refusals] of byRun) await noteRefusals(ctx, runId, channel, [...refusals.values()])
}

/** Only what moved to bounced is told: the same bounce by another way is no second one. */
async function announceBounces(
  ctx: Ctx,
  origin: EventOrigin,
  known: readonly Known[],
  subjects: ReadonlyMap<string, EventSubjectRow>,
  bounced: Set<string>,
): Promise<void> {
  for (const { event, message } of known) {
    const key = keyOf(message)
    const addressHash = await hashFor(ctx, origin, event, subjects.get(key))
    if (event.what !== 'bounced' || !bounced.delete(key) || addressHash === null) continue
    announce(
      ctx,
      messageBounced,
      {
        class: event.verdict?.class === 'hard' ? 'hard' : 'soft',
        reason: event.verdict?.reason ?? 'undetermined',
        code: event.text.slice(0, 200),
        addressHash,
      },
      aboutOf(message),
    )
  }
}

async function announceComplaints(
  ctx: Ctx,
  origin: EventOrigin,
  known: readonly Known[],
  subjects: ReadonlyMap<string, EventSubjectRow>,
): Promise<void> {
  const complaints = known.filter(({ event }) => event.what === 'complained')
  if (complaints.length === 0) return
  // Once per message, however often and by whatever event it is reported.
  const idOf = ({ message }: Known): string => `complaint:${keyOf(message)}`
  const fresh = await claimEvents(ctx, origin.id, complaints.map(idOf))
  for (const complaint of complaints) {
    if (!fresh.delete(idOf(complaint))) continue
    const { event, message } = complaint
    const subject = subjects.get(keyOf(message))
    announce(
      ctx,
      messageComplained,
      {
        variant: subject?.variant ?? 0,
        source: origin.name,
        addressHash: await hashFor(ctx, origin, event, subject),
      },
      aboutOf(message),
    )
  }
}

const aboutOf = ({
  contactId,
  campaignId,
  runId,
  channel,
}: TokenMessage): Pick<TokenMessage, 'contactId' | 'campaignId' | 'runId' | 'channel'> => ({
  contactId,
  campaignId,
  runId,
  channel,
})

/** Of the address that the event names; else of the one that the contact has. */
async function hashFor(
  ctx: Ctx,
  { channel }: EventOrigin,
  { address }: VendorEvent,
  subject: EventSubjectRow | undefined,
): Promise<string | null> {
  const kind = suppressedChannel(channel)
  const parsed = address === null ? null : kind === 'email' ? parseEmail(address) : parsePhone(address, null)
  if (parsed?.ok) return (await ctx.platform.secrets.of(ctx)).addressHash(kind, parsed.value).toString('hex')
  const own = kind === 'email' ? subject?.emailHash : subject?.phoneHash
  return own?.toString('hex') ?? null
}
