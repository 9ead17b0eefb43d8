/** The life of an import: reading its file differently, starting, cancelling, undoing, listing. */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { enqueue } from '../../platform/jobs/index.ts'
import { decodeCursor, encodeCursor } from '../../platform/wire.ts'
import { errors } from '../errors.ts'
import { selectFields } from '../fields/queries.ts'
import { analyse } from './analyse.ts'
import { type ContactImport, type ImportId, fileOf } from './import.ts'
import { checkMapping } from './mapping.ts'
import { type ImportChoices, decided } from './options.ts'
import { type ImportPreview, previewImport } from './preview.ts'
import {
  deleteImport,
  lockImport,
  selectImport,
  selectImports,
  updateReading,
  updateState,
} from './queries.ts'
import type { FileReading } from './rows.ts'
import { IMPORT_UNDO_MS, runImport } from './run.ts'
import { undoImportJob } from './undo.ts'

/** @throws contacts.import_not_found */
export async function getImport(ctx: Ctx, id: ImportId): Promise<ContactImport> {
  const found = await selectImport(ctx, id)
  if (!found) throw errors.import_not_found({ id })
  return found
}

/** A page of imports, latest first. @throws contacts.cursor_invalid */
export async function listImports(
  ctx: Ctx,
  page: { limit: number; cursor?: string | undefined },
): Promise<{ items: ContactImport[]; nextCursor: string | null }> {
  const [createdAt, id] = page.cursor === undefined ? [] : (decodeCursor(page.cursor) ?? [null])
  const isPlace =
    typeof createdAt === 'string' &&
    typeof id === 'string' &&
    !Number.isNaN(Date.parse(createdAt)) &&
    /^[0-9a-f-]{36}$/.test(id)
  if (page.cursor !== undefined && !isPlace) throw errors.cursor_invalid()
  const rows = await selectImports(ctx, isPlace ? { createdAt, id } : null, page.limit + 1)
  const items = rows.slice(0, page.limit)
  const last = rows.length > page.limit ? items.at(-1) : undefined
  return { items, nextCursor: last ? encodeCursor([last.createdAt.toISOString(), last.id]) : null }
}

/**
 * Reads the file in another way: another encoding, separator, or with or without header; guesses anew.
 * @throws contacts.import_wrong_state, contacts.csv_*
 */
export async function readAgain(
  ctx: Ctx,
  id: ImportId,
  wanted: { [P in keyof FileReading]?: FileReading[P] | undefined },
  defaultCountry: string | null,
): Promise<ContactImport> {
  const draft = await draftOf(ctx, id)
  const analysis = await analyse(
    ctx,
    id,
    {
      separator: draft.separator,
      hasHeader: draft.hasHeader,
      encoding: draft.encoding,
      ...withoutUndefined(wanted),
    },
    defaultCountry,
  )
  await updateReading(ctx, id, analysis)
  return { ...draft, ...analysis }
}

function withoutUndefined(wanted: {
  [P in keyof FileReading]?: FileReading[P] | undefined
}): Partial<FileReading> {
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined)) // fewer keys of the same type
}

/** What the import would do. @throws contacts.import_wrong_state, contacts.mapping_invalid */
export async function preview(ctx: Ctx, id: ImportId, choices: ImportChoices): Promise<ImportPreview> {
  const draft = await draftOf(ctx, id)
  return previewImport(ctx, draft, decided(choices, draft))
}

/** Starts an import, or starts a failed one again from where it stood. @throws contacts.import_wrong_state, contacts.mapping_invalid */
export function startImport(ctx: Ctx, id: ImportId, choices: ImportChoices): Promise<ContactImport> {
  return inTransaction(ctx, async (ctx) => {
    const found = await lockImport(ctx, id)
    if (!found) throw errors.import_not_found({ id })
    if (found.state !== 'draft')
      throw errors.import_wrong_state({ state: found.state }, { extra: { state: found.state } })
    const options = decided(choices, found)
    checkMapping(
      ctx,
      found,
      options,
      (await selectFields(ctx)).filter((field) => field.archivedAt === null),
    )
    await updateState(ctx, id, 'running', { options, startedAt: ctx.now() })
    await enqueue(ctx, runImport, { importId: id }, { key: id })
    audit(
      ctx,
      'contacts.import_started',
      { kind: 'contact_import', id },
      { fileName: found.fileName, policy: options.policy, tags: options.tags },
    )
    return (await selectImport(ctx, id)) ?? found
  })
}

