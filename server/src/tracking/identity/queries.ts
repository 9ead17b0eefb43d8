/** Statements about who is who. */
import type { Ctx } from '../../platform/context.ts'
import { soughtBy, textArray } from '../../platform/db/index.ts'
import type { ContactId } from '../../platform/ids.ts'
import type { Visitor } from './people.ts'

/**
 * Until the end of the transaction nobody else decides who somebody is in this organization. One lock and not one per
 * id: a batch holds it for milliseconds, and ids locked one by one in different orders would deadlock.
 */
export const lockIdentity = (ctx: Ctx): Promise<unknown> =>
  ctx.db.named(
    'tracking_lock_identity',
    `select pg_advisory_xact_lock(hashtext('tracking.identity'), hashtext($1))`,
    [ctx.orgId],
  )

/** What is known of ids. */
export interface KnownIds {
  users: Map<string, ContactId>
  visitors: Map<string, Visitor>
  /** Whether anybody was erased lately. */
  hasErased: boolean
}

/**
 * The numbers behind user ids and anonymous ids. Each id is looked up by itself (`limit` keeps the planner from joining):
 * without statistics of a young table it reads all of it for every batch, or all that one of its other indexes holds of
 * the organization (measured: 290 ms for 2,000 of 10,000 ids, 6 this way).
 */
export async function selectKnownIds(
  ctx: Ctx,
  ids: { userIds: readonly string[]; anonymousIds: readonly string[] },
): Promise<KnownIds> {
  const rows = await ctx.db.rows(
    'tracking_known_ids',
    `
    select hit.user_id, hit.contact_id, null from unnest($2::text[]) as w (id)
    cross join lateral (
      select user_id, contact_id from external_id where org_id = $1 and ${soughtBy('user_id', 'w.id')}
    ) hit
    union all
    select hit.anonymous_id, hit.contact_id, hit.is_known from unnest($3::text[]) as w (id)
    cross join lateral (
      select anonymous_id, contact_id, is_known from visitor where org_id = $1 and ${soughtBy('anonymous_id', 'w.id')}
    ) hit
    union all
    select null, null, null where exists (select from erased_identity where org_id = $1)`,
    [ctx.orgId, textArray(ids.userIds, (id) => id), textArray(ids.anonymousIds, (id) => id)],
  )
  const known: KnownIds = { users: new Map(), visitors: new Map(), hasErased: false }
  // The select list has these columns.
  for (const [id, contactId, isKnown] of rows as [string | null, ContactId, boolean | null][])
    if (id === null) known.hasErased = true
    else if (isKnown === null) known.users.set(id, contactId)
    else known.visitors.set(id, { contactId, isKnown })
  return known
}

/** Which of these contacts have a user id. */
export const selectNamed = (
  ctx: Ctx,
  contactIds: readonly ContactId[],
): Promise<{ contactId: ContactId }[]> =>
  ctx.db.named(
    'tracking_named',
    `
    select hit.contact_id from unnest($2::bigint[]) as w (id)
    cross join lateral (
      select contact_id from external_id where org_id = $1 and ${soughtBy('contact_id', 'w.id')}
    ) hit`,
    [ctx.orgId, contactIds],
  )

/** A contact as far as finding people goes. */
export interface AddressRow {
  id: ContactId
  email: string | null
  phone: string | null
}

/** Contacts with one of these numbers or addresses, by number; each sought by itself, through its index. */
export const selectAddresses = (
  ctx: Ctx,
  sought: { ids: readonly ContactId[]; emails: readonly string[]; phones: readonly string[] },
): Promise<AddressRow[]> =>
  ctx.db.named(
    'tracking_addresses',
    `
    with hit as (
      select c.id from unnest($2::bigint[]) as w (id)
      cross join lateral (select id from contact where org_id = $1 and ${soughtBy('id', 'w.id')}) c
      union
      select c.id from unnest($3::text[]) as w (email)
      cross join lateral (select id from contact where org_id = $1 and ${soughtBy('email', 'w.email')}) c
      union
      select c.id from unnest($4::text[]) as w (phone)
      cross join lateral (select id from contact where org_id = $1 and ${soughtBy('phone', 'w.phone', { by: 'id', most: 1 })}) c
    )
    select c.id, c.email, c.phone from hit h join contact c on c.org_id = $1 and c.id = h.id order by c.id`,
    [ctx.orgId, sought.ids, sought.emails, sought.phones],
  )

