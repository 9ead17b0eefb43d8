/** The endpoints of reports as hooks. */
import type { routes } from '@fanfare/server/reports/schema'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { client } from '../platform/api/client.ts'
import type { Answer, BodyOf } from '../platform/api/client.ts'

export type Roi = Answer<typeof routes, 'GET /api/campaigns/:id/roi'>
export type Model = Roi['model']
export type Steps = Answer<typeof routes, 'GET /api/campaigns/:id/funnel'>['steps']
export type Overview = Answer<typeof routes, 'GET /api/analytics/overview'>
export type Ranked = Answer<typeof routes, 'GET /api/campaigns/top-performing'>
export type Journeys = Answer<typeof routes, 'GET /api/analytics/journeys'>
export type Comparison = Answer<typeof routes, 'POST /api/campaigns/compare'>
export type ComparedBy = 'campaign' | 'channel'
export type MoneyBy = Answer<typeof routes, 'GET /api/analytics/money'>
export type MoneyPart = MoneyBy['by']
export type Spend = Answer<typeof routes, 'GET /api/campaigns/:id/spends'>['items'][number]
export type NewSpend = BodyOf<typeof routes, 'POST /api/campaigns/:id/spends'>

export type Insights = Answer<typeof routes, 'GET /api/campaigns/insights'>
export type Recommendation = Insights['recommendations'][number]
export type AdviceUse = Recommendation['uses'][number]

const call = client<typeof routes>()

/** Without a model by the one that the campaign is read by. */
export const useRoi = (id: string, model: Model | null) =>
  useQuery({
    queryKey: ['reports', id, 'roi', model],
    queryFn: ({ signal }) =>
      call('GET /api/campaigns/:id/roi', { params: { id }, query: model === null ? {} : { model }, signal }),
    placeholderData: keepPreviousData,
  })

/** Journeys of a period; without days the last ninety. */
export const useJourneys = (query: { by: Journeys['by']; from?: string; to?: string }) =>
  useQuery({
    queryKey: ['reports', 'journeys', query],
    queryFn: ({ signal }) => call('GET /api/analytics/journeys', { query, signal }),
    placeholderData: keepPreviousData,
  })

/** By what the way from sent to converted can be told apart. */
export const FUNNEL_PARTS = ['channel', 'variant', 'segment'] as const
export type FunnelPart = (typeof FUNNEL_PARTS)[number]

/** The way of a campaign's messages, and of each part; null: all together. */
export const useFunnel = (id: string, by: FunnelPart | null) =>
  useQuery({
    queryKey: ['reports', id, 'funnel', by],
    queryFn: ({ signal }) =>
      call('GET /api/campaigns/:id/funnel', { params: { id }, query: by === null ? {} : { by }, signal }),
    placeholderData: keepPreviousData,
  })

export const useSpends = (id: string) =>
  useQuery({
    queryKey: ['reports', id, 'spends'],
    queryFn: ({ signal }) => call('GET /api/campaigns/:id/spends', { params: { id }, signal }),
  })

/** Writes a spend down, or corrects the one that is named. */
export function useSaveSpend(id: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: ({ spendId, body }: { spendId: string | null; body: NewSpend }) =>
      spendId === null
        ? call('POST /api/campaigns/:id/spends', { params: { id }, body })
        : call('PUT /api/campaigns/:id/spends/:spendId', { params: { id, spendId }, body }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['reports'] }),
  })
}

export function useRemoveSpend(id: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (spendId: string) =>
      call('DELETE /api/campaigns/:id/spends/:spendId', { params: { id, spendId } }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['reports'] }),
  })
}

/** Money of the campaigns of a period, told apart; without days the last ninety. */
export const useMoneyBy = (query: { by: MoneyPart; from?: string; to?: string }) =>
  useQuery({
    queryKey: ['reports', 'money', query],
    queryFn: ({ signal }) => call('GET /api/analytics/money', { query, signal }),
    placeholderData: keepPreviousData,
  })

export const useOverview = (from: string) =>
  useQuery({
    queryKey: ['reports', 'overview', from],
    queryFn: ({ signal }) => call('GET /api/analytics/overview', { query: { from }, signal }),
    placeholderData: keepPreviousData,
  })

/** Campaigns beside each other, or the channels that they went over. */
export const useComparison = (ids: readonly string[], by: ComparedBy) =>
  useQuery({
    queryKey: ['reports', 'compare', by, ids],
    queryFn: ({ signal }) =>
      call('GET /api/campaigns/compare', { query: { ids: ids.join(','), by }, signal }),
    placeholderData: keepPreviousData,
  })

export type Ranking = 'revenue' | 'roi' | 'clickRate' | 'openRate' | 'conversionRate'

export const useTopCampaigns = (by: Ranking) =>
  useQuery({
    queryKey: ['reports', 'top', by],
    queryFn: ({ signal }) => call('GET /api/campaigns/top-performing', { query: { by }, signal }),
    placeholderData: keepPreviousData,
  })

export const useInsights = () =>
  useQuery({
    queryKey: ['reports', 'insights'],
    queryFn: ({ signal }) => call('GET /api/campaigns/insights', { signal }),
  })

/** Makes a draft of advice, alone or with a test. */
export function useApplyAdvice() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: ({ feature, value, as }: Pick<Recommendation, 'feature' | 'value'> & { as: AdviceUse }) =>
      call('POST /api/campaigns/insights/apply', { body: { feature, value, as } }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['campaigns'] }),
  })
}
