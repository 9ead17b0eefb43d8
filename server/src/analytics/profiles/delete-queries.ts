/** Statements that forget what contacts have become. */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'

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