/** Remembers whose user ids these are. */
export const upsertUsers = (ctx: Ctx, users: ReadonlyMap<string, ContactId>): Promise<unknown> =>
  ctx.db.named(
    'tracking_users_upsert',
    `
    insert into external_id (org_id, user_id, contact_id, created_at, updated_at)
    select $1, u.user_id, u.contact_id, $4, $4 from unnest($2::text[], $3::bigint[]) as u (user_id, contact_id)
    on conflict (org_id, user_id) do update set contact_id = excluded.contact_id, updated_at = excluded.updated_at`,
    [ctx.orgId, [...users.keys()], [...users.values()], ctx.now()],
  )

/** Remembers whose devices these are. */
export const upsertVisitors = (ctx: Ctx, visitors: ReadonlyMap<string, Visitor>): Promise<unknown> =>
  ctx.db.named(
    'tracking_visitors_upsert',
    `
    insert into visitor (org_id, anonymous_id, contact_id, is_known, created_at, updated_at)
    select $1, v.anonymous_id, v.contact_id, v.is_known, $5, $5
    from unnest($2::text[], $3::bigint[], $4::boolean[]) as v (anonymous_id, contact_id, is_known)
    on conflict (org_id, anonymous_id)
      do update set contact_id = excluded.contact_id, is_known = excluded.is_known, updated_at = excluded.updated_at`,
    [
      ctx.orgId,
      [...visitors.keys()],
      [...visitors.values()].map((visitor) => visitor.contactId),
      [...visitors.values()].map((visitor) => visitor.isKnown),
      ctx.now(),
    ],
  )

/** Gives the ids of some numbers to others. */
export async function repoint(
  ctx: Ctx,
  pairs: readonly { fromId: ContactId; toId: ContactId }[],
): Promise<void> {
  const values = [ctx.orgId, pairs.map((pair) => pair.fromId), pairs.map((pair) => pair.toId), ctx.now()]
  await ctx.db.named(
    'tracking_users_repoint',
    `
    update external_id e set contact_id = w.to_id, updated_at = $4
    from unnest($2::bigint[], $3::bigint[]) as w (from_id, to_id)
    where e.org_id = $1 and e.contact_id = w.from_id`,
    values,
  )
  await ctx.db.named(
    'tracking_visitors_repoint',
    `
    update visitor v set contact_id = w.to_id, is_known = true, updated_at = $4
    from unnest($2::bigint[], $3::bigint[]) as w (from_id, to_id)
    where v.org_id = $1 and v.contact_id = w.from_id`,
    values,
  )
}

/** Forgets by which ids these numbers were known. @returns the ids */
export async function deleteIdentities(
  ctx: Ctx,
  contactIds: readonly ContactId[],
): Promise<{ userIds: string[]; anonymousIds: string[] }> {
  const users = await ctx.db.named<{ id: string }>(
    'tracking_users_delete',
    'delete from external_id where org_id = $1 and contact_id = any($2::bigint[]) returning user_id as id',
    [ctx.orgId, contactIds],
  )
  const visitors = await ctx.db.named<{ id: string }>(
    'tracking_visitors_delete',
    'delete from visitor where org_id = $1 and contact_id = any($2::bigint[]) returning anonymous_id as id',
    [ctx.orgId, contactIds],
  )
  return { userIds: users.map(({ id }) => id), anonymousIds: visitors.map(({ id }) => id) }
}

/** Remembers ids of somebody who was erased, by their keyed hashes. */
export const insertErased = (ctx: Ctx, keys: readonly Buffer[]): Promise<unknown> =>
  ctx.db.named(
    'tracking_erased_insert',
    `
    insert into erased_identity (org_id, key, erased_at)
    select $1, k.key, $3 from unnest($2::bytea[]) as k (key)
    on conflict (org_id, key) do update set erased_at = excluded.erased_at`,
    [ctx.orgId, keys, ctx.now()],
  )

/** Which of these hashes belong to somebody who was erased. */
export const selectErased = (ctx: Ctx, keys: readonly Buffer[]): Promise<{ key: Buffer }[]> =>
  ctx.db.named(
    'tracking_erased',
    'select key from erased_identity where org_id = $1 and key = any($2::bytea[])',
    [ctx.orgId, keys],
  )

/** Forgets the hashes of ids that were erased long ago. */
export const purgeErased = (ctx: Ctx, before: Date): Promise<unknown> =>
  ctx.db.named('tracking_erased_purge', 'delete from erased_identity where org_id = $1 and erased_at < $2', [
    ctx.orgId,
    before,
  ])

/** By what a person may be called in what events hold. */
export const selectNames = (
  ctx: Ctx,
  contactId: ContactId,
): Promise<
  { email: string | null; phone: string | null; firstName: string | null; lastName: string | null }[]
> =>
  ctx.db.named(
    'tracking_names',
    'select email, phone, first_name, last_name from contact where org_id = $1 and id = $2',
    [ctx.orgId, contactId],
  )
