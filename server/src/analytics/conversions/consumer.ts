/**
 * Conversions, kept in step with the log. Whatever arrives (an order, a refund, a click that came late, a click taken
 * back, a visitor who turns out to be somebody), the conversions that it may touch are reckoned anew from the facts
 * and the differences written, so that any order of arrival and any repetition end in the same credits.
 */
import { z } from 'zod'
import type { Ctx } from '../../platform/context.ts'
import { defineConsumer } from '../../platform/events/index.ts'
import type { CampaignId, ContactId } from '../../platform/ids.ts'
import {
  contactEventsMoved,
  incomingPayload,
  isPlatform,
  messageClicked,
  messageClicksReclassified,
  messageOpened,
  messageReplied,
} from '../../tracking/index.ts'
import { ATTRIBUTION_MODELS } from '../attribution/models.ts'
import { peopleDeltas, type Counted } from '../counters.ts'
import { appendDeltas } from '../deltas.ts'
import type { MetricDelta, MetricSubject } from '../metric-delta.ts'
import { selectOrganization, selectRoles } from '../profiles/setting-queries.ts'
import {
  deleteCredits,
  insertConversions,
  insertCredits,
  lockConversions,
  moveConversions,
  refundOrders,
  selectCountingTypes,
  selectCredits,
  selectDeliveries,
  selectHits,
  selectRules,
  selectSeqsSince,
  selectVisits,
  type NewConversion,
  type ReadEvent,
  type Span,
  type StoredCredit,
} from './queries.ts'
import {
  DEEDS_WITH_MESSAGES,
  countedOfMessages,
  creditTouches,
  USUAL_RULE,
  WINDOW_DAYS_MAX,
  type Conversion,
  type ConversionRule,
  type MessageTouch,
} from './rules.ts'

const DAY_MS = 86_400_000
/** Conversions reckoned in one go. */
const CREDITED_AT_ONCE = 2_000
const COUNTING_ROLES: ReadonlySet<string> = new Set(['purchase', 'subscription_started'])

/** Source: CS-013, CB-10, FR-006.3 */
export const creditConversions = defineConsumer({
  name: 'analytics.conversions',
  types: [
    'track:*',
    'page',
    messageClicked.type,
    messageOpened.type,
    messageReplied.type,
    messageClicksReclassified.type,
    contactEventsMoved.type,
  ],
  // Of what comes from outside, most counts nowhere: it is not even fetched, unless somebody came by a post.
  heeds: async (ctx) => [...TOUCHING, contactEventsMoved.type, ...(await selectCountingTypes(ctx))],
  handle: async (ctx, events) => void (await advanceConversions(ctx, events)),
})

/** Takes events in, in their order. @returns how many conversions were credited otherwise than before */
export async function advanceConversions(ctx: Ctx, events: readonly ReadEvent[]): Promise<number> {
  const roles = new Map(Object.entries(await selectRoles(ctx)))
  const rules = await selectRules(ctx)
  const counts = countedTypes(rules)
  const found = events.flatMap((event) =>
    DEEDS_WITH_MESSAGES.has(event.type) ? ofMessage(event, rules) : conversionOf(event, roles, counts),
  )
  if (found.length > 0) await insertConversions(ctx, found)
  const moves = movesOf(events)
  for (const { fromId, toId } of moves) await moveConversions(ctx, fromId, toId)
  const refundTypes = [...roles].filter(([, role]) => role === 'refund').map(([type]) => type)
  const buyers = peopleIn(events, (event) => roles.has(event.type))
  const refunded =
    refundTypes.length > 0 && buyers.length > 0 ? await refundOrders(ctx, buyers, refundTypes) : []
  const touched = await selectSeqsSince(ctx, [
    ...events.flatMap(({ type, contactId, at }) =>
      contactId !== null && TOUCHING.has(type) ? [{ contactId, since: new Date(at.getTime() - DAY_MS) }] : [],
    ),
    ...events.flatMap((event) =>
      event.contactId !== null && isVisit(event) ? [{ contactId: event.contactId, since: event.at }] : [],
    ),
    ...moves.map(({ toId }) => ({ contactId: toId, since: EVER })),
  ])
  const seqs = [...new Set([...found.map(({ seq }) => seq), ...refunded, ...touched])]
  let changed = 0
  for (let from = 0; from < seqs.length; from += CREDITED_AT_ONCE)
    changed += await creditAgain(ctx, seqs.slice(from, from + CREDITED_AT_ONCE), rules)
  return changed
}

