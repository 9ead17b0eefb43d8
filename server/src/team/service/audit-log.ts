/** The audit log, as people read it. */
import type { Ctx } from '../../platform/context.ts'
import { fromWire, ID_KINDS, wirePattern, type IdKind } from '../../platform/ids.ts'
import { decodeCursor, encodeCursor } from '../../platform/wire.ts'
import { errors } from '../errors.ts'
import { listAuditEntries, type AuditEntry } from '../queries/audit-entries.ts'

/** Who, what, when; absent parts filter nothing. */
export interface AuditQuery {
  limit: number
  cursor?: string | undefined
  actor?: string | undefined
  action?: string | undefined
  subjectKind?: string | undefined
  subjectId?: string | undefined
  from?: Date | undefined
  until?: Date | undefined
}

/** A page of the organization's audit log, newest first. @throws team.cursor_invalid */
export async function auditLog(
  ctx: Ctx,
  query: AuditQuery,
): Promise<{ items: AuditEntry[]; nextCursor: string | null }> {
  const rows = await listAuditEntries(ctx, {
    actor: databaseId(query.actor),
    actionPattern: query.action === undefined ? null : patternOf(query.action),
    subjectKind: query.subjectKind ?? null,
    subjectId: databaseId(query.subjectId),
    from: query.from ?? null,
    until: query.until ?? null,
    before: beforeOf(query.cursor),
    limit: query.limit + 1,
  })
  const items = rows.slice(0, query.limit)
  const last = items.at(-1)
  return { items, nextCursor: rows.length > query.limit && last ? encodeCursor([last.seq]) : null }
}

function beforeOf(cursor: string | undefined): number | null {
  if (cursor === undefined) return null
  const [seq] = decodeCursor(cursor) ?? []
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq)) throw errors.cursor_invalid()
  return seq
}

/** The log keeps ids in database form; callers know them in wire form. Other texts stay as they are. */
function databaseId(text: string | undefined): string | null {
  if (text === undefined) return null
  const kind = (Object.keys(ID_KINDS) as IdKind[]).find((candidate) => wirePattern(candidate).test(text))
  return kind === undefined ? text : fromWire(kind, text)
}

/** `campaign.` → everything about campaigns; a whole action matches itself. */
function patternOf(action: string): string {
  const literal = action.replaceAll(/[\\%_]/g, String.raw`\$&`)
  return action.endsWith('.') ? `${literal}%` : literal
}
