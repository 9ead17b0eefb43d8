/** Reading the ledger: totals of a run, the people behind them, the messages of one person. */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId, RunId } from '../../platform/ids.ts'
import { decodeCursor, encodeCursor } from '../../platform/wire.ts'
import type { ContactMessage } from '../schema.ts'
import {
  countRows,
  selectMessagesOf,
  selectPeople,
  selectRecorded,
  selectUnknownSingles,
  type PersonPlace,
  type PersonRow,
} from './queries.ts'
import { LEDGER_STATES, type LedgerCount, type LedgerRun, type LedgerState } from './states.ts'

/** What the ledger holds of a run. */
export interface LedgerTotals {
  /** All rows: audience = rows + still in chunks. */
  rows: number
  byState: Record<LedgerState, number>
  /** With reasons and variants, for skipped, bounced and failed. */
  groups: readonly LedgerCount[]
}

/** Counts a run's rows, on one channel or on all. Reads an index of the run: for checks and small runs, not for every refresh of a screen. */
export async function ledgerTotals(ctx: Ctx, runId: RunId, channel?: string): Promise<LedgerTotals> {
  const groups = await countRows(ctx, runId, channel ?? null)
  const byState = Object.fromEntries(LEDGER_STATES.map((state) => [state, 0])) as Record<LedgerState, number>
  for (const group of groups) byState[group.state] += group.n
  return { groups, byState, rows: groups.reduce((sum, group) => sum + group.n, 0) }
}

/** Which of these contacts the run's ledger already holds. For chunks that are claimed a second time. */
export async function alreadyRecorded(
  ctx: Ctx,
  run: LedgerRun,
  contactIds: readonly ContactId[],
): Promise<ReadonlySet<ContactId>> {
  return new Set(await selectRecorded(ctx, run, contactIds, null))
}

/** Whose outcome in the run is still unknown. For second hand-overs: a provider's report may have come meanwhile. */
export async function stillUnknown(
  ctx: Ctx,
  run: LedgerRun,
  contactIds: readonly ContactId[],
): Promise<ReadonlySet<ContactId>> {
  return new Set(await selectRecorded(ctx, run, contactIds, 'unknown'))
}

/** The same of messages that are each a run of their own. */
export async function unknownSingles(ctx: Ctx, runIds: readonly RunId[]): Promise<ReadonlySet<RunId>> {
  return new Set((await selectUnknownSingles(ctx, runIds)).map(({ runId }) => runId))
}

/** People behind a number of the ledger, by id and channel. */
export async function peopleBehind(
  ctx: Ctx,
  runId: RunId,
  wanted: {
    states: readonly LedgerState[]
    reason?: string | undefined
    channel?: string | undefined
    after?: PersonPlace | undefined
    limit: number
  },
): Promise<{ people: PersonRow[]; next: PersonPlace | null }> {
  const rows = await selectPeople(ctx, runId, {
    states: wanted.states,
    reason: wanted.reason ?? null,
    channel: wanted.channel ?? null,
    after: wanted.after ?? null,
    limit: wanted.limit + 1,
  })
  const people = rows.slice(0, wanted.limit)
  return { people, next: rows.length > wanted.limit ? (people.at(-1) ?? null) : null }
}

/** A page of what was sent to a person. A cursor that is none begins anew. */
export async function messagesOf(
  ctx: Ctx,
  contactId: ContactId,
  page: { limit: number; cursor?: string | undefined },
): Promise<{ items: ContactMessage[]; nextCursor: string | null }> {
  const [at, key] = decodeCursor(page.cursor ?? '') ?? []
  const instant = new Date(String(at))
  const after = typeof key === 'string' && !Number.isNaN(instant.getTime()) ? { at: instant, key } : null
  const rows = await selectMessagesOf(ctx, contactId, { after, limit: page.limit + 1 })
  const items = rows.slice(0, page.limit)
  const last = rows.length > page.limit ? items.at(-1) : undefined
  return {
    items,
    nextCursor: last ? encodeCursor([last.stateAt.toISOString(), last.runId + last.channel]) : null,
  }
}
