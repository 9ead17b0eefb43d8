/** The compliance log: every entry of the audit chain about consent, rights and retention, for an auditor to read. */
import { Readable } from 'node:stream'
import { BYTE_ORDER_MARK, csvRow } from '../../contacts/index.ts'
import { audit, verifyAudit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { decodeCursor, encodeCursor } from '../../platform/wire.ts'
import { actorNames } from '../../team/index.ts'
import { selectLog, type LogRow } from './queries.ts'

/** Entries read at once for a file. */
const BATCH_ROWS = 2_000

/** An entry as callers see it. Its change may have been erased with the person that it named. */
export interface LogEntry extends Omit<LogRow, 'hash'> {
  hash: string
}

/** A page of the log, latest first. */
export async function complianceLog(
  ctx: Ctx,
  page: { cursor?: string | undefined; limit: number },
): Promise<{ items: (LogEntry & { actorName: string | null })[]; nextCursor: string | null }> {
  const [before] = decodeCursor(page.cursor ?? '') ?? []
  const rows = await selectLog(ctx, {
    before: typeof before === 'string' && /^\d{1,18}$/.test(before) ? before : null,
    limit: page.limit + 1,
  })
  const items = rows.slice(0, page.limit)
  const last = rows.length > page.limit ? items.at(-1) : undefined
  const names = await actorNames(
    ctx,
    items.map(({ actorKind, actorId }) => `${actorKind}:${actorId}`),
  )
  return {
    items: items.map((row) => ({
      ...entryOf(row),
      actorName: names.get(`${row.actorKind}:${row.actorId}`) ?? null,
    })),
    nextCursor: last ? encodeCursor([last.seq]) : null,
  }
}

/** The whole log as CSV, latest first; its last line is the verdict on the whole chain. Reading it is audited. */
export async function complianceLogFile(ctx: Ctx): Promise<Readable> {
  const verdict = await verifyAudit(ctx)
  await inTransaction(ctx, async (ctx) =>
    audit(ctx, 'compliance_log.exported', { kind: 'organization', id: ctx.orgId }),
  )
  return Readable.from(lines(ctx, verdict))
}

async function* lines(ctx: Ctx, verdict: Awaited<ReturnType<typeof verifyAudit>>): AsyncGenerator<string> {
  yield (
    BYTE_ORDER_MARK +
      csvRow(['seq', 'at', 'actorKind', 'actorId', 'action', 'subjectKind', 'subjectId', 'change', 'hash'])
  )
  let before: string | null = null
  for (;;) {
    const rows: LogRow[] = await selectLog(ctx, { before, limit: BATCH_ROWS })
    const last = rows.at(-1)
    if (!last) break
    yield rows
      .map((row) => {
        const { seq, at, actorKind, actorId, action, subjectKind, subjectId, change, hash } = entryOf(row)
        const told = change === null ? '' : JSON.stringify(change)
        return csvRow([seq, at.toISOString(), actorKind, actorId, action, subjectKind, subjectId, told, hash])
      })
      .join('')
    before = last.seq
  }
  yield csvRow([
    'chain',
    ctx.now().toISOString(),
    '',
    '',
    verdict.intact ? 'ok' : `broken at ${verdict.brokenAt ?? '?'}: ${verdict.problem ?? ''}`,
    'entries',
    verdict.entries,
    '',
    '',
  ])
}

const entryOf = ({ hash, ...row }: LogRow): LogEntry => ({ ...row, hash: hash.toString('hex') })
