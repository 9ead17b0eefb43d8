/** Statements about whose profiles there are to be: who is gone, who has a history. */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'
import { deleteReceived } from './received-queries.ts'

export const deleteProfiles = (ctx: Ctx, contactIds: readonly ContactId[]): Promise<unknown> =>
  ctx.db.named(
    'analytics_profiles_delete',
    'delete from contact_profile where org_id = $1 and contact_id = any($2::bigint[])',
    [ctx.orgId, contactIds],
  )

export const deleteEngagement = (ctx: Ctx, contactIds: readonly ContactId[]): Promise<unknown> =>
  ctx.db.named(
    'analytics_contact_engagement_delete',
    'delete from contact_engagement where org_id = $1 and contact_id = any($2::bigint[])',
    [ctx.orgId, contactIds],
  )

export const deleteOtherMoney = (ctx: Ctx, contactIds: readonly ContactId[]): Promise<unknown> =>
  ctx.db.named(
    'analytics_other_money_delete',
    'delete from contact_other_money where org_id = $1 and contact_id = any($2::bigint[])',
    [ctx.orgId, contactIds],
  )

/** Of these, those who are no contact: deleted, merged into another, erased, or never known. */
const selectGone = async (ctx: Ctx, contactIds: readonly ContactId[]): Promise<ContactId[]> =>
  (
    await ctx.db.named<{ id: ContactId }>(
      'analytics_contacts_gone',
      `
      select g.id from unnest($2::bigint[]) as g (id)
      where not exists (select from contact c where c.org_id = $1 and c.id = g.id)`,
      [ctx.orgId, contactIds],
    )
  ).map((row) => row.id)

/** Takes the figures away of whoever is no contact any more. */
export async function deleteGone(ctx: Ctx, contactIds: readonly ContactId[]): Promise<void> {
  if (contactIds.length === 0) return
  const gone = await selectGone(ctx, contactIds)
  if (gone.length === 0) return
  await deleteProfiles(ctx, gone)
  await deleteEngagement(ctx, gone)
  await deleteReceived(ctx, gone)
  await deleteOtherMoney(ctx, gone)
}

/** Of these, those of whom the log tells something. */
export const selectWithHistory = (ctx: Ctx, contactIds: readonly ContactId[]): Promise<ContactId[]> =>
  pick(
    ctx,
    'analytics_contacts_with_history',
    `
    select w.id from unnest($2::bigint[]) as w (id)
    where exists (select from event e where e.org_id = $1 and e.contact_id = w.id and (starts_with(e.type, 'track:') or e.type in ('page', 'screen')))`,
    contactIds,
  )

/** Whether hours of reading are known of somebody: a condition over their profile, which goes by an alias. */
export const hasHours = (profile: string): string =>
  `${profile}.best_hours <> array_fill(0::smallint, array[24])`

/** Of these, those of whom hours are known. */
export const selectWithHours = (ctx: Ctx, contactIds: readonly ContactId[]): Promise<ContactId[]> =>
  pick(
    ctx,
    'analytics_contacts_with_hours',
    `
    select p.contact_id as id from contact_profile p
    where p.org_id = $1 and p.contact_id = any($2::bigint[]) and ${hasHours('p')}`,
    contactIds,
  )

async function pick(
  ctx: Ctx,
  name: string,
  text: string,
  contactIds: readonly ContactId[],
): Promise<ContactId[]> {
  if (contactIds.length === 0) return []
  return (await ctx.db.named<{ id: ContactId }>(name, text, [ctx.orgId, contactIds])).map((row) => row.id)
}

/** Contacts with figures, by id. */
export const selectFigured = async (ctx: Ctx, after: ContactId, limit: number): Promise<ContactId[]> =>
  (
    await ctx.db.named<{ id: ContactId }>(
      'analytics_contacts_figured',
      `
      select contact_id as id from contact_profile
      where org_id = $1 and contact_id > $2 order by contact_id limit $3`,
      [ctx.orgId, after, limit],
    )
  ).map((row) => row.id)

/** Contacts who did something of these types, by id. */
export const selectDoersOf = async (
  ctx: Ctx,
  types: readonly string[],
  after: ContactId,
  limit: number,
): Promise<ContactId[]> =>
  (
    await ctx.db.named<{ id: ContactId }>(
      'analytics_contacts_doing',
      `
      select distinct contact_id as id from event
      where org_id = $1 and type = any($2::text[]) and contact_id > $3 order by contact_id limit $4`,
      [ctx.orgId, types, after, limit],
    )
  ).map((row) => row.id)
