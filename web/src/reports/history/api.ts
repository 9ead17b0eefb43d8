/** The endpoint of history as a hook. */
import type { routes } from '@fanfare/server/reports/schema'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { client } from '../../platform/api/client.ts'
import type { Answer } from '../../platform/api/client.ts'
import { pageAfter, pages } from '../../platform/api/pages.ts'
import type { HistorySearch } from './search.ts'

export type Ended = Answer<typeof routes, 'GET /api/reports/history'>['items'][number]

const call = client<typeof routes>()

/** Pages of ended campaigns that match. */
export function useHistory({ result, ...search }: HistorySearch) {
  // What came of a campaign is asked for in words; the API takes numbers.
  const least = result === undefined ? {} : LEAST[result]
  return useInfiniteQuery({
    queryKey: ['reports', 'history', search, result],
    queryFn: ({ pageParam, signal }) =>
      call('GET /api/reports/history', { query: { ...search, ...least, ...pageAfter(pageParam) }, signal }),
    ...pages,
    placeholderData: keepPreviousData,
  })
}

const LEAST = {
  sold: { revenueMin: 0.01 },
  converted: { conversionRateMin: 0.000_001 },
  clicked3: { clickRateMin: 0.03 },
  large: { sentMin: 1_000 },
} as const
