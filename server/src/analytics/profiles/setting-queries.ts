/** Statements over how an organization reads the figures of profiles. */
import type { Ctx } from '../../platform/context.ts'
import type { Frame, Roles } from './frame.ts'

/** The reader of the log that profiles follow; its position bounds what figuring anew reads. */
export const PROFILE_CONSUMER = 'analytics.profiles'

/** The organization's choices and what its figures were made with. */
export interface SettingRow {
  currency: string
  timeZone: string
  roles: Roles
  mediumFromMinor: string | null
  highFromMinor: string | null
  lastOrderBorders: string
  ordersBorders: string
  revenueBorders: string
}

/** Waits for whoever else is figuring. */
export const lockSetting = async (ctx: Ctx): Promise<SettingRow | undefined> =>
  (
    await ctx.db.named<SettingRow>(
      'analytics_setting_lock',
      `
      select currency, time_zone, roles, medium_from_minor, high_from_minor, last_order_borders::text, orders_borders::text, revenue_borders::text
      from profile_setting where org_id = $1 and currency is not null for update`,
      [ctx.orgId],
    )
  )[0]

export const insertSetting = (ctx: Ctx, present: Frame['present']): Promise<unknown> =>
  ctx.db.named(
    'analytics_setting_insert',
    `
    insert into profile_setting as s (org_id, currency, time_zone, roles, created_at, updated_at) values ($1, $2, $3, $4, $5, $5)
    on conflict (org_id) do update set currency = coalesce(s.currency, excluded.currency),
      time_zone = coalesce(s.time_zone, excluded.time_zone),
      roles = case when s.currency is null then excluded.roles else s.roles end`,
    [ctx.orgId, present.currency, present.timeZone, JSON.stringify(present.roles), ctx.now()],
  )

/** Notes what figures are made with from now on. */
export const updatePresent = (ctx: Ctx, present: Frame['present']): Promise<unknown> =>
  ctx.db.named(
    'analytics_setting_present',
    'update profile_setting set currency = $2, time_zone = $3, roles = $4, updated_at = $5 where org_id = $1',
    [ctx.orgId, present.currency, present.timeZone, JSON.stringify(present.roles), ctx.now()],
  )

/** Counts buyers whose money changed since the borders were drawn. */
export const addChanges = (ctx: Ctx, n: number): Promise<unknown> =>
  ctx.db.named(
    'analytics_setting_changes',
    'update profile_setting set changes = changes + $2, updated_at = $3 where org_id = $1',
    [ctx.orgId, n, ctx.now()],
  )

export async function selectOrganization(ctx: Ctx): Promise<{ currency: string; timeZone: string }> {
  const [row] = await ctx.db.named<{ currency: string; timeZone: string }>(
    'analytics_organization',
    'select currency, time_zone from organization where id = $1',
    [ctx.orgId],
  )
  return row ?? { currency: 'EUR', timeZone: 'UTC' }
}

/** Types of events that mean money or a subscription, as the dictionary has them. */
export async function selectRoles(ctx: Ctx): Promise<Roles> {
  const rows = await ctx.db.named<{ type: string; role: Roles[string] }>(
    'analytics_event_roles',
    'select type, role from event_definition where org_id = $1 and role is not null order by type',
    [ctx.orgId],
  )
  return Object.fromEntries(rows.map(({ type, role }) => [type, role]))
}

/** How far profiles have read the log. Committed with what was read: whoever holds the lock sees both. */
export async function selectPosition(ctx: Ctx): Promise<string> {
  const [row] = await ctx.db.named<{ pos: string }>(
    'analytics_profile_position',
    'select pos from event_cursor where org_id = $1 and consumer = $2',
    [ctx.orgId, PROFILE_CONSUMER],
  )
  return row?.pos ?? '0'
}

export const updateBounds = (
  ctx: Ctx,
  bounds: { mediumFromMinor: number; highFromMinor: number },
): Promise<unknown> =>
  ctx.db.named(
    'analytics_setting_bounds',
    `
    update profile_setting
    set medium_from_minor = $2, high_from_minor = $3, bounds_set_by = $4, bounds_set_at = $5, updated_at = $5
    where org_id = $1`,
    [ctx.orgId, bounds.mediumFromMinor, bounds.highFromMinor, ctx.actor.id, ctx.now()],
  )

export async function selectBoundsSetAt(ctx: Ctx): Promise<Date | null> {
  const [row] = await ctx.db.named<{ boundsSetAt: Date | null }>(
    'analytics_setting_bounds_at',
    'select bounds_set_at from profile_setting where org_id = $1',
    [ctx.orgId],
  )
  return row?.boundsSetAt ?? null
}