/** What a touch of the past is told by. A click taken back names clicks up to a day before. */
const TOUCHING: ReadonlySet<string> = new Set([...DEEDS_WITH_MESSAGES, messageClicksReclassified.type])
const EVER = new Date(0)
/** Somebody came by a post: what came from outside names a campaign only then. */
const isVisit = ({ type, campaignId }: ReadEvent): boolean => campaignId !== null && !OWN_TYPE.test(type)
const OWN_TYPE = /^message\./

/** Types that count for some campaign by name, or because of what was done with its messages. */
export const countedTypes = (rules: ReadonlyMap<CampaignId, ConversionRule>): ReadonlySet<string> =>
  new Set(
    [...rules.values()].flatMap((rule) => [
      ...rule.matches.flatMap((match) => (match.kind === 'event' ? [match.type] : [])),
      ...countedOfMessages(rule),
    ]),
  )

/** Replies are people's. */
const byPerson = z.object({ machine: z.literal(false).optional() })

/** A click, an open or a reply by a person, where its own campaign counts it. Whether it was the first is told when credited. */
function ofMessage(
  { seq, recordedAt, contactId, at, type, campaignId, runId, channel, payload }: ReadEvent,
  rules: ReadonlyMap<CampaignId, ConversionRule>,
): NewConversion[] {
  const rule = campaignId === null ? undefined : rules.get(campaignId)
  if (!rule || contactId === null || runId === null || channel === null) return []
  if (!countedOfMessages(rule).includes(type) || !byPerson.safeParse(payload).success) return []
  return [
    { seq, recordedAt, contactId, at, type, role: null, orderId: null, valueMinor: null, currency: null },
  ]
}

/** The part of what came from outside that a conversion is made of. */
const orderPayload = incomingPayload.pick({ orderId: true, money: true })

function conversionOf(
  event: ReadEvent,
  roles: ReadonlyMap<string, string>,
  counts: ReadonlySet<string>,
): NewConversion[] {
  const { seq, recordedAt, contactId, at, type } = event
  const role = roles.get(type) ?? null
  if (contactId === null || !(counts.has(type) || (role !== null && COUNTING_ROLES.has(role)))) return []
  const { orderId, money } = orderPayload.parse(event.payload)
  return [
    {
      seq,
      recordedAt,
      contactId,
      at,
      type,
      role,
      orderId: orderId ?? null,
      valueMinor: money?.amountMinor ?? null,
      currency: money?.currency ?? null,
    },
  ]
}

const movesOf = (events: readonly ReadEvent[]): { fromId: ContactId; toId: ContactId }[] =>
  events
    .filter(({ type }) => type === contactEventsMoved.type)
    .map(({ payload }) => contactEventsMoved.payload.parse(payload) as { fromId: ContactId; toId: ContactId }) // ids of contacts, as announced

const peopleIn = (events: readonly ReadEvent[], isMeant: (event: ReadEvent) => boolean): ContactId[] => [
  ...new Set(
    events.flatMap((event) => (event.contactId !== null && isMeant(event) ? [event.contactId] : [])),
  ),
]

/** Reckons conversions from the facts, and writes what differs. @returns how many did */
async function creditAgain(
  ctx: Ctx,
  seqs: readonly string[],
  rules: ReadonlyMap<CampaignId, ConversionRule>,
): Promise<number> {
  const conversions = await lockConversions(ctx, seqs)
  // Of whom nothing is known any more, nothing can be reckoned: their credits stay as they are.
  const known = conversions.filter((conversion) => conversion.contactId !== null)
  const touches = await touchesOf(ctx, known, rules)
  const before = Map.groupBy(
    await selectCredits(
      ctx,
      known.map(({ seq }) => seq),
    ),
    ({ seq }) => seq,
  )
  const changes = known.flatMap((conversion, at) => {
    const after = creditTouches(
      conversion,
      touches[at] ?? [],
      (campaignId) => rules.get(campaignId) ?? USUAL_RULE,
    ).map(({ kind, at, ...credit }) => ({
      ...credit,
      seq: conversion.seq,
      contactId: conversion.contactId,
      touch: kind,
      touchedAt: at,
      convertedAt: conversion.at,
    }))
    const stored = before.get(conversion.seq) ?? []
    return isSame(stored, after) ? [] : [{ seq: conversion.seq, stored, after }]
  })
  if (changes.length === 0) return 0
  await deleteCredits(
    ctx,
    changes.map(({ seq }) => seq),
  )
  const written = changes.flatMap(({ after }) => after)
  if (written.length > 0) await insertCredits(ctx, written)
  await countChanges(
    ctx,
    changes.flatMap(({ stored }) => stored),
    written,
  )
  return changes.length
}

