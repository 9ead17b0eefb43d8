/** Changes to many contacts: begun by a request, done at once when small and by a job when large, taken back likewise. */
import { z } from 'zod'
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { afterCommit, inTransaction } from '../../platform/db/index.ts'
import { announce } from '../../platform/events/index.ts'
import { demandPermission } from '../../platform/http/index.ts'
import { newId, toWire } from '../../platform/ids.ts'
import { type JobOutcome, defineJob, enqueue } from '../../platform/jobs/index.ts'
import { errors } from '../errors.ts'
import { contactsDeleted, contactsRestored, contactsUpdated } from '../events.ts'
import { selectFields } from '../fields/queries.ts'
import type { Condition } from '../list/filter.ts'
import { filterCondition } from '../list/list-contacts.ts'
import { countContacts, selectNextIds } from '../list/queries.ts'
import type { Contact } from '../store/draft.ts'
import { contactWrite } from '../store/merge-batch.ts'
import {
  deleteContacts,
  lockContacts,
  reinsertContacts,
  rememberTags,
  updateContacts,
} from '../store/queries.ts'
import { type FieldValues, changedFields, takeBack } from '../store/revision.ts'
import { customKeyOf, STANDARD_FIELDS } from '../values/fields.ts'
import { reasonText } from '../values/reasons.ts'
import { type CheckedAction, applyAction, checkValue } from './apply.ts'
import {
  type BulkAction,
  type ChangeId,
  type ContactChange,
  type Selection,
  storedSelection,
} from './change.ts'
import {
  type Undo,
  advanceChange,
  deleteUndoRows,
  insertChange,
  insertUndo,
  lockChange,
  selectChange,
  selectUndo,
  updateChangeState,
} from './queries.ts'

/** How long a change can be taken back. */
export const CHANGE_UNDO_MS = 7 * 24 * 3_600_000
/** Contacts of one step: one transaction. */
const STEP_CONTACTS = 2_000
/** Changes up to this size are done before the answer. */
const AT_ONCE_MAX = 500
/** Fields that belong to one person: they are not set for many. */
const PERSONAL_FIELDS: ReadonlySet<string> = new Set(['email', 'phone'])

/** The source under which changes by hand stand in events. */
const CHANGE_SOURCE = 'manual'

/**
 * Begins a change. Up to 500 people it is done when the answer comes; larger ones are left to a job.
 *
 * @throws contacts.invalid  when the value does not fit its field
 * @throws request.not_permitted  when it deletes and the caller may only change
 */
export async function startChange(
  ctx: Ctx,
  action: BulkAction,
  selection: Selection,
): Promise<ContactChange> {
  if (action.kind === 'delete') demandPermission(ctx.actor, 'contacts.delete')
  const checked = await checkAction(ctx, action)
  return inTransaction(ctx, async (ctx) => {
    const now = ctx.now()
    const id = newId<'bulk_change'>(now)
    const total = await countContacts(ctx, conditionFor(selection, now))
    const change = await insertChange(ctx, {
      id,
      action: checked,
      selection: z.encode(storedSelection, selection) as Selection, // stored as JSON, read back by conditionFor's caller
      total,
      undoUntil: new Date(now.getTime() + CHANGE_UNDO_MS),
    })
    audit(ctx, 'contacts.changed_in_bulk', { kind: 'bulk_change', id }, { action: checked, total })
    if (total > AT_ONCE_MAX) await enqueue(ctx, runChange, { changeId: id }, { key: id })
    else await stepForward(ctx, change)
    return (await selectChange(ctx, id)) ?? change
  })
}

/**
 * Takes a change back: fields that nobody has touched since get their former values, deleted people return.
 *
 * @throws contacts.change_not_found, contacts.change_not_undoable
 */
export function undoChange(ctx: Ctx, id: ChangeId): Promise<ContactChange> {
  return inTransaction(ctx, async (ctx) => {
    const change = await lockChange(ctx, id)
    if (!change) throw errors.change_not_found({ id })
    if (change.state !== 'completed' || change.undoUntil < ctx.now())
      throw errors.change_not_undoable({ state: change.state }, { extra: { state: change.state } })
    await updateChangeState(ctx, id, 'undoing')
    audit(ctx, 'contacts.bulk_change_undone', { kind: 'bulk_change', id })
    if (change.changed > AT_ONCE_MAX) await enqueue(ctx, runChange, { changeId: id }, { key: id })
    else await stepBack(ctx, { ...change, state: 'undoing', cursor: '0' })
    return (await selectChange(ctx, id)) ?? change
  })
}

