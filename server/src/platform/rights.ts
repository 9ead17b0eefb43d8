/**
 * A person's rights over every room: what is held about them, and how it is forgotten. Rooms declare their parts
 * (`Room.access`, `Room.erase`); `app.ts` makes them known here once, in floor order.
 * Source: GDPR 15, 17, 20; design §5 Erasure and access; PC-44, PC-45
 */
import type { Ctx, InBoth } from './context.ts'
import { assert } from './errors.ts'
import type { ContactId } from './ids.ts'

/** Forgets a person in one room's tables. Runs inside the erasing transaction. */
export type EraseStep = (ctx: Ctx, contactId: ContactId) => Promise<void>

/** One thing that is held about a person: flat enough to be a line of a table. */
export type AccessRow = Readonly<Record<string, unknown>>

/** Everything of one kind that is held about a person, in batches, so that memory holds one of them. */
export type AccessStep = (ctx: Ctx, contactId: ContactId) => AsyncIterable<readonly AccessRow[]>

/** What a person's archive says about one table: its rows, or why there is nothing in it for them to have. */
export type AccessPart =
  | { readonly about: InBoth; readonly read: AccessStep }
  | { readonly about: InBoth; readonly read: null }

/** The rights that a room takes part in; see `Room`. */
export interface RightsOfRoom {
  readonly name: string
  readonly erase: Readonly<Record<string, EraseStep>>
  readonly access: Readonly<Record<string, AccessPart>>
}

/** Rows of one statement. */
const BATCH_ROWS = 1_000

/**
 * The part of a table whose rows belong to a person, read whole by `contact_id`.
 * @param about  what it holds, in a sentence that the person understands
 * @param order  columns that order the rows for ever, such as the rest of the primary key
 */
export function rowsOf(table: string, about: InBoth, order: string): AccessPart {
  return { about, read: (ctx, contactId) => readRows(ctx, table, order, contactId) }
}

/** A table that names a contact and holds nothing that the person would have from it, with the reason. */
export function nothingToGive(about: InBoth): AccessPart {
  return { about, read: null }
}

async function* readRows(
  ctx: Ctx,
  table: string,
  order: string,
  contactId: ContactId,
): AsyncGenerator<AccessRow[]> {
  for (let offset = 0; ; offset += BATCH_ROWS) {
    const rows = await ctx.db.named<{ row: Record<string, unknown> }>(
      `platform_access_${table}`,
      `select to_jsonb(t) - 'org_id' as row from ${table} t where t.org_id = $1 and t.contact_id = $2
       order by ${order} offset $3 limit $4`,
      [ctx.orgId, contactId, offset, BATCH_ROWS],
    )
    if (rows.length > 0) yield rows.map(({ row }) => inWireCase(row))
    if (rows.length < BATCH_ROWS) return
  }
}

/** `handed_over_at` → `handedOverAt`, as everywhere on the wire. */
function inWireCase(row: Record<string, unknown>): AccessRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  )
}

let known: readonly RightsOfRoom[] = []

/** Makes the rooms' parts known. Called by `app.ts` with all rooms, lowest first. */
export function registerRights(rooms: readonly RightsOfRoom[]): void {
  known = rooms
}

/** How every room forgets a person, highest first: what leans on the contact's own row goes before it. */
export function eraseSteps(): { table: string; step: EraseStep }[] {
  assert(known.length > 0, 'the rooms are assembled before anybody is forgotten')
  return known
    .toReversed()
    .flatMap(({ erase }) => Object.entries(erase).map(([table, step]) => ({ table, step })))
}

/** What every room holds about a person, lowest first. */
export function accessParts(): { name: string; part: AccessPart }[] {
  assert(known.length > 0, 'the rooms are assembled before anything is read')
  return known.flatMap(({ access }) => Object.entries(access).map(([name, part]) => ({ name, part })))
}
