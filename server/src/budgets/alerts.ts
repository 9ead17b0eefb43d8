/** Which shares of a budget are told of, each once for a budget of an amount. Source: CB-9.3, TK-12.2 */
import type { Ctx } from '../platform/context.ts'
import type { CampaignId } from '../platform/ids.ts'
import { organizationOf } from '../team/index.ts'
import { minorOfMicros } from '../platform/money.ts'
import { insertAlerts, selectHighestAlert, type AlertRow } from './limit-queries.ts'
import { percentOf } from './limits.ts'

/** Shares that are told of. Source: CB-9.3 */
export const ALERT_PERCENTS = [75, 90, 100] as const

/** A budget with what was used of it. */
export interface BudgetedUse {
  subject: string
  limitMicros: number
  usedMicros: number
}

/** A budget of a campaign, as alerts name it. */
export const campaignSubject = (id: CampaignId): string => `campaign:${id}`

/**
 * Writes down which shares were passed.
 * @returns per budget the highest that was not written down before; nothing of one that was told of already
 */
export async function noteAlerts(ctx: Ctx, uses: readonly BudgetedUse[]): Promise<AlertRow[]> {
  const { currency } = await organizationOf(ctx)
  const passed = uses.flatMap(({ subject, limitMicros, usedMicros }) =>
    ALERT_PERCENTS.filter((percent) => percentOf(usedMicros, limitMicros) >= percent).map((percent) => ({
      subject,
      percent,
      limitMinor: minorOfMicros(limitMicros, currency),
      usedMinor: minorOfMicros(usedMicros, currency),
    })),
  )
  if (passed.length === 0) return []
  const fresh = Map.groupBy(await insertAlerts(ctx, passed), ({ subject }) => subject)
  return [...fresh.values()].flatMap((alerts) => alerts.toSorted((a, b) => b.percent - a.percent)[0] ?? [])
}

/** The highest share of a campaign's present budget that was passed, and when; null: none. */
export const alertOf = async (
  ctx: Ctx,
  id: CampaignId,
  limitMinor: number,
): Promise<{ percent: number; at: Date } | null> => {
  const found = await selectHighestAlert(ctx, campaignSubject(id), limitMinor)
  return found ? { percent: found.percent, at: found.createdAt } : null
}