/** What each conversion's person met in the longest window before it. */
async function touchesOf(
  ctx: Ctx,
  conversions: readonly Conversion[],
  rules: ReadonlyMap<CampaignId, ConversionRule>,
): Promise<MessageTouch[][]> {
  const spans: Span[] = conversions.flatMap(({ contactId, at }) =>
    contactId === null
      ? []
      : [{ contactId, since: new Date(at.getTime() - WINDOW_DAYS_MAX * DAY_MS), until: at }],
  )
  const used = new Set([...USUAL_RULE.touches, ...[...rules.values()].flatMap(({ touches }) => touches)])
  const counted = countedTypes(rules)
  const isRead = (kind: 'clicked' | 'opened'): boolean => used.has(kind) || counted.has(`message.${kind}`)
  const found = [
    ...(isRead('clicked') ? await selectHits(ctx, 'clicked', spans) : []),
    ...(isRead('opened') ? await selectHits(ctx, 'opened', spans) : []),
    ...(counted.has(messageReplied.type) ? await selectHits(ctx, 'replied', spans) : []),
    ...(used.has('clicked') ? await selectVisits(ctx, spans) : []),
    ...(used.has('delivered') ? await selectDeliveries(ctx, spans) : []),
  ]
  const bySpan = Map.groupBy(found, ({ span }) => span)
  return spans.map((_span, at) => bySpan.get(at) ?? [])
}

function isSame(stored: readonly StoredCredit[], after: readonly StoredCredit[]): boolean {
  const signature = (credit: StoredCredit): string =>
    JSON.stringify([
      credit.touchNo,
      credit.campaignId,
      credit.runId,
      credit.channel,
      credit.variant,
      credit.touch,
      credit.touchedAt.getTime(),
      credit.matchNo,
      credit.linkNo,
      credit.parts,
      credit.amountsMinor,
    ])
  return (
    stored.length === after.length &&
    stored.every((one, at) => {
      const other = after[at]
      return other !== undefined && signature(one) === signature(other)
    })
  )
}

/** Figures: what is credited now, less what was credited before. */
async function countChanges(
  ctx: Ctx,
  before: readonly StoredCredit[],
  after: readonly StoredCredit[],
): Promise<void> {
  const { currency } = await selectOrganization(ctx)
  const signed = [
    ...before.map((credit) => ({ credit, sign: -1 })),
    ...after.map((credit) => ({ credit, sign: 1 })),
  ]
  const people = signed.flatMap(({ credit, sign }): Counted[] =>
    credit.contactId === null
      ? []
      : [
          {
            subject: { ...subjectOf(credit), contactId: credit.contactId },
            at: credit.convertedAt,
            changes: { converted: sign },
            links: [],
          },
        ],
  )
  await appendDeltas(
    ctx,
    [
      ...signed.flatMap(({ credit, sign }) => creditDeltas(credit, sign, currency)),
      ...(await peopleDeltas(ctx, people)),
    ].map(namedBySubject),
  )
}

/** Who converted after a post got no message: they are not part of any rate over messages, and have a name of their own. */
const namedBySubject = (delta: MetricDelta): MetricDelta =>
  isPlatform(delta.channel) ? { ...delta, name: delta.name.replace(/^converted/, 'gained') } : delta

function creditDeltas(credit: StoredCredit, sign: number, currency: string): MetricDelta[] {
  const delta = (name: string, n: number): MetricDelta => ({
    ...subjectOf(credit),
    name,
    n: sign * n,
    at: credit.convertedAt,
  })
  // An amount that a campaign gave to an event without one is in the organization's currency.
  const isCounted = credit.currency === null || credit.currency === currency
  return [
    delta('converted.total', 1),
    ...ATTRIBUTION_MODELS.flatMap((model, place) => [
      delta(`conversions.${model}`, credit.parts[place] ?? 0),
      ...(isCounted ? [delta(`revenue.${model}`, credit.amountsMinor[place] ?? 0)] : []),
    ]),
  ]
}

const subjectOf = ({ campaignId, runId, channel, variant }: StoredCredit): MetricSubject => ({
  campaignId,
  runId,
  channel,
  variant,
})
