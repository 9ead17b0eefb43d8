/** Writing the ledger: rows once, then only onwards. Always inside the transaction of the work that they tell of. */
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { assert } from '../../platform/errors.ts'
import { announce, type EventDefinition } from '../../platform/events/index.ts'
import { messageBounced, messageDelivered, messageFailed, messageSent } from '../events.ts'
import {
  insertRows,
  insertSkips,
  moveRows,
  type LedgerRow,
  type LedgerSkips,
  type Move,
  type MovedMessage,
} from './queries.ts'
import type { HandedOverState, LedgerCount, LedgerRun } from './states.ts'

/** Rows of one call: a sub-batch of a chunk, or a batch of provider events. */
export const LEDGER_BATCH_MAX = 5_000

/**
 * Writes what became of a sub-batch: handed over, refused, unknown, or skipped at the last moment.
 * Rows that exist already stay as they are.
 *
 * @returns what was really written, grouped; the counters add this and nothing else
 */
export function recordHandovers(
  ctx: Ctx,
  run: LedgerRun,
  rows: readonly LedgerRow[],
  chunkNo: number | null = null,
): Promise<LedgerCount[]> {
  assert(rows.length <= LEDGER_BATCH_MAX, `at most ${LEDGER_BATCH_MAX} ledger rows at once`)
  return inTransaction(ctx, async (ctx) => {
    if (rows.length === 0) return []
    const written = await insertRows(ctx, run, rows, chunkNo)
    for (const { reason, variant, bouncedContactIds } of written)
      for (const contactId of bouncedContactIds ?? [])
        announce(
          ctx,
          messageBounced,
          { from: null, reason, variant, contactIds: [contactId] },
          { contactId, campaignId: run.campaignId, runId: run.runId, channel: run.channel },
        )
    return written.map(({ state, reason, variant, n }) => ({ state, reason, variant, n }))
  })
}

/**
 * Writes rows for those of a resolved slice who get nothing: one call per reason.
 * @returns what was really written, as `recordHandovers` does
 */
export async function recordSkips(ctx: Ctx, run: LedgerRun, skips: LedgerSkips): Promise<LedgerCount> {
  const [written] = await insertSkips(ctx, run, skips)
  return {
    state: skips.state ?? 'skipped',
    reason: skips.reason,
    variant: skips.variant ?? 0,
    n: written?.n ?? 0,
  }
}

/**
 * Moves messages on after a provider's later word, and announces what moved. Late, repeated and foreign words change
 * nothing. Counters follow the announced events: callers do not add deltas for moves.
 *
 * @returns the messages that moved
 */
export function moveMessages(ctx: Ctx, moves: readonly Move[]): Promise<MovedMessage[]> {
  assert(moves.length <= LEDGER_BATCH_MAX, `at most ${LEDGER_BATCH_MAX} messages move at once`)
  return inTransaction(ctx, async (ctx) => {
    if (moves.length === 0) return []
    const moved = await moveRows(ctx, moves)
    const groups = Map.groupBy(moved, groupOf)
    for (const group of groups.values()) announceMove(ctx, group)
    return moved
  })
}

/** Bounces and failures are facts of a person's timeline and stand alone; the others go to the log together. */
function groupOf(message: MovedMessage): string {
  const person = message.to === 'bounced' || message.to === 'failed' ? message.contactId : ''
  return [
    message.runId,
    message.channel,
    message.variant,
    message.from,
    message.to,
    message.reason,
    person,
  ].join('\0')
}

function announceMove(ctx: Ctx, group: readonly MovedMessage[]): void {
  const [first] = group
  assert(first, 'a group has a member')
  announce(
    ctx,
    EVENT_OF[first.to],
    {
      from: first.from,
      reason: first.reason,
      variant: first.variant,
      contactIds: group.map((message) => message.contactId),
    },
    {
      campaignId: first.campaignId,
      runId: first.runId,
      channel: first.channel,
      ...(group.length === 1 ? { contactId: first.contactId } : {}),
    },
  )
}

type Moved = typeof messageSent extends EventDefinition<infer P> ? P : never

/** Nothing moves to unknown: it is where a message begins whose provider did not answer. */
const EVENT_OF: Readonly<Record<HandedOverState, EventDefinition<Moved>>> = {
  unknown: messageSent,
  sent: messageSent,
  delivered: messageDelivered,
  bounced: messageBounced,
  failed: messageFailed,
}