/** Goes on with an import that failed, behind its last row. @throws contacts.import_wrong_state */
export function resumeImport(ctx: Ctx, id: ImportId): Promise<ContactImport> {
  return inTransaction(ctx, async (ctx) => {
    const found = await lockImport(ctx, id)
    if (!found) throw errors.import_not_found({ id })
    const hasFile = (await ctx.platform.storage.size(ctx.orgId, fileOf(id))) !== null
    if (found.state !== 'failed' || !hasFile)
      throw errors.import_wrong_state({ state: found.state }, { extra: { state: found.state } })
    await updateState(ctx, id, 'running')
    await enqueue(ctx, runImport, { importId: id }, { key: id })
    audit(ctx, 'contacts.import_resumed', { kind: 'contact_import', id }, { rowsDone: found.rowsDone })
    return (await selectImport(ctx, id)) ?? found
  })
}

/** Stops a running import behind its last whole batch; what it has done stays and can be undone. @throws contacts.import_wrong_state */
export async function cancelImport(ctx: Ctx, id: ImportId): Promise<ContactImport> {
  const cancelled = await inTransaction(ctx, async (ctx) => {
    const found = await lockImport(ctx, id)
    if (!found) throw errors.import_not_found({ id })
    if (found.state !== 'running')
      throw errors.import_wrong_state({ state: found.state }, { extra: { state: found.state } })
    const now = ctx.now()
    await updateState(ctx, id, 'cancelled', {
      endedAt: now,
      undoUntil: new Date(now.getTime() + IMPORT_UNDO_MS),
    })
    audit(ctx, 'contacts.import_cancelled', { kind: 'contact_import', id }, { rowsDone: found.rowsDone })
    return (await selectImport(ctx, id)) ?? found
  })
  await ctx.platform.storage.remove(ctx.orgId, fileOf(id))
  return cancelled
}

/** Takes a whole import back. @throws contacts.change_not_undoable */
export function undoImport(ctx: Ctx, id: ImportId): Promise<ContactImport> {
  return inTransaction(ctx, async (ctx) => {
    const found = await lockImport(ctx, id)
    if (!found) throw errors.import_not_found({ id })
    const isOver = found.state === 'completed' || found.state === 'cancelled' || found.state === 'failed'
    if (!isOver || found.undoUntil === null || found.undoUntil < ctx.now())
      throw errors.change_not_undoable({ state: found.state }, { extra: { state: found.state } })
    await updateState(ctx, id, 'undoing')
    await enqueue(ctx, undoImportJob, { importId: id }, { key: id })
    audit(ctx, 'contacts.import_undone', { kind: 'contact_import', id }, { fileName: found.fileName })
    return (await selectImport(ctx, id)) ?? found
  })
}

/** Forgets a file that was uploaded and never started. @throws contacts.import_wrong_state */
export async function discardImport(ctx: Ctx, id: ImportId): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    const found = await lockImport(ctx, id)
    if (!found) throw errors.import_not_found({ id })
    if (found.state !== 'draft')
      throw errors.import_wrong_state({ state: found.state }, { extra: { state: found.state } })
    await deleteImport(ctx, id)
    audit(ctx, 'contacts.import_discarded', { kind: 'contact_import', id }, { fileName: found.fileName })
  })
  await ctx.platform.storage.remove(ctx.orgId, fileOf(id))
}

async function draftOf(ctx: Ctx, id: ImportId): Promise<ContactImport> {
  const found = await getImport(ctx, id)
  if (found.state !== 'draft')
    throw errors.import_wrong_state({ state: found.state }, { extra: { state: found.state } })
  return found
}