/** Goes on with a large change, or with taking it back, step by step. */
export const runChange = defineJob({
  kind: 'contacts.run_change',
  lane: 'bulk',
  payload: z.object({ changeId: z.string() }),
  attemptsMax: 5,
  handle: async (ctx, payload, lease): Promise<JobOutcome> => {
    for (;;) {
      const isDone = await inTransaction(ctx, async (ctx) => {
        await lease.fence(ctx)
        const change = await lockChange(ctx, payload.changeId as ChangeId) // written by startChange
        if (change?.state === 'running') return stepForward(ctx, change)
        return change?.state === 'undoing' ? stepBack(ctx, change) : true
      })
      if (isDone) return
      if (lease.stopping) return { again: ctx.now() }
    }
  },
})

/** One step of a change. @returns whether it was the last */
async function stepForward(ctx: Ctx, change: ContactChange): Promise<boolean> {
  const selection = storedSelection.parse(change.selection)
  const next = await selectNextIds(
    ctx,
    conditionFor(selection, change.createdAt),
    change.cursor,
    STEP_CONTACTS,
  )
  const contacts = await lockContacts(
    ctx,
    next.map(({ id }) => id),
  )
  const changed =
    contacts.length === 0
      ? 0
      : change.action.kind === 'delete'
        ? await removeStep(ctx, change, contacts)
        : await reviseStep(ctx, change, contacts, change.action)
  const isDone = next.length < STEP_CONTACTS
  await advanceChange(ctx, change.id, {
    cursor: next.at(-1)?.id ?? change.cursor,
    done: next.length,
    changed,
    kept: 0,
  })
  if (isDone) await updateChangeState(ctx, change.id, 'completed')
  publishChange(ctx, change)
  return isDone
}

async function removeStep(ctx: Ctx, change: ContactChange, contacts: readonly Contact[]): Promise<number> {
  const undos: Undo[] = contacts.map((contact) => ({
    contactId: contact.id,
    kind: 'deleted',
    before: { ...contact },
    after: {},
  }))
  await insertUndo(ctx, change.id, undos)
  const removed = await deleteContacts(
    ctx,
    contacts.map(({ id }) => id),
  )
  const contactIds = removed.map(({ id }) => id)
  announce(
    ctx,
    contactsDeleted,
    { contactIds, restorableUntil: change.undoUntil.toISOString() },
    subjectOf(contactIds),
  )
  return removed.length
}

async function reviseStep(
  ctx: Ctx,
  change: ContactChange,
  contacts: readonly Contact[],
  action: CheckedAction,
): Promise<number> {
  const keys = await ctx.platform.secrets.of(ctx)
  const updates = contacts.flatMap((before) => {
    const revision = applyAction(before, action)
    return revision
      ? [{ before, write: contactWrite(keys, revision.content), changed: revision.changed }]
      : []
  })
  if (updates.length === 0) return 0
  await insertUndo(
    ctx,
    change.id,
    updates.map((update) => ({ contactId: update.before.id, kind: 'updated', ...changedFields(update) })),
  )
  await updateContacts(
    ctx,
    updates.map(({ before }) => before.id),
    updates.map(({ write }) => write),
    ctx.now(),
  )
  if (action.kind === 'add_tags') await rememberTags(ctx, action.tags, ctx.now())
  const contactIds = updates.map(({ before }) => before.id)
  announce(
    ctx,
    contactsUpdated,
    {
      contactIds,
      source: CHANGE_SOURCE,
      importId: null,
      fields: [...new Set(updates.flatMap((update) => update.changed))],
    },
    subjectOf(contactIds),
  )
  return updates.length
}

/** One step back. @returns whether it was the last */
async function stepBack(ctx: Ctx, change: ContactChange): Promise<boolean> {
  const undos = await selectUndo(ctx, change.id, change.cursor, STEP_CONTACTS)
  const { restored, kept } = await takeBackStep(ctx, change.id, undos)
  const isDone = undos.length < STEP_CONTACTS
  await advanceChange(ctx, change.id, {
    cursor: undos.at(-1)?.contactId ?? change.cursor,
    done: 0,
    changed: -restored,
    kept,
  })
  if (isDone) await updateChangeState(ctx, change.id, 'undone')
  publishChange(ctx, change)
  return isDone
}

/**
 * Takes back what these records say, for changes and for imports, and forgets those that are done with. Deletions
 * whose address somebody else has taken since stay recorded until they expire.
 */
