/** Making all profiles of an organization anew from log and ledger, and saying what had been otherwise. */
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import type { ContactId } from '../../platform/ids.ts'
import { openFrame } from './frame.ts'
import { deleteGone } from './people-queries.ts'
import {
  selectContacts,
  selectDigests,
  selectOrphans,
  selectStanding,
  type StandingFigure,
} from './rebuild-queries.ts'
import { announceChanged, refigureWhole } from './refigure.ts'
import { drawBorders, refreshSlice } from './refresh-queries.ts'
import { refreshNext } from './refresh.ts'
import { selectPosition, updatePresent } from './setting-queries.ts'

/** Contacts of one transaction. */
const SLICE = 10_000
/** Differences that are kept to be read; all are counted. */
const KEPT_MAX = 1_000

/** A figure that stood otherwise than log and ledger say. */
export interface ProfileDifference {
  contactId: ContactId
  figure: string
  /** Null where there was none, or is to be none. */
  stood: string | null
  is: string | null
}

export interface RebuildReport {
  contacts: number
  /** Contacts with at least one figure that stood otherwise. */
  different: number
  differences: ProfileDifference[]
}

/**
 * Recomputes every profile while everything else runs on. What the log holds beyond the consumer's position is left to
 * the consumer, so that in a sound organization nothing is different.
 *
 * Outside any transaction.
 *
 * @param onSlice  called after each slice, with contacts done so far
 */
export async function rebuildProfiles(
  ctx: Ctx,
  onSlice: (contacts: number) => void = () => undefined,
): Promise<RebuildReport> {
  const report: RebuildReport = { contacts: 0, different: 0, differences: [] }
  await forgetOrphans(ctx, report)
  for (let after = '0' as ContactId; ;) {
    const ids = await rebuildSlice(ctx, after, report)
    const last = ids.at(-1)
    if (last === undefined) break
    report.contacts += ids.length
    onSlice(report.contacts)
    after = last
  }
  await drawAnew(ctx)
  return report
}

/** Fifths are drawn from what was made; classes follow. Moved borders are news, not a difference. */
async function drawAnew(ctx: Ctx): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    await openFrame(ctx)
    await drawBorders(ctx)
  })
  for (let after: ContactId | null = '0' as ContactId; after !== null;) after = await refreshNext(ctx, after)
}

function forgetOrphans(ctx: Ctx, report: RebuildReport): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    await openFrame(ctx)
    const orphans = await selectOrphans(ctx, SLICE)
    note(report, await selectStanding(ctx, orphans), [])
    await deleteGone(ctx, orphans)
  })
}

/**
 * Figures are compared by a number per contact; what was different is read only where these are. Whoever writes profiles
 * waits for the frame's lock, so that outside the transaction everything still stands as it was found.
 */
async function rebuildSlice(ctx: Ctx, after: ContactId, report: RebuildReport): Promise<ContactId[]> {
  const ids = await selectContacts(ctx, after, SLICE)
  const upTo = ids.at(-1)
  if (upTo === undefined) return ids
  // What only the calendar has moved since the last refresh is no difference.
  const today = await inTransaction(ctx, async (inner) => {
    const frame = await openFrame(inner)
    await refreshSlice(inner, frame, { after, upTo })
    return frame.today
  })
  await inTransaction(ctx, async (inner) => {
    const frame = { ...(await openFrame(inner)), today }
    const stood = await digestsOf(inner, ids)
    await updatePresent(inner, frame.present)
    const until = await selectPosition(inner)
    await refigureWhole(inner, { ...frame, ...frame.present }, { contactIds: ids, until })
    const are = await digestsOf(inner, ids)
    const different = ids.filter((id) => stood.get(id) !== are.get(id))
    if (different.length > 0)
      announceChanged(
        inner,
        note(report, await selectStanding(ctx, different), await selectStanding(inner, different)),
      )
  })
  return ids
}

const digestsOf = async (ctx: Ctx, ids: readonly ContactId[]): Promise<ReadonlyMap<ContactId, string>> =>
  new Map((await selectDigests(ctx, ids)) as [ContactId, string][]) // the select list has these two columns

/** Compares, counts and keeps. @returns whose figures are different */
function note(
  report: RebuildReport,
  stood: readonly StandingFigure[],
  are: readonly StandingFigure[],
): ContactId[] {
  const key = ({ contactId, figure }: StandingFigure): string => `${contactId}\0${figure}`
  const before = new Map(stood.map((figure) => [key(figure), figure]))
  const after = new Map(are.map((figure) => [key(figure), figure]))
  const different = new Set<ContactId>()
  for (const [name, figure] of new Map([...before, ...after])) {
    const [was, is] = [before.get(name)?.value ?? null, after.get(name)?.value ?? null]
    if (was === is) continue
    different.add(figure.contactId)
    if (report.differences.length < KEPT_MAX)
      report.differences.push({ contactId: figure.contactId, figure: figure.figure, stood: was, is })
  }
  report.different += different.size
  return [...different]
}
