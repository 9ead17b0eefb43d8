/** The SQL of imports. */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'
import type { ContactImport, ImportCounts, ImportId, ImportState } from './import.ts'
import type { Problem } from './convert.ts'

const COLUMNS = `id, file_name, file_bytes::float8 as file_bytes, encoding, separator, has_header, default_country, columns, options, state,
  bytes_done::float8 as bytes_done, rows_done, created, updated, unchanged, skipped, rejected, problems,
  consent_recorded, consent_unproven, suppressed, removed, restored, kept, failure, created_by, created_at, started_at,
  ended_at, undo_until`

/** Adds an uploaded file. */
export async function insertImport(
  ctx: Ctx,
  found: Pick<
    ContactImport,
    'id' | 'fileName' | 'fileBytes' | 'encoding' | 'separator' | 'hasHeader' | 'columns' | 'defaultCountry'
  >,
): Promise<ContactImport> {
  const rows = await ctx.db.named<ContactImport>(
    'contacts_import_insert',
    `
    insert into contact_import (org_id, id, file_name, file_bytes, encoding, separator, has_header, columns, default_country, state, created_by, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $11, 'draft', $9, $10, $10)
    returning ${COLUMNS}`,
    [
      ctx.orgId,
      found.id,
      found.fileName,
      found.fileBytes,
      found.encoding,
      found.separator,
      found.hasHeader,
      JSON.stringify(found.columns),
      ctx.actor.id,
      ctx.now(),
      found.defaultCountry,
    ],
  )
  return rows[0] as ContactImport // an insert of one row returns it
}

/** One import, or undefined. */
export async function selectImport(ctx: Ctx, id: ImportId): Promise<ContactImport | undefined> {
  const [found] = await ctx.db.named<ContactImport>(
    'contacts_import_get',
    `select ${COLUMNS} from contact_import where org_id = $1 and id = $2`,
    [ctx.orgId, id],
  )
  return found
}

/** One import, locked until the transaction ends. */
export async function lockImport(ctx: Ctx, id: ImportId): Promise<ContactImport | undefined> {
  const [found] = await ctx.db.named<ContactImport>(
    'contacts_import_lock',
    `select ${COLUMNS} from contact_import where org_id = $1 and id = $2 for update`,
    [ctx.orgId, id],
  )
  return found
}

/** Imports, latest first. */
export function selectImports(
  ctx: Ctx,
  after: { createdAt: string; id: string } | null,
  limit: number,
): Promise<ContactImport[]> {
  return ctx.db.named<ContactImport>(
    'contacts_imports',
    `
    select ${COLUMNS} from contact_import
    where org_id = $1 and ($2::timestamptz is null or (created_at, id) < ($2::timestamptz, $3::uuid))
    order by created_at desc, id desc
    limit $4`,
    [ctx.orgId, after?.createdAt ?? null, after?.id ?? null, limit],
  )
}

/** Puts what was found under another reading of the file. */
export function updateReading(
  ctx: Ctx,
  id: ImportId,
  found: Pick<ContactImport, 'encoding' | 'separator' | 'hasHeader' | 'columns' | 'defaultCountry'>,
): Promise<unknown> {
  return ctx.db.named(
    'contacts_import_reading',
    'update contact_import set encoding = $3, separator = $4, has_header = $5, columns = $6, updated_at = $7, default_country = $8 where org_id = $1 and id = $2',
    [
      ctx.orgId,
      id,
      found.encoding,
      found.separator,
      found.hasHeader,
      JSON.stringify(found.columns),
      ctx.now(),
      found.defaultCountry,
    ],
  )
}