export async function takeBackStep(
  ctx: Ctx,
  changeId: string,
  undos: readonly Undo[],
): Promise<{ restored: number; kept: number }> {
  const returned = await reviveDeleted(
    ctx,
    undos.filter((undo) => undo.kind === 'deleted'),
  )
  const updated = undos.filter((undo) => undo.kind === 'updated')
  const revised = await reviseBack(ctx, updated)
  const finished = [...updated, ...undos.filter((undo) => returned.has(undo.contactId))]
  if (finished.length > 0)
    await deleteUndoRows(
      ctx,
      finished.map(({ contactId }) => ({ changeId, contactId })),
    )
  const restored = returned.size + revised
  return { restored, kept: undos.length - restored }
}

async function reviseBack(ctx: Ctx, undos: readonly Undo[]): Promise<number> {
  if (undos.length === 0) return 0
  const keys = await ctx.platform.secrets.of(ctx)
  const undoById = new Map(undos.map((undo) => [undo.contactId, undo]))
  const revisions = (await lockContacts(ctx, [...undoById.keys()])).flatMap((contact) => {
    const undo = undoById.get(contact.id)
    const revision = undo && takeBack(contact, { before: undo.before as FieldValues, after: undo.after }) // kind `updated` holds field values
    return revision
      ? [{ id: contact.id, write: contactWrite(keys, revision.content), changed: revision.changed }]
      : []
  })
  if (revisions.length === 0) return 0
  const contactIds = revisions.map(({ id }) => id)
  await updateContacts(
    ctx,
    contactIds,
    revisions.map(({ write }) => write),
    ctx.now(),
  )
  announce(
    ctx,
    contactsUpdated,
    {
      contactIds,
      source: 'undo',
      importId: null,
      fields: [...new Set(revisions.flatMap((revision) => revision.changed))],
    },
    subjectOf(contactIds),
  )
  return revisions.length
}

async function reviveDeleted(ctx: Ctx, undos: readonly Undo[]): Promise<ReadonlySet<string>> {
  if (undos.length === 0) return new Set()
  const keys = await ctx.platform.secrets.of(ctx)
  const contacts = undos.map((undo) => undo.before as unknown as Contact) // removeStep stored the whole contact; its dates are ISO texts, which the statement takes
  const returned = await reinsertContacts(
    ctx,
    contacts,
    contacts.map((contact) => contactWrite(keys, contact)),
  )
  const contactIds = returned.map(({ id }) => id)
  if (contactIds.length > 0) announce(ctx, contactsRestored, { contactIds }, subjectOf(contactIds))
  return new Set(contactIds)
}

/** @throws contacts.invalid */
async function checkAction(ctx: Ctx, action: BulkAction): Promise<BulkAction> {
  if (action.kind !== 'set_field') return action
  const fields = new Map(
    (await selectFields(ctx)).filter((field) => field.archivedAt === null).map((field) => [field.key, field]),
  )
  const key = customKeyOf(action.field)
  const isKnown =
    key === null
      ? (STANDARD_FIELDS as readonly string[]).includes(action.field) && !PERSONAL_FIELDS.has(action.field)
      : fields.has(key)
  if (!isKnown)
    throw errors.invalid(
      { field: action.field },
      { problems: [{ path: 'action.field', message: 'This field cannot be set for many contacts.' }] },
    )
  const parsed = checkValue(action.field, action.value, {
    customFields: fields,
    defaultCountry: null,
    today: ctx.now().toISOString().slice(0, 10),
  })
  if (!parsed.ok)
    throw errors.invalid(
      { reason: parsed.reason },
      { problems: [{ path: 'action.value', message: reasonText(parsed.reason, ctx.locale) }] },
    )
  return { ...action, value: parsed.value }
}

/** The condition of a selection, with parameters from $2 on; people who came after the change began are not meant. */
export function conditionFor(selection: Selection, asOf: Date): Condition {
  if (selection.kind === 'ids') return { sql: 'c.id = any($2::bigint[])', values: [selection.ids] }
  const condition = filterCondition(selection.filter)
  const next = condition.values.length + 2
  return {
    sql: `${condition.sql} and c.created_at <= $${next} and not c.id = any($${next + 1}::bigint[])`,
    values: [...condition.values, asOf, selection.except],
  }
}

const subjectOf = (contactIds: readonly string[]): { contactId?: Contact['id'] } =>
  contactIds.length === 1 ? { contactId: contactIds[0] as Contact['id'] } : {} // ids read from the table

function publishChange(ctx: Ctx, change: ContactChange): void {
  const id = toWire('bulk_change', change.id)
  afterCommit(ctx, () => ctx.platform.hub.publish(ctx.orgId, 'contacts.change', { id }))
}
