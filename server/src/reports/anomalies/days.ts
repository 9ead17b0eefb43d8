/**
 * Campaigns that events set off have a run a day, or several: what is watched of them is the day. A day without any run,
 * while the campaign was switched on, is one, too: it may be the loudest alarm of all. Pure.
 */
import type { CampaignId, RunId } from '../../platform/ids.ts'

const DAY_MS = 86_400_000
const WEEK_MS = 7 * DAY_MS

/** A run, or the runs of a day, as looks need it. */
export interface Watched {
  /** Its own among all that is watched. */
  key: string
  /** Of the run, or of the day's first one; of a silent day, of the last run before it. */
  id: RunId
  runIds: readonly RunId[]
  campaignId: CampaignId
  purpose: string
  startedAt: Date
  firstHandoverAt: Date | null
  endedAt: Date | null
  looks: readonly string[]
  kind: 'run' | 'day' | 'silent'
}

/** The runs of a campaign that began on one day, in UTC. */
export interface FedDay {
  id: RunId
  runIds: RunId[]
  campaignId: CampaignId
  purpose: string
  dayAt: Date
  firstHandoverAt: Date | null
  looks: string[]
}

/** Since when campaigns are switched on without a break. */
export type Armed = ReadonlyMap<CampaignId, Date>

/** Days with runs, and the silent ones between and after them, latest first. */
export function daysOf(fed: readonly FedDay[], armed: Armed, now: Date): Watched[] {
  const byCampaign = Map.groupBy(fed, ({ campaignId }) => campaignId)
  return [...byCampaign].flatMap(([campaignId, own]) => {
    const days = own.toSorted((a, b) => a.dayAt.getTime() - b.dayAt.getTime())
    const since = armed.get(campaignId)
    return [...days.map(dayFrom), ...(since ? silentDays(days, since, now) : [])].toSorted(
      (a, b) => b.startedAt.getTime() - a.startedAt.getTime(),
    )
  })
}

const dayFrom = ({ dayAt, ...day }: FedDay): Watched => ({
  ...day,
  key: day.id,
  startedAt: dayAt,
  endedAt: new Date(dayAt.getTime() + DAY_MS),
  kind: 'day',
})

/** Days that are over, on all of which the campaign was switched on, and nothing began. */
function silentDays(days: readonly FedDay[], armedAt: Date, now: Date): Watched[] {
  const silent: Watched[] = []
  for (const [at, { id, campaignId, purpose, dayAt, looks }] of days.entries()) {
    const next = days[at + 1]?.dayAt.getTime() ?? Math.floor(now.getTime() / DAY_MS) * DAY_MS
    for (let day = dayAt.getTime() + DAY_MS; day < next; day += DAY_MS) {
      if (day < armedAt.getTime()) continue
      silent.push({
        key: `${id} ${day}`,
        id,
        runIds: [],
        campaignId,
        purpose,
        startedAt: new Date(day),
        firstHandoverAt: null,
        endedAt: new Date(day + DAY_MS),
        looks,
        kind: 'silent',
      })
    }
  }
  return silent
}

/** Earlier days of the same weekday where there are enough of them, else all: shops rest on Sundays. */
export function likeWeekdays<D extends Pick<Watched, 'startedAt'>>(
  day: D,
  earlier: readonly D[],
  enough: number,
): readonly D[] {
  const same = earlier.filter(
    ({ startedAt }) => (day.startedAt.getTime() - startedAt.getTime()) % WEEK_MS === 0,
  )
  return same.length >= enough ? same : earlier
}
