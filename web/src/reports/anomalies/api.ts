/** The endpoints of what is unusual as hooks. */
import type { routes } from '@fanfare/server/reports/schema'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { client } from '../../platform/api/client.ts'
import type { Answer } from '../../platform/api/client.ts'

export type Anomaly = Answer<typeof routes, 'GET /api/analytics/anomalies'>['items'][number]

const call = client<typeof routes>()
const key = ['reports', 'anomalies'] as const
const SHOWN_MAX = 10

/** What nobody has seen yet, of all campaigns or one. */
export const useAnomalies = (campaignId?: string) =>
  useQuery({
    queryKey: [...key, campaignId ?? 'all'],
    queryFn: ({ signal }) =>
      call('GET /api/analytics/anomalies', {
        query: { limit: SHOWN_MAX, ...(campaignId === undefined ? {} : { campaignId }) },
        signal,
      }),
  })

export function useAcknowledge() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: ({ id, ...body }: { id: string; note: string; isUsual: boolean }) =>
      call('POST /api/analytics/anomalies/:id/acknowledge', { params: { id }, body }),
    onSuccess: () => cache.invalidateQueries({ queryKey: key }),
  })
}

export function useChooseMail() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (isMailed: boolean) => call('PUT /api/analytics/anomalies/mail', { body: { isMailed } }),
    onSuccess: () => cache.invalidateQueries({ queryKey: key }),
  })
}
