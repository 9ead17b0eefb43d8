/** What the report asks of the room reports: types only, the pages of that room lie a floor above. */
import type { routes } from '@fanfare/server/reports/schema'
import { useQuery } from '@tanstack/react-query'
import { client } from '../../platform/api/client.ts'
import type { Answer } from '../../platform/api/client.ts'

export type Usual = Answer<typeof routes, 'GET /api/campaigns/:id/usual'>
export type Funnel = Answer<typeof routes, 'GET /api/campaigns/:id/funnel'>
export type Part = 'channel' | 'variant' | 'segment' | 'country' | 'hour'

const call = client<typeof routes>()
/** What was usual before a launch does not move while one looks. */
const STALE_MS = 600_000

export const useUsual = (id: string) =>
  useQuery({
    queryKey: ['campaigns', id, 'usual'],
    queryFn: ({ signal }) => call('GET /api/campaigns/:id/usual', { params: { id }, signal }),
    staleTime: STALE_MS,
  })

/** What each link brought, by the model that the campaign is read by. */
export const useLinkMoney = (id: string, isAsked: boolean) =>
  useQuery({
    enabled: isAsked,
    queryKey: ['campaigns', id, 'report', 'roi'],
    queryFn: ({ signal }) => call('GET /api/campaigns/:id/roi', { params: { id }, query: {}, signal }),
  })

/** Of one run, or of all of the campaign. */
export const useBreakdown = (id: string, by: Part | 'run', runId?: string) =>
  useQuery({
    queryKey: ['campaigns', id, 'report', 'breakdown', by, runId],
    queryFn: ({ signal }) =>
      call('GET /api/campaigns/:id/funnel', {
        params: { id },
        query: { by, ...(runId === undefined ? {} : { runId }) },
        signal,
      }),
  })
