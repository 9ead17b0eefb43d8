/** Filters of the history; they live in the address. */
import { CHANNELS, TYPES } from '../parts.ts'

export const STATUSES = ['completed', 'cancelled', 'failed'] as const
export const SHOWS = ['archived', 'present'] as const
export const SORTS = ['endedAt', 'sent', 'clickRate', 'conversionRate', 'revenue'] as const
export const RESULTS = ['sold', 'converted', 'clicked3', 'large'] as const

/** What is looked for; absent parts filter nothing. */
export interface HistorySearch {
  q?: string
  type?: (typeof TYPES)[number]
  channel?: (typeof CHANNELS)[number]
  status?: (typeof STATUSES)[number]
  show?: (typeof SHOWS)[number]
  sort?: (typeof SORTS)[number]
  result?: (typeof RESULTS)[number]
  from?: string
  to?: string
}

/** A change of filters; `undefined` takes one out of the address. */
export type Refinement = { [Key in keyof HistorySearch]?: HistorySearch[Key] | undefined }

/** What an address says that is known; the rest is left out. */
export function historySearch(search: Record<string, unknown>): HistorySearch {
  const among = <T extends string>(known: readonly T[], value: unknown): T | undefined =>
    known.find((one) => one === value)
  const day = (value: unknown): string | undefined =>
    typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) ? value : undefined
  const { q } = search
  return compact({
    q: typeof q === 'string' && q !== '' ? q : undefined,
    type: among(TYPES, search['type']),
    channel: among(CHANNELS, search['channel']),
    status: among(STATUSES, search['status']),
    show: among(SHOWS, search['show']),
    sort: among(SORTS, search['sort']),
    result: among(RESULTS, search['result']),
    from: day(search['from']),
    to: day(search['to']),
  })
}

/** Leaves out what is not there. */
export const compact = (search: Refinement): HistorySearch =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined))
