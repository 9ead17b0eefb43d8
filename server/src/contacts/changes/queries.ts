/** The SQL of changes to many contacts, and of what takes them back. */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'
import type { FieldValues } from '../store/revision.ts'
import type { ChangeId, ChangeState, ContactChange } from './change.ts'

/** What is needed to take back what was done to one contact. For a deletion `before` is the whole contact. */
export interface Undo {
  contactId: ContactId
  kind: 'updated' | 'deleted'
  before: FieldValues | Record<string, unknown>
  after: FieldValues
}

/**
 * Keeps undo records. A contact that one change touches twice keeps its first `before` and gets the last `after`.
 *
 * @param changeId  the change or the import
 */
export function insertUndo(ctx: Ctx, changeId: string, undos: readonly Undo[]): Promise<unknown> {
  return ctx.db.named(
    'contacts_undo_insert',
    `
    insert into contact_undo (org_id, change_id, contact_id, kind, before, after, created_at)
    select $1, $2, u.contact_id, u.kind, u.before, u.after, $3
    from unnest($4::bigint[], $5::text[], $6::jsonb[], $7::jsonb[]) as u (contact_id, kind, before, after)
    on conflict (org_id, change_id, contact_id) do update set
      before = excluded.before || contact_undo.before, after = contact_undo.after || excluded.after`,
    [
      ctx.orgId,
      changeId,
      ctx.now(),
      undos.map((u) => u.contactId),
      undos.map((u) => u.kind),
      undos.map((u) => JSON.stringify(u.before)),
      undos.map((u) => JSON.stringify(u.after)),
    ],
  )
}

/** The next undo records of a change, in the order of their contacts. */
export function selectUndo(ctx: Ctx, changeId: string, afterId: string, limit: number): Promise<Undo[]> {
  return ctx.db.named<Undo>(
    'contacts_undo_next',
    `
    select contact_id, kind, before, after from contact_undo
    where org_id = $1 and change_id = $2 and contact_id > $3
    order by contact_id
    limit $4`,
    [ctx.orgId, changeId, afterId, limit],
  )
}

/** Forgets the undo records of a change. */
export function deleteUndo(ctx: Ctx, changeId: string): Promise<unknown> {
  return ctx.db.named(
    'contacts_undo_delete',
    'delete from contact_undo where org_id = $1 and change_id = $2',
    [ctx.orgId, changeId],
  )
}

/** Forgets undo records about one person. */
export function deleteUndoAbout(ctx: Ctx, contactId: ContactId): Promise<unknown> {
  return ctx.db.named(
    'contacts_undo_delete_about',
    'delete from contact_undo where org_id = $1 and contact_id = $2',
    [ctx.orgId, contactId],
  )
}

/** What changes replaced about a contact. */
export function selectUndoAbout(ctx: Ctx, contactId: ContactId): Promise<Omit<Undo, 'contactId'>[]> {
  return ctx.db.named(
    'contacts_undo_about',
    'select kind, before, after from contact_undo where org_id = $1 and contact_id = $2',
    [ctx.orgId, contactId],
  )
}

/** Forgets whom changes that have ended were asked for by, where the filter or the exceptions name one of these texts. */
export function clearSelectionsAbout(ctx: Ctx, texts: readonly string[]): Promise<unknown> {
  return ctx.db.named(
    'contacts_change_clear_selections',
    `
    update contact_change set selection = '{"kind":"ids","ids":["0"]}'
    where org_id = $1 and state not in ('running', 'undoing')
      and exists (select from unnest($2::text[]) as t (text) where position(lower(t.text) in lower(selection::text)) > 0)`,
    [ctx.orgId, texts],
  )
}

/** The oldest undo records that are past an instant, to be forgotten; deletions among them become final. */
export function selectExpiredUndo(
  ctx: Ctx,
  before: Date,
  limit: number,
): Promise<{ changeId: string; contactId: ContactId; kind: Undo['kind'] }[]> {
  return ctx.db.named<{ changeId: string; contactId: ContactId; kind: Undo['kind'] }>(
    'contacts_undo_expired',
    'select change_id, contact_id, kind from contact_undo where org_id = $1 and created_at < $2 order by created_at limit $3 for update skip locked',
    [ctx.orgId, before, limit],
  )
}

/** Forgets these undo records. */
export function deleteUndoRows(
  ctx: Ctx,
  rows: readonly { changeId: string; contactId: ContactId }[],
): Promise<unknown> {
  return ctx.db.named(
    'contacts_undo_delete_rows',
    `
    delete from contact_undo u using unnest($2::uuid[], $3::bigint[]) as gone (change_id, contact_id)
    where u.org_id = $1 and u.change_id = gone.change_id and u.contact_id = gone.contact_id`,
    [ctx.orgId, rows.map((row) => row.changeId), rows.map((row) => row.contactId)],
  )
}

const COLUMNS =
  'id, action, selection, state, total, done, changed, kept, cursor, created_by, created_at, undo_until'

/** Adds a change that is about to begin. */
export async function insertChange(
  ctx: Ctx,
  change: Pick<ContactChange, 'id' | 'action' | 'selection' | 'total' | 'undoUntil'>,
): Promise<ContactChange> {
  const rows = await ctx.db.named<ContactChange>(
    'contacts_change_insert',
    `
    insert into contact_change (org_id, id, action, selection, state, total, created_by, created_at, updated_at, undo_until)
    values ($1, $2, $3, $4, 'running', $5, $6, $7, $7, $8)
    returning ${COLUMNS}`,
    [
      ctx.orgId,
      change.id,
      JSON.stringify(change.action),
      JSON.stringify(change.selection),
      change.total,
      ctx.actor.id,
      ctx.now(),
      change.undoUntil,
    ],
  )
  return rows[0] as ContactChange // an insert of one row returns it
}

/** One change, or undefined. */
export async function selectChange(ctx: Ctx, id: ChangeId): Promise<ContactChange | undefined> {
  const [change] = await ctx.db.named<ContactChange>(
    'contacts_change_get',
    `select ${COLUMNS} from contact_change where org_id = $1 and id = $2`,
    [ctx.orgId, id],
  )
  return change
}

/** One change, locked until the transaction ends. */
export async function lockChange(ctx: Ctx, id: ChangeId): Promise<ContactChange | undefined> {
  const [change] = await ctx.db.named<ContactChange>(
    'contacts_change_lock',
    `select ${COLUMNS} from contact_change where org_id = $1 and id = $2 for update`,
    [ctx.orgId, id],
  )
  return change
}

/** Books a step of a change or of its undo. */
export function advanceChange(
  ctx: Ctx,
  id: ChangeId,
  step: { cursor: string; done: number; changed: number; kept: number },
): Promise<unknown> {
  return ctx.db.named(
    'contacts_change_advance',
    `
    update contact_change set cursor = $3, done = done + $4, changed = changed + $5, kept = kept + $6, updated_at = $7
    where org_id = $1 and id = $2`,
    [ctx.orgId, id, step.cursor, step.done, step.changed, step.kept, ctx.now()],
  )
}

/** Moves a change on to a state; its cursor begins again. */
export function updateChangeState(ctx: Ctx, id: ChangeId, state: ChangeState): Promise<unknown> {
  return ctx.db.named(
    'contacts_change_state',
    'update contact_change set state = $3, cursor = 0, updated_at = $4 where org_id = $1 and id = $2',
    [ctx.orgId, id, state, ctx.now()],
  )
}
