/** Statements over lists of addresses that were brought from elsewhere. */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId, Id } from '../../platform/ids.ts'
import type { SuppressionScope } from '../words.ts'
import type { SuppressedChannel } from './queries.ts'

export type SuppressionImportId = Id<'suppression_import'>

/** A list as it was brought. */
export interface ImportRow {
  id: SuppressionImportId
  source: string
  note: string
  scope: SuppressionScope
  added: number
  createdBy: string
  createdAt: Date
  undoneAt: Date | null
  undoneBy: string | null
}

/** An address as the list knows it. */
export interface HashedAddress {
  channel: SuppressedChannel
  addressHash: Buffer
}

const COLUMNS = 'id, source, note, scope, added, created_by, created_at, undone_at, undone_by'

export const insertImport = (
  ctx: Ctx,
  list: Pick<ImportRow, 'id' | 'source' | 'note' | 'scope' | 'createdBy'>,
): Promise<unknown> =>
  ctx.db.named(
    'consent_suppression_import_insert',
    `
    insert into suppression_import (org_id, id, source, note, scope, created_by, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $7, $7)`,
    [ctx.orgId, list.id, list.source, list.note, list.scope, list.createdBy, ctx.now()],
  )

/** One list, held until the transaction ends. */
export async function lockImport(ctx: Ctx, id: SuppressionImportId): Promise<ImportRow | undefined> {
  const [found] = await ctx.db.named<ImportRow>(
    'consent_suppression_import_lock',
    `select ${COLUMNS} from suppression_import where org_id = $1 and id = $2 for update`,
    [ctx.orgId, id],
  )
  return found
}

/** Lists, the latest first. */
export const selectImports = (ctx: Ctx, limit: number): Promise<ImportRow[]> =>
  ctx.db.named<ImportRow>(
    'consent_suppression_imports',
    `select ${COLUMNS} from suppression_import where org_id = $1 order by created_at desc, id desc limit $2`,
    [ctx.orgId, limit],
  )

export const addToImport = (ctx: Ctx, id: SuppressionImportId, added: number): Promise<unknown> =>
  ctx.db.named(
    'consent_suppression_import_add',
    'update suppression_import set added = added + $3, updated_at = $4 where org_id = $1 and id = $2',
    [ctx.orgId, id, added, ctx.now()],
  )

export const markUndone = (ctx: Ctx, id: SuppressionImportId, by: string): Promise<unknown> =>
  ctx.db.named(
    'consent_suppression_import_undone',
    'update suppression_import set undone_at = $3, undone_by = $4, updated_at = $3 where org_id = $1 and id = $2',
    [ctx.orgId, id, ctx.now(), by],
  )

/** What is known of some addresses: how many bring nothing new, and how many belong to a contact. */
export async function countKnown(
  ctx: Ctx,
  addresses: readonly HashedAddress[],
): Promise<{ listed: number; contacts: number }> {
  const [row] = await ctx.db.named<{ listed: number; contacts: number }>(
    'consent_suppression_import_known',
    `
    select
      count(*) filter (where exists (
        select 1 from suppression s
        where s.org_id = $1 and s.channel = a.channel and s.address_hash = a.address_hash and s.reason <> 'unsubscribe'
          and (s.expires_at is null or s.expires_at > $4)))::int as listed,
      count(*) filter (where
        a.channel = 'email' and exists (select 1 from contact c where c.org_id = $1 and c.email_hash = a.address_hash)
        or a.channel = 'sms' and exists (select 1 from contact c where c.org_id = $1 and c.phone_hash = a.address_hash)
      )::int as contacts
    from unnest($2::text[], $3::bytea[]) as a (channel, address_hash)`,
    [
      ctx.orgId,
      addresses.map(({ channel }) => channel),
      addresses.map(({ addressHash }) => addressHash),
      ctx.now(),
    ],
  )
  return row ?? { listed: 0, contacts: 0 }
}

/**
 * Takes back some entries of a list: those that still stand as it brought them. An unsubscription beneath one comes to
 * light again.
 */
export const liftOfImport = (
  ctx: Ctx,
  id: SuppressionImportId,
  limit: number,
): Promise<(HashedAddress & { contactId: ContactId | null })[]> =>
  ctx.db.named(
    'consent_suppression_import_lift',
    `
    with entry as (
      select channel, address_hash, unsubscribed_at from suppression
      where org_id = $1 and import_id = $2 and reason = 'import'
      order by channel, address_hash limit $3 for update
    ), gone as (
      delete from suppression s using entry e
      where s.org_id = $1 and s.channel = e.channel and s.address_hash = e.address_hash and e.unsubscribed_at is null
      returning s.channel, s.address_hash, s.contact_id
    ), uncovered as (
      update suppression s set reason = 'unsubscribe', scope = 'marketing', note = '', expires_at = null,
        import_id = null, created_at = s.unsubscribed_at
      from entry e
      where s.org_id = $1 and s.channel = e.channel and s.address_hash = e.address_hash and e.unsubscribed_at is not null
      returning s.channel, s.address_hash, s.contact_id
    )
    select channel, address_hash, contact_id from gone
    union all select channel, address_hash, contact_id from uncovered`,
    [ctx.orgId, id, limit],
  )

/** Remarks on lists that name a person by one of these texts. */
export const forgetImportRemarks = (ctx: Ctx, texts: readonly string[]): Promise<unknown> =>
  ctx.db.named(
    'consent_suppression_import_forget',
    `
    update suppression_import set note = '', source = ''
    where org_id = $1
      and exists (select from unnest($2::text[]) as t (text) where position(lower(t.text) in lower(note || ' ' || source)) > 0)`,
    [ctx.orgId, texts],
  )
