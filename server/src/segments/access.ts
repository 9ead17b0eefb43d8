/** What segments give into a person's archive: every group that they belong to, by list or by rule. */
import type { Ctx } from '../platform/context.ts'
import { AppError } from '../platform/errors.ts'
import { toWire, type ContactId } from '../platform/ids.ts'
import type { AccessRow } from '../platform/rights.ts'
import { selectMembershipsOf, type MembershipOf } from './queries/members.ts'
import { evaluateCriteria } from './service/members.ts'

/** One row per segment. A rule that cannot be read any more says so: nobody is told that they are not in it. */
export async function* readMemberships(ctx: Ctx, contactId: ContactId): AsyncGenerator<AccessRow[]> {
  const rows: AccessRow[] = []
  for (const segment of await selectMembershipsOf(ctx, contactId)) {
    const belongs = segment.rule === null ? segment.addedAt !== null : await matches(ctx, contactId, segment)
    if (belongs === false) continue
    const { id, name, kind, addedAt } = segment
    rows.push({
      segmentId: toWire('segment', id),
      name,
      kind,
      addedAt,
      belongs: belongs === null ? 'unknown' : 'yes',
    })
  }
  yield rows
}

async function matches(ctx: Ctx, contactId: ContactId, { rule }: MembershipOf): Promise<boolean | null> {
  if (rule === null) return false
  try {
    return await evaluateCriteria(ctx, contactId, rule)
  } catch (error) {
    if (error instanceof AppError && error.status === 404) return false
    if (error instanceof AppError && error.status < 500) return null
    throw error
  }
}
