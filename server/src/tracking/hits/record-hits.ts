/** Clicks and opens, from the request to the log. */
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { announce, type EventSubject } from '../../platform/events/index.ts'
import type { ContactId } from '../../platform/ids.ts'
import { messageClicked, messageClicksReclassified, messageOpened, type MachineReason } from '../events.ts'
import type { TokenMessage } from '../token/read.ts'
import { agentFamily } from './agent.ts'
import { groupCommit } from '../group-commit.ts'
import { burstOf, MANY_LINKS_WINDOW_MS, machineReasons } from './machine.ts'
import { followGate, type Following } from './follow-gate.ts'
import { selectMessages, selectRecentClicks, type HitMessage } from './queries.ts'

/** One fetch of a link or a pixel. */
export interface MessageHit {
  message: TokenMessage
  /** Null for the open pixel. */
  linkNo: number | null
  method: string
  userAgent: string
  purpose: string
  addressPrefix: string | null
  at: Date
}

/**
 * Records a hit; resolves when it is durable. What people do not consent to is forgotten at once.
 * Source: FR-006.2, PC-18, PC-24, PC-25
 */
export const recordHit = groupCommit<MessageHit>((ctx, hits) =>
  inTransaction(ctx, async (ctx) => {
    await writeHits(ctx, hits)
    return hits.map(() => undefined)
  }),
)

/** A hit with what the ledger and the rules say about it. */
interface JudgedHit {
  hit: MessageHit
  variant: number
  reasons: MachineReason[]
}

/** A click, written before or waiting to be written. */
interface KnownClick {
  key: string
  linkNo: number
  at: Date
  machine: boolean
  /** Set for clicks that the log already holds. */
  seq: string | null
  /** Set for clicks of this batch. */
  judged: JudgedHit | null
}

async function writeHits(ctx: Ctx, hits: readonly MessageHit[]): Promise<void> {
  const kept = await withoutUnwanted(ctx, hits)
  if (kept.length === 0) return
  const rows = new Map<string, HitMessage>(
    (
      await selectMessages(
        ctx,
        kept.map(({ message }) => message),
      )
    ).map((row) => [messageKey(row), row]),
  )
  const judged = kept.map((hit): JudgedHit => {
    const row = rows.get(messageKey(hit.message))
    return {
      hit,
      variant: row?.variant ?? 0,
      reasons: machineReasons({ ...hit, handedOverAt: row?.handedOverAt ?? null }),
    }
  })
  await judgeBursts(ctx, judged)
  for (const one of judged) announceHit(ctx, one)
}

/** What a person does not consent to leaves no trace, not even an anonymous one. */
async function withoutUnwanted(ctx: Ctx, hits: readonly MessageHit[]): Promise<MessageHit[]> {
  const kinds = Map.groupBy(hits, (hit) => `${followingOf(hit)} ${hit.message.channel}`)
  const allowed = new Set<MessageHit>()
  for (const ofKind of kinds.values()) {
    const [first] = ofKind
    if (!first) continue
    const contactIds = [...new Set(ofKind.map((hit) => hit.message.contactId))]
    const people = await followGate()(ctx, contactIds, first.message.channel, followingOf(first))
    for (const hit of ofKind) if (people.has(hit.message.contactId)) allowed.add(hit)
  }
  return hits.filter((hit) => allowed.has(hit))
}

const followingOf = (hit: MessageHit): Following => (hit.linkNo === null ? 'open' : 'click')

/** Marks clicks over many links in a row, and says so of earlier ones that were taken for a person's. */
async function judgeBursts(ctx: Ctx, judged: readonly JudgedHit[]): Promise<void> {
  const clicks = judged.filter(({ hit }) => hit.linkNo !== null)
  if (clicks.length === 0) return
  const contactIds = [...new Set(clicks.map(({ hit }) => hit.message.contactId))]
  const since = new Date(Math.min(...clicks.map(({ hit }) => hit.at.getTime())) - MANY_LINKS_WINDOW_MS)
  const past = (await selectRecentClicks(ctx, contactIds, since)).map((click): KnownClick => ({
    ...click,
    key: messageKey(click),
    judged: null,
  }))
  const known = Map.groupBy([...past, ...clicks.map(ofThisBatch)], (click) => click.key)
  const reversed = new Set<KnownClick>()
  for (const ofMessage of known.values()) {
    for (const latest of ofMessage.filter((click) => click.judged !== null)) {
      for (const click of burstOf(ofMessage, latest)) {
        if (click.judged === null && !click.machine) reversed.add(click)
        if (click.judged && !click.judged.reasons.includes('many_links'))
          click.judged.reasons.push('many_links')
      }
    }
  }
  for (const one of clicks)
    announceReversed(
      ctx,
      one,
      [...reversed].filter((click) => click.key === messageKey(one.hit.message)),
      reversed,
    )
}

const ofThisBatch = (judged: JudgedHit): KnownClick => ({
  key: messageKey(judged.hit.message),
  linkNo: judged.hit.linkNo ?? 0,
  at: judged.hit.at,
  machine: false,
  seq: null,
  judged,
})

/** One event per message, told by the first of its clicks in this batch. */
function announceReversed(
  ctx: Ctx,
  { hit, variant }: JudgedHit,
  clicks: readonly KnownClick[],
  all: Set<KnownClick>,
): void {
  if (clicks.length === 0) return
  announce(
    ctx,
    messageClicksReclassified,
    { variant, reason: 'many_links', clicks: clicks.map(({ linkNo, seq }) => ({ linkNo, seq: seq ?? '' })) },
    subjectOf(hit),
  )
  for (const click of clicks) all.delete(click)
}

function announceHit(ctx: Ctx, { hit, variant, reasons }: JudgedHit): void {
  const facts = {
    variant,
    reasons,
    machine: reasons.length > 0,
    agent: agentFamily(hit.userAgent),
    addressPrefix: hit.addressPrefix,
  }
  if (hit.linkNo === null) announce(ctx, messageOpened, facts, subjectOf(hit))
  else
    announce(
      ctx,
      messageClicked,
      { ...facts, versionId: hit.message.versionId, linkNo: hit.linkNo },
      subjectOf(hit),
    )
}

const subjectOf = ({ message, at }: MessageHit): EventSubject => ({
  at,
  contactId: message.contactId,
  campaignId: message.campaignId,
  runId: message.runId,
  channel: message.channel,
})

const messageKey = (message: { runId: string; contactId: ContactId; channel: string }): string =>
  `${message.runId} ${message.contactId} ${message.channel}`
