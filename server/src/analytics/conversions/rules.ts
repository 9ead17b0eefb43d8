/** What counts as a conversion of a campaign, and how one is credited to the touches before it. Pure. */
import type { CampaignId, ContactId, RunId } from '../../platform/ids.ts'
import {
  ATTRIBUTION_MODELS,
  CREDIT_RULES,
  creditConversion,
  shareOut,
  type AttributionModel,
} from '../attribution/models.ts'
import type { ConversionFilter, ConversionMatch, TouchKind } from '../schema.ts'

/** Parts that one conversion is shared out in; whole numbers, so that sums are exact. */
export const PARTS = 1_000_000
/** Longest window: nothing older can be a touch. */
export const WINDOW_DAYS_MAX = 30
const DAY_MS = 86_400_000

/** What counts for one campaign. */
export interface ConversionRule {
  windowDays: number
  touches: readonly TouchKind[]
  matches: readonly ConversionMatch[]
}

/** What counts for a campaign that says nothing of it. Source: CS-013.2, CB-10.1 */
export const USUAL_RULE: ConversionRule = {
  windowDays: 7,
  touches: ['clicked'],
  matches: [
    { kind: 'purchase', filters: [], valueMinor: null },
    { kind: 'subscription', filters: [], valueMinor: null },
  ],
}

/** An event that may count. */
export interface Conversion {
  seq: string
  contactId: ContactId | null
  at: Date
  type: string
  role: string | null
  properties: Readonly<Record<string, unknown>>
  valueMinor: number | null
  currency: string | null
  refundedMinor: number
  /** The message that was clicked, opened or answered, where that is what happened; null for what came from outside. */
  message: { campaignId: CampaignId; runId: RunId; channel: string } | null
}

/**
 * How a person met something of ours: in a message, by coming to a page from a post, by writing back. A reply leads to
 * nothing: it may be what counts.
 */
export type MetKind = TouchKind | 'visited' | 'replied'

/** Something of ours that a person met. What posts bring belongs to no run and stands under the campaign's own id. */
export interface MessageTouch {
  kind: MetKind
  at: Date
  campaignId: CampaignId
  runId: RunId
  channel: string
  variant: number
  /** The event's place in the log; absent for an arrival, which is no event. */
  eventSeq?: string
  /** The link that was followed; null for what is no click. */
  linkNo: number | null
}

/** The share of one touch. Arrays are in the order of ATTRIBUTION_MODELS. */
export interface TouchCredit extends Omit<MessageTouch, 'eventSeq'> {
  touchNo: number
  /** Which of the rule's matches the event met. */
  matchNo: number
  parts: number[]
  amountsMinor: number[]
  currency: string | null
}

/** The place of the first match that an event meets; −1 when it counts for nothing. */
export function matchOf(
  rule: Pick<ConversionRule, 'matches'>,
  event: Pick<Conversion, 'type' | 'role' | 'properties'>,
): number {
  return rule.matches.findIndex(
    (match) => isKind(match, event) && match.filters.every((filter) => holds(filter, event.properties)),
  )
}

function isKind(match: ConversionMatch, event: Pick<Conversion, 'type' | 'role'>): boolean {
  switch (match.kind) {
    case 'purchase':
      return event.role === 'purchase'
    case 'subscription':
      return event.role === 'subscription_started'
    case 'event':
      return event.type === match.type
    // Counted of the message itself, below.
    case 'click':
    case 'engagement':
      return false
  }
}

/** What people do with a message, by the kinds that count it. Source: CB-10.1 */
const DONE_WITH_MESSAGES: Readonly<Partial<Record<ConversionMatch['kind'], readonly string[]>>> = {
  click: ['message.clicked'],
  engagement: ['message.clicked', 'message.opened', 'message.replied'],
}

/** Everything that people do with a message and that may be counted. */
export const DEEDS_WITH_MESSAGES: ReadonlySet<string> = new Set(Object.values(DONE_WITH_MESSAGES).flat())

/** The types of such events that count for a campaign. */
export const countedOfMessages = ({ matches }: Pick<ConversionRule, 'matches'>): readonly string[] =>
  matches.flatMap(({ kind }) => DONE_WITH_MESSAGES[kind] ?? [])

/** The place of the first match that counts such an event of a message; −1 when none does. */
export const messageMatchOf = ({ matches }: Pick<ConversionRule, 'matches'>, type: string): number =>
  matches.findIndex(({ kind }) => DONE_WITH_MESSAGES[kind]?.includes(type))

function holds(
  { property, operator, value }: ConversionFilter,
  properties: Conversion['properties'],
): boolean {
  const found = properties[property]
  switch (operator) {
    case 'exists':
      return found !== undefined && found !== null && found !== ''
    case 'equals':
      return folded(found) === folded(value)
    case 'not_equals':
      return folded(found) !== folded(value)
    case 'contains':
      return typeof found === 'string' && folded(found).includes(folded(value))
    case 'at_least':
      return isNumeric(found) && Number(found) >= Number(value)
    case 'at_most':
      return isNumeric(found) && Number(found) <= Number(value)
  }
}

const folded = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value).trim().toLowerCase()
    : ''