/** Moves an import on to a state. Dates that are not given stay as they are. */
export function updateState(
  ctx: Ctx,
  id: ImportId,
  state: ImportState,
  more: {
    options?: unknown
    startedAt?: Date
    endedAt?: Date
    undoUntil?: Date
    failure?: string | null
  } = {},
): Promise<unknown> {
  return ctx.db.named(
    'contacts_import_state',
    `
    update contact_import set state = $3, options = coalesce($4, options), started_at = coalesce($5, started_at),
      ended_at = coalesce($6, ended_at), undo_until = coalesce($7, undo_until), failure = $8, updated_at = $9
    where org_id = $1 and id = $2`,
    [
      ctx.orgId,
      id,
      state,
      more.options === undefined ? null : JSON.stringify(more.options),
      more.startedAt ?? null,
      more.endedAt ?? null,
      more.undoUntil ?? null,
      more.failure ?? null,
      ctx.now(),
    ],
  )
}

/**
 * Books a batch: adds its figures and moves the cursor, if the import still runs and stands where the batch began.
 * @returns false when it does not: somebody cancelled, or another worker has done this batch
 */
export async function advanceImport(
  ctx: Ctx,
  id: ImportId,
  step: { fromRow: number; toRow: number; bytesDone: number; counts: ImportCounts },
): Promise<boolean> {
  const c = step.counts
  const rows = await ctx.db.named(
    'contacts_import_advance',
    `
    update contact_import set rows_done = $4, bytes_done = $5, created = created + $6, updated = updated + $7,
      unchanged = unchanged + $8, skipped = skipped + $9, rejected = rejected + $10, problems = problems + $11,
      consent_recorded = consent_recorded + $12, consent_unproven = consent_unproven + $13, suppressed = suppressed + $14, updated_at = $15
    where org_id = $1 and id = $2 and rows_done = $3 and state = 'running'
    returning id`,
    [
      ctx.orgId,
      id,
      step.fromRow,
      step.toRow,
      step.bytesDone,
      c.created,
      c.updated,
      c.unchanged,
      c.skipped,
      c.rejected,
      c.problems,
      c.consentRecorded,
      c.consentUnproven,
      c.suppressed,
      ctx.now(),
    ],
  )
  return rows.length === 1
}

/** Keeps problems for the file of errors. */
export function insertProblems(ctx: Ctx, id: ImportId, problems: readonly Problem[]): Promise<unknown> {
  return ctx.db.named(
    'contacts_import_problems_insert',
    `
    insert into contact_import_problem (org_id, import_id, row_number, column_number, reason, value, is_row)
    select $1, $2, p.row_number, p.column_number, p.reason, p.value, p.is_row
    from unnest($3::integer[], $4::smallint[], $5::text[], $6::text[], $7::boolean[]) as p (row_number, column_number, reason, value, is_row)
    on conflict do nothing`,
    [
      ctx.orgId,
      id,
      problems.map((p) => p.rowNumber),
      problems.map((p) => p.columnNumber),
      problems.map((p) => p.reason),
      problems.map((p) => p.value),
      problems.map((p) => p.isRow),
    ],
  )
}

/** Problems in the order of the file, after a row and column. */
export function selectProblems(
  ctx: Ctx,
  id: ImportId,
  after: { rowNumber: number; columnNumber: number },
  limit: number,
): Promise<Problem[]> {
  return ctx.db.named<Problem>(
    'contacts_import_problems',
    `
    select row_number, column_number, reason, value, is_row from contact_import_problem
    where org_id = $1 and import_id = $2 and (row_number, column_number) > ($3, $4)
    order by row_number, column_number
    limit $5`,
    [ctx.orgId, id, after.rowNumber, after.columnNumber, limit],
  )
}

/** The first problems in the order of the file, without the consents that lack their proof: those are counted apart. */
export function selectFirstProblems(ctx: Ctx, id: ImportId, limit: number): Promise<Problem[]> {
  return ctx.db.named<Problem>(
    'contacts_import_problems_first',
    `
    select row_number, column_number, reason, value, is_row from contact_import_problem
    where org_id = $1 and import_id = $2 and reason <> 'consent_unproven'
    order by row_number, column_number
    limit $3`,
    [ctx.orgId, id, limit],
  )
}

