/** The endpoints of campaigns as hooks. */
import type { routes as budgets } from '@fanfare/server/budgets/schema'
import type { routes } from '@fanfare/server/campaigns/schema'
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { client } from '../platform/api/client.ts'
import type { Answer, BodyOf, QueryOf } from '../platform/api/client.ts'
import { pageAfter, pages } from '../platform/api/pages.ts'

export type Campaign = Answer<typeof routes, 'GET /api/campaigns/:id'>
export type CampaignSummary = Answer<typeof routes, 'GET /api/campaigns'>['items'][number]
export type CampaignStatus = Campaign['status']
export type Channel = Campaign['channels'][number]
export type CampaignAction = Campaign['allowed'][number]
export type LaunchSummary = Answer<typeof routes, 'GET /api/campaigns/:id/launch-summary'>
export type PlanEdit = Omit<BodyOf<typeof routes, 'PUT /api/campaigns/:id'>, 'version'>
export type Report = Answer<typeof routes, 'GET /api/campaigns/:id/report'>
export type PeopleOf = QueryOf<typeof routes, 'GET /api/campaigns/:id/people'>['of']
export type Revision = Answer<typeof routes, 'GET /api/campaigns/:id/history'>['items'][number]
export type ScheduleInput = BodyOf<typeof routes, 'POST /api/campaigns/:id/schedule'>
export type ScheduleAskedInput = BodyOf<typeof routes, 'POST /api/campaigns/schedule-preview'>
/** What a campaign begins with. */
export type NewCampaign = Pick<BodyOf<typeof routes, 'POST /api/campaigns'>, 'name' | 'delivery' | 'audience'>
type ListQuery = QueryOf<typeof routes, 'GET /api/campaigns'>

const call = client<typeof routes>()
const callBudgets = client<typeof budgets>()

/** Lifecycle verbs that take nothing and answer the campaign. */
export type Verb = 'pause' | 'cancel' | 'archive' | 'unarchive' | 'restore'

/** A page of the list after the other. */
export function useCampaigns(filters: Omit<ListQuery, 'cursor' | 'limit'>) {
  return useInfiniteQuery({
    queryKey: ['campaigns', 'list', filters],
    queryFn: ({ pageParam, signal }) =>
      call('GET /api/campaigns', {
        query: { ...filters, ...pageAfter(pageParam) },
        signal,
      }),
    ...pages,
    placeholderData: keepPreviousData,
  })
}

/** From here on a budget is spoken of, as mails to owners do. Source: CB-9.3 */
export const BUDGET_TOLD_FROM_PERCENT = 75

/** What may be spent this month, and what was used of it. */
export const useMonthBudgets = () =>
  useQuery({
    queryKey: ['campaigns', 'month-budgets'],
    queryFn: ({ signal }) => callBudgets('GET /api/budgets', { signal }),
  })

/** Campaigns whose name begins so, for the palette. */
export const findCampaigns = (text: string, signal: AbortSignal) =>
  call('GET /api/campaigns', { query: { q: text, limit: 5 }, signal })

export const useCampaign = (id: string) =>
  useQuery({
    queryKey: ['campaigns', id],
    queryFn: ({ signal }) => call('GET /api/campaigns/:id', { params: { id }, signal }),
  })

export function useCreateCampaign() {
  const settling = useSettling()
  return useMutation({
    mutationFn: (body: NewCampaign) => call('POST /api/campaigns', { body }),
    ...settling,
  })
}

/** Saves a part of the plan; refused when somebody else saved since `version`. */
export function useSavePlan(id: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: ({ version, ...edit }: PlanEdit & { version: number }) =>
      call('PUT /api/campaigns/:id', { params: { id }, body: { ...edit, version } }),
    onSuccess: (campaign) => {
      cache.setQueryData(['campaigns', id], campaign)
      void cache.invalidateQueries({ queryKey: ['campaigns', id, 'summary'] })
    },
  })
}

export function useSchedule(id: string) {
  const settling = useSettling()
  return useMutation({
    mutationFn: (schedule: ScheduleInput) =>
      call('POST /api/campaigns/:id/schedule', { params: { id }, body: schedule }),
    ...settling,
  })
}

/** A plan may begin a few minutes from now, wherever it is that late already: what is shown must not be of long ago. */
const PREVIEW_REFRESH_MS = 60_000

