/**
 * What all figuring of one transaction stands on: the organization's currency, zone, bounds and borders, and the lock
 * that makes writers of profiles take turns, so that what is figured anew is never added to twice.
 */
import type { Ctx } from '../../platform/context.ts'
import type { EventRole } from '../../tracking/index.ts'
import { USUAL_BOUNDS } from './definitions.ts'
import {
  insertSetting,
  lockSetting,
  selectOrganization,
  selectRoles,
  type SettingRow,
} from './setting-queries.ts'

/** Types of events by what they mean for money and subscriptions. */
export type Roles = Readonly<Record<string, EventRole>>

export interface Frame {
  currency: string
  timeZone: string
  roles: Roles
  mediumFromMinor: number
  highFromMinor: number
  /** As PostgreSQL writes arrays, exact to the microsecond. */
  lastOrderBorders: string
  ordersBorders: string
  revenueBorders: string
  /** The calendar day, in UTC, as of which score and lifetime value are figured. */
  today: string
  /** What the organization says by now; figures made otherwise are to be made anew. */
  present: { currency: string; timeZone: string; roles: Roles }
}

/** Takes the lock and reads what figuring stands on. Inside a transaction. */
export async function openFrame(ctx: Ctx): Promise<Frame> {
  const { currency, timeZone } = await selectOrganization(ctx)
  const roles = await selectRoles(ctx)
  const setting = (await lockSetting(ctx)) ?? (await firstSetting(ctx, { currency, timeZone, roles }))
  const usual = boundsInMinor(setting.currency)
  return {
    currency: setting.currency,
    timeZone: setting.timeZone,
    roles: setting.roles,
    mediumFromMinor:
      setting.mediumFromMinor === null ? usual.mediumFromMinor : Number(setting.mediumFromMinor),
    highFromMinor: setting.highFromMinor === null ? usual.highFromMinor : Number(setting.highFromMinor),
    lastOrderBorders: setting.lastOrderBorders,
    ordersBorders: setting.ordersBorders,
    revenueBorders: setting.revenueBorders,
    today: ctx.now().toISOString().slice(0, 10),
    present: { currency, timeZone, roles },
  }
}

/** The usual bounds in minor units of a currency, which has none, two or three digits. */
export function boundsInMinor(currency: string): { mediumFromMinor: number; highFromMinor: number } {
  const digits =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  const factor = 10 ** digits
  return {
    mediumFromMinor: USUAL_BOUNDS.mediumFrom * factor,
    highFromMinor: USUAL_BOUNDS.highFrom * factor,
  }
}

async function firstSetting(ctx: Ctx, present: Frame['present']): Promise<SettingRow> {
  await insertSetting(ctx, present)
  const setting = await lockSetting(ctx)
  if (!setting) throw new Error('the setting was just made')
  return setting
}
