/** Writing the ledger: rows once, then only onwards. Always inside the transaction of the work that they tell of. */
import type { Ctx } from '../../platform/context.ts'
import { idsLiteral, inTransaction, unlessTaken } from '../../platform/db/index.ts'
import type { ContactId, RunId } from '../../platform/ids.ts'
import { assert } from '../../platform/errors.ts'
import { announce } from '../../platform/events/index.ts'
import { messagesMoved } from '../events.ts'
import {
  answerUnknown,
  insertGroup,
  insertNewGroup,
  insertSingles,
  moveRows,
  replaceOutcomes,
  type LedgerGroup,
  type LedgerRow,
  type Move,
  type MovedMessage,
  type SentAgain,
  type SingleRow,
} from './queries.ts'
import type { LedgerCount, LedgerRun } from './states.ts'

/** Rows of one call: a sub-batch of a chunk, or a batch of provider events. */
export const LEDGER_BATCH_MAX = 5_000

/** From so many rows on, looking each up beforehand costs more than doing it over when one is there. */
const UNCHECKED_FROM = 50

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
  const groups = [
    ...Map.groupBy(rows, ({ state, reason, variant }) => `${state} ${variant ?? 0} ${reason ?? ''}`).values(),
  ].flatMap((members) => {
    const [first] = members
    if (!first) return []
    const { state, reason, variant = 0 } = first
    return [
      {
        state,
        reason: reason ?? '',
        variant,
        contactIds: idsLiteral(members.map(({ contactId }) => contactId)),
      },
    ]
  })
  return writeGroups(ctx, run, chunkNo, groups, rows.length >= UNCHECKED_FROM)
}

/**
 * Rows are there already only when something is repeated after a crash. To ask for each costs as much as to write it
 * (4.7 µs of 13.5, measured): large batches are written without asking, and once more with it when a row was there.
 */
function writeGroups(
  ctx: Ctx,
  run: LedgerRun,
  chunkNo: number | null,
  groups: readonly LedgerGroup[],
  isLarge: boolean,
): Promise<LedgerCount[]> {
  const writeAll = async (ctx: Ctx, insert: typeof insertGroup): Promise<LedgerCount[]> => {
    const counts: LedgerCount[] = []
    for (const group of groups) {
      const [written] = await insert(ctx, run, group, chunkNo)
      const { state, reason, variant } = group
      if (written && written.n > 0) counts.push({ state, reason, variant, n: written.n })
    }
    return counts
  }
  return inTransaction(ctx, async (ctx) => {
    const written = isLarge ? await unlessTaken(ctx, () => writeAll(ctx, insertNewGroup)) : undefined
    return written ?? writeAll(ctx, insertGroup)
  })
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

/** People of a resolved slice who get nothing, for one reason. */
export interface LedgerSkips {
  /** `held_out` for the holdout, else skipped. */
  state?: 'skipped' | 'held_out'
  reason: string
  variant?: number
  /** Their ids as PostgreSQL writes an array, `{1,2,3}`. */
  contactIds: string
}

/**
 * Writes rows for those of a resolved slice who get nothing: one call per reason.
 * @returns what was really written, as `recordMessages` does
 */
export async function recordSkipped(ctx: Ctx, run: LedgerRun, skips: LedgerSkips): Promise<LedgerCount> {
  const { state = 'skipped', reason, variant = 0, contactIds } = skips
  const group = { state, reason, variant, contactIds }
  const [written] = await writeGroups(ctx, run, null, [group], true)
  return written ?? { state, reason, variant, n: 0 }
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
 * Writes the answers to messages that somebody asked to send again. Only those that had failed, bounced or
 * stayed without an answer change, in the row that they have: a run's rows stay as many as its audience. The caller adds the deltas.
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