/** A plan in words with its next runs; asked anew as it is written, and every minute. */
export const useSchedulePreview = (schedule: ScheduleAskedInput) =>
  useQuery({
    queryKey: ['campaigns', 'schedule-preview', schedule],
    queryFn: ({ signal }) => call('POST /api/campaigns/schedule-preview', { body: schedule, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: PREVIEW_REFRESH_MS,
    retry: false,
  })

/** In which hours the audience reads; asked again when another audience was saved. */
export const useBestHours = ({ id, audience }: Pick<Campaign, 'id' | 'audience'>) =>
  useQuery({
    queryKey: ['campaigns', id, 'best-hours', audience],
    queryFn: ({ signal }) => call('GET /api/campaigns/:id/best-hours', { params: { id }, signal }),
    placeholderData: keepPreviousData,
    retry: false,
  })

export function useVerb(id: string) {
  const settling = useSettling()
  return useMutation({
    mutationFn: (verb: Verb) => call(`POST /api/campaigns/:id/${verb}`, { params: { id } }),
    ...settling,
  })
}

/** Starts it as it was looked at; where it has been changed since, it is asked for again to be looked at. */
export function useLaunch(id: string) {
  const settling = useSettling()
  return useMutation({
    mutationFn: (version: number) =>
      call('POST /api/campaigns/:id/launch', { params: { id }, body: { version } }),
    ...settling,
  })
}

/** Goes on where it stopped; `reason` where a breaker had stopped it. */
export function useResume(id: string) {
  const settling = useSettling()
  return useMutation({
    mutationFn: (reason: string | undefined) =>
      call('POST /api/campaigns/:id/resume', {
        params: { id },
        body: reason === undefined ? {} : { reason },
      }),
    ...settling,
  })
}

export function useDuplicate() {
  const settling = useSettling()
  return useMutation({
    mutationFn: (id: string) => call('POST /api/campaigns/:id/duplicate', { params: { id }, body: {} }),
    ...settling,
  })
}

export function useDeleteCampaign() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => call('DELETE /api/campaigns/:id', { params: { id } }),
    onSettled: () => cache.invalidateQueries({ queryKey: ['campaigns'] }),
  })
}

export const restoreCampaign = (id: string) => call('POST /api/campaigns/:id/restore', { params: { id } })

/** When the message would leave for one person; asked again after each save and each change of the plan. */
export const useWhen = (
  { id, version, scheduledAt }: Pick<Campaign, 'id' | 'version' | 'scheduledAt'>,
  channel: Channel,
  contactId: string,
) =>
  useQuery({
    queryKey: ['campaigns', id, 'when', contactId, channel, version, scheduledAt],
    queryFn: ({ signal }) =>
      call('POST /api/campaigns/:id/when', { params: { id }, body: { contactId, channel }, signal }),
    placeholderData: keepPreviousData,
  })

/** What a launch would do; asked again after each save. */
export const useLaunchSummary = (id: string, version: number) =>
  useQuery({
    queryKey: ['campaigns', id, 'summary', version],
    queryFn: ({ signal }) => call('GET /api/campaigns/:id/launch-summary', { params: { id }, signal }),
    placeholderData: keepPreviousData,
  })

export const useHistory = (id: string, isOpen: boolean) =>
  useInfiniteQuery({
    queryKey: ['campaigns', id, 'history'],
    queryFn: ({ pageParam, signal }) =>
      call('GET /api/campaigns/:id/history', {
        params: { id },
        query: pageAfter(pageParam),
        signal,
      }),
    ...pages,
    enabled: isOpen,
  })

export function useRestoreRevision(id: string) {
  const settling = useSettling()
  return useMutation({
    mutationFn: (version: number) =>
      call('POST /api/campaigns/:id/history/:version/restore', { params: { id, version: String(version) } }),
    ...settling,
  })
}

/** Keeps the answered campaign; after a refusal what is shown may no longer hold. Either way the lists are asked again. */
function useSettling() {
  const cache = useQueryClient()
  return {
    onSuccess: (campaign: Campaign) => {
      cache.setQueryData(['campaigns', campaign.id], campaign)
      return cache.invalidateQueries({
        queryKey: ['campaigns'],
        predicate: ({ queryKey }) => queryKey[1] !== campaign.id || queryKey.length > 2,
      })
    },
    onError: () => cache.invalidateQueries({ queryKey: ['campaigns'] }),
  }
}

/** Of one run, or of all of the campaign. */
export const useReport = (id: string, runId?: string) =>
  useQuery({
    queryKey: ['campaigns', id, 'report', ...(runId === undefined ? [] : ['run', runId])],
    queryFn: ({ signal }) =>
      call('GET /api/campaigns/:id/report', {
        params: { id },
        query: runId === undefined ? {} : { runId },
        signal,
      }),
    placeholderData: keepPreviousData,
  })

/** The people behind a number of the report. */
export const usePeople = (
  id: string,
  {
    of,
    reason,
    channel,
    link,
    runId,
  }: { of: PeopleOf; reason?: string; channel?: Channel; link?: number; runId?: string },
) =>
  useInfiniteQuery({
    queryKey: ['campaigns', id, 'people', of, reason, channel, link, runId],
    queryFn: ({ pageParam, signal }) =>
      call('GET /api/campaigns/:id/people', {
        params: { id },
        query: {
          of,
          ...(reason === undefined ? {} : { reason }),
          ...(channel === undefined ? {} : { channel }),
          ...(link === undefined ? {} : { link }),
          ...(runId === undefined ? {} : { runId }),
          ...pageAfter(pageParam),
        },
        signal,
      }),
    ...pages,
  })