const isNumeric = (value: unknown): boolean =>
  (typeof value === 'number' || (typeof value === 'string' && value.trim() !== '')) &&
  Number.isFinite(Number(value))

/**
 * Credits a conversion to the touches that may count by the rules of their campaigns. A message is one touch, however
 * many of its links were followed: its latest one before the conversion.
 *
 * @param touches  of the converting person, within WINDOW_DAYS_MAX, in any order
 * @returns one row per touch, oldest first; none when the conversion came by itself
 * Source: CS-013, CB-10.2, design §5 Attribution, statistics §11
 */
export function creditTouches(
  conversion: Conversion,
  touches: readonly MessageTouch[],
  ruleOf: (campaignId: CampaignId) => ConversionRule,
): TouchCredit[] {
  if (conversion.message !== null)
    return creditMessage(conversion, conversion.message, touches, ruleOf(conversion.message.campaignId))
  const latest = new Map<string, { touch: MessageTouch; rule: ConversionRule; matchNo: number }>()
  const lastClicks = new Map<string, MessageTouch>()
  for (const touch of touches) {
    const rule = ruleOf(touch.campaignId)
    const age = conversion.at.getTime() - touch.at.getTime()
    if (!countsAsTouch(rule, touch.kind) || age < 0 || age > rule.windowDays * DAY_MS) continue
    const matchNo = matchOf(rule, conversion)
    if (matchNo === -1) continue
    const key = `${touch.runId}/${touch.channel}`
    const known = latest.get(key)
    if (!known || known.touch.at <= touch.at) latest.set(key, { touch, rule, matchNo })
    const clicked = lastClicks.get(key)
    if (touch.linkNo !== null && (!clicked || clicked.at <= touch.at)) lastClicks.set(key, touch)
  }
  const counted = [...latest]
    .map(([key, { touch, ...rest }]) => ({
      ...rest,
      // Whoever opened a message again after following a link came by that link all the same.
      touch: { ...touch, linkNo: lastClicks.get(key)?.linkNo ?? null },
    }))
    .toSorted(
      (a, b) => a.touch.at.getTime() - b.touch.at.getTime() || (a.touch.runId < b.touch.runId ? -1 : 1),
    )
  const last = counted.at(-1)
  if (!last) return []
  // What the event itself was worth; else what the last touched campaign says that it is worth.
  const amountMinor =
    conversion.valueMinor === null
      ? (last.rule.matches[last.matchNo]?.valueMinor ?? 0)
      : Math.max(0, conversion.valueMinor - conversion.refundedMinor)
  return shared(counted, conversion, amountMinor)
}

/** Whoever came by the link of a post followed it: that counts where clicks do. */
const countsAsTouch = ({ touches }: ConversionRule, kind: MetKind): boolean =>
  kind !== 'replied' && touches.includes(kind === 'visited' ? 'clicked' : kind)

/**
 * A click, an open or a reply is credited to its own message, whole, by every model alike, and once a message: the first within
 * WINDOW_DAYS_MAX counts. One that was taken back is not among the touches, and so the next one becomes the first.
 */
function creditMessage(
  conversion: Conversion,
  message: NonNullable<Conversion['message']>,
  touches: readonly MessageTouch[],
  rule: ConversionRule,
): TouchCredit[] {
  const matchNo = messageMatchOf(rule, conversion.type)
  const match = rule.matches[matchNo]
  if (!match) return []
  const [first] = touches
    .filter(
      ({ kind, runId, channel, eventSeq }) =>
        eventSeq !== undefined &&
        runId === message.runId &&
        channel === message.channel &&
        DONE_WITH_MESSAGES[match.kind]?.includes(`message.${kind}`),
    )
    .toSorted(
      (a, b) => a.at.getTime() - b.at.getTime() || Number(BigInt(a.eventSeq ?? 0) - BigInt(b.eventSeq ?? 0)),
    )
  return first?.eventSeq === conversion.seq
    ? shared([{ touch: first, matchNo }], conversion, match.valueMinor ?? 0)
    : []
}

/** Shares a conversion out over touches, oldest first, by every model. */
function shared(
  counted: readonly { touch: MessageTouch; matchNo: number }[],
  conversion: Conversion,
  amountMinor: number,
): TouchCredit[] {
  const { models } = creditConversion(
    counted.map(({ touch }) => ({ at: touch.at.getTime() })),
    { at: conversion.at.getTime(), amountMinor },
    { ...CREDIT_RULES, windowDays: WINDOW_DAYS_MAX },
  )
  if (!models) return []
  const parts = ATTRIBUTION_MODELS.map((model) => shareOut(PARTS, models[model].weights))
  return counted.map(({ touch: { eventSeq: _seq, ...touch }, matchNo }, touchNo) => ({
    ...touch,
    touchNo,
    matchNo,
    parts: parts.map((ofModel) => ofModel[touchNo] ?? 0),
    amountsMinor: ATTRIBUTION_MODELS.map((model) => models[model].amountsMinor[touchNo] ?? 0),
    currency: conversion.currency,
  }))
}

/** The place of a model in `parts` and `amountsMinor`. */
export const placeOf = (model: AttributionModel): number => ATTRIBUTION_MODELS.indexOf(model)