/** How often each reason occurs, most often first. */
export function countReasons(
  ctx: Ctx,
  id: ImportId,
): Promise<{ reason: Problem['reason']; columnNumber: number; count: number }[]> {
  return ctx.db.named<{ reason: Problem['reason']; columnNumber: number; count: number }>(
    'contacts_import_reasons',
    `
    select reason, column_number, count(*)::int as count from contact_import_problem
    where org_id = $1 and import_id = $2
    group by reason, column_number
    order by count(*) desc, reason, column_number
    limit 50`,
    [ctx.orgId, id],
  )
}

/**
 * The next contacts that an import created, locked, in the order of their ids. They all came at the instant at which it
 * began, and so lie together in the index of contacts by creation: no other index holds which import brought whom.
 */
export function lockCreatedBy(
  ctx: Ctx,
  { id, startedAt }: Pick<ContactImport, 'id' | 'startedAt'>,
  afterId: string,
  limit: number,
): Promise<{ id: ContactId; updatedAt: Date; hasHistory: boolean }[]> {
  return ctx.db.named<{ id: ContactId; updatedAt: Date; hasHistory: boolean }>(
    'contacts_import_created',
    `
    select c.id, c.updated_at,
      exists (
        select 1 from event e
        where e.org_id = $1 and e.contact_id = c.id and e.type not like 'contacts.%' and e.type not like 'consent.%'
      ) as has_history
    from contact c
    where c.org_id = $1 and c.created_at = $5 and c.import_id = $2 and c.id > $3
    order by c.id
    limit $4
    for update of c`,
    [ctx.orgId, id, afterId, limit, startedAt],
  )
}

/** Books a step of an undo, if it stands where the step began. */
export async function advanceUndo(
  ctx: Ctx,
  id: ImportId,
  step: { fromCursor: string; toCursor: string; removed: number; restored: number; kept: number },
): Promise<boolean> {
  const rows = await ctx.db.named(
    'contacts_import_undo_advance',
    `
    update contact_import set undo_cursor = $4, removed = removed + $5, restored = restored + $6, kept = kept + $7, updated_at = $8
    where org_id = $1 and id = $2 and undo_cursor = $3 and state = 'undoing'
    returning id`,
    [ctx.orgId, id, step.fromCursor, step.toCursor, step.removed, step.restored, step.kept, ctx.now()],
  )
  return rows.length === 1
}

/** Where an undo stands. */
export async function selectUndoCursor(ctx: Ctx, id: ImportId): Promise<string> {
  const [row] = await ctx.db.named<{ undoCursor: string }>(
    'contacts_import_undo_cursor',
    'select undo_cursor from contact_import where org_id = $1 and id = $2',
    [ctx.orgId, id],
  )
  return row?.undoCursor ?? '0'
}

/** Drafts that were never started, and imports that still hold values they could not store, past an instant. */
export function selectExpiredImports(
  ctx: Ctx,
  before: Date,
): Promise<{ id: ImportId; state: ImportState }[]> {
  return ctx.db.named<{ id: ImportId; state: ImportState }>(
    'contacts_imports_expired',
    `
    select i.id, i.state from contact_import i
    where i.org_id = $1 and i.updated_at < $2
      and (i.state = 'draft' or exists (select 1 from contact_import_problem p where p.org_id = $1 and p.import_id = i.id))
    order by i.updated_at
    limit 100`,
    [ctx.orgId, before],
  )
}

/** Forgets a draft. */
export function deleteImport(ctx: Ctx, id: ImportId): Promise<unknown> {
  return ctx.db.named('contacts_import_delete', 'delete from contact_import where org_id = $1 and id = $2', [
    ctx.orgId,
    id,
  ])
}

/** Forgets the values that an import could not store. */
export function deleteProblems(ctx: Ctx, id: ImportId): Promise<unknown> {
  return ctx.db.named(
    'contacts_import_problems_delete',
    'delete from contact_import_problem where org_id = $1 and import_id = $2',
    [ctx.orgId, id],
  )
}

/** Forgets values that are this address. */
export function deleteProblemsOf(ctx: Ctx, address: string): Promise<unknown> {
  return ctx.db.named(
    'contacts_import_problems_delete_of',
    'delete from contact_import_problem where org_id = $1 and lower(value) = $2',
    [ctx.orgId, address],
  )
}
