/** Writing the ledger: rows once, then only onwards. Always inside the transaction of the work that they tell of. */
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import type { ContactId, RunId } from '../../platform/ids.ts'
import { assert } from '../../platform/errors.ts'
import { announce } from '../../platform/events/index.ts'
import { messagesMoved } from '../events.ts'
import {
  answerUnknown,
  insertRows,
  insertSingles,
  insertSkips,
  moveRows,
  replaceOutcomes,
  type LedgerRow,
  type LedgerSkips,
  type Move,
  type MovedMessage,
  type SentAgain,
  type SingleRow,
} from './queries.ts'
import type { LedgerCount, LedgerRun } from './states.ts'

/** Rows of one call: a sub-batch of a chunk, or a batch of provider events. */
export const LEDGER_BATCH_MAX = 5_000

/**
 * Writes what became of a sub-batch: handed over, refused, unknown, or skipped at the last moment.
 * Rows that exist already stay as they are.
 *
 * @returns what was really written, grouped
 */
export async function recordMessages(
  ctx: Ctx,
  run: LedgerRun,
  chunkNo: number | null,
  rows: readonly LedgerRow[],
): Promise<LedgerCount[]> {
  assert(rows.length <= LEDGER_BATCH_MAX, `at most ${LEDGER_BATCH_MAX} ledger rows at once`)
  return rows.length === 0 ? [] : insertRows(ctx, run, rows, chunkNo)
}

/**
 * Writes what became of messages that are each a run of their own: those that were sent one by one. An unknown one moves
 * when its second hand-over was answered, and keeps its reason. The caller adds the deltas.
 *
 * @returns the runs whose row was written or moved
 */
export async function recordSingles(ctx: Ctx, rows: readonly SingleRow[]): Promise<ReadonlySet<RunId>> {
  assert(rows.length <= LEDGER_BATCH_MAX, `at most ${LEDGER_BATCH_MAX} ledger rows at once`)
  return new Set(rows.length > 0 ? (await insertSingles(ctx, rows)).map(({ runId }) => runId) : [])
}

/**
 * Writes rows for those of a resolved slice who get nothing: one call per reason.
 * @returns what was really written, as `recordMessages` does
 */
export async function recordSkipped(ctx: Ctx, run: LedgerRun, skips: LedgerSkips): Promise<LedgerCount> {
  const [written] = await insertSkips(ctx, run, skips)
  return {
    state: skips.state ?? 'skipped',
    reason: skips.reason,
    variant: skips.variant ?? 0,
    n: written?.n ?? 0,
  }
}

/**
 * Writes the answers of second hand-overs: unknown messages move, all others stay. The reason of an unknown outcome
 * stays too, so that a message that was handed over twice is listed for ever. The caller adds the deltas.
 *
 * @returns who moved
 */
export async function resolveUnknown(
  ctx: Ctx,
  run: LedgerRun,
  rows: readonly LedgerRow[],
): Promise<ReadonlySet<ContactId>> {
  return new Set(
    rows.length > 0 ? (await answerUnknown(ctx, run, rows)).map(({ contactId }) => contactId) : [],
  )
}

/**
 * Writes the answers to messages that somebody asked to send again. Only those that had failed or bounced change, in the
 * row that they have: a run's rows stay as many as its audience. The caller adds the deltas.
 */
export async function recordAgain(
  ctx: Ctx,
  run: LedgerRun,
  rows: readonly LedgerRow[],
): Promise<SentAgain[]> {
  if (rows.length === 0) return []
  const moved = await replaceOutcomes(ctx, run, rows)
  return moved.map(({ was, wasReason, state, reason, n }) => ({
    from: { state: was, reason: wasReason },
    to: { state, reason },
    n,
  }))
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
    for (const group of Map.groupBy(moved, groupOf).values()) announceMove(ctx, group)
    return moved
  })
}

const groupOf = (message: MovedMessage): string =>
  [
    message.runId,
    message.channel,
    message.variant,
    message.from,
    message.wasReason,
    message.to,
    message.reason,
  ].join('\0')

function announceMove(ctx: Ctx, group: readonly MovedMessage[]): void {
  const [first] = group
  assert(first, 'a group has a member')
  const { from, wasReason, to, reason, variant } = first
  announce(
    ctx,
    messagesMoved,
    { from, wasReason, to, reason, variant, contactIds: group.map((message) => message.contactId) },
    { campaignId: first.campaignId, runId: first.runId, channel: first.channel },
  )
}
