/** The endpoints of control as hooks: the desk, dead letters, limits, one person's why. */
import type { routes } from '@fanfare/server/campaigns/schema'
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { client } from '../../platform/api/client.ts'
import type { Answer, BodyOf } from '../../platform/api/client.ts'
import { pageAfter, pages } from '../../platform/api/pages.ts'

export type Desk = Answer<typeof routes, 'GET /api/campaigns/:id/desk'>
export type DeskRun = NonNullable<Desk['run']>
export type DeadLetter = Answer<typeof routes, 'GET /api/campaigns/:id/dead-letters'>['items'][number]
export type DeadLetterGroup = Desk['deadLetters'][number]
export type Why = Answer<typeof routes, 'GET /api/campaigns/:id/people/:contactId/why'>
export type WhyAnswer = Why['answers'][number]
export type SendAgain = NonNullable<BodyOf<typeof routes, 'POST /api/campaigns/:id/send-again'>>

const call = client<typeof routes>()

/** The sending as it is watched. */
export const useDesk = (id: string) =>
  useQuery({
    queryKey: ['campaigns', id, 'desk'],
    queryFn: ({ signal }) => call('GET /api/campaigns/:id/desk', { params: { id }, signal }),
    placeholderData: keepPreviousData,
  })

/** Messages that nobody tries any more, page after page. */
export const useDeadLetters = (
  id: string,
  { channel, reason }: Pick<DeadLetterGroup, 'channel' | 'reason'>,
) =>
  useInfiniteQuery({
    queryKey: ['campaigns', id, 'dead-letters', channel, reason],
    queryFn: ({ pageParam, signal }) =>
      call('GET /api/campaigns/:id/dead-letters', {
        params: { id },
        query: { channel, reason, ...pageAfter(pageParam) },
        signal,
      }),
    ...pages,
  })

export function useSendAgain(id: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (wish: SendAgain) =>
      call('POST /api/campaigns/:id/send-again', { params: { id }, body: wish }),
    onSettled: () => cache.invalidateQueries({ queryKey: ['campaigns', id] }),
  })
}

/** Lets what is sent again rest, go on, or end. */
export function useStopAgain(id: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (how: 'pause' | 'resume' | 'cancel') =>
      call(`POST /api/campaigns/:id/send-again/${how}`, { params: { id } }),
    onSettled: () => cache.invalidateQueries({ queryKey: ['campaigns', id] }),
  })
}

/** Changes how fast a campaign leaves, also while it runs. */
export function useLimitCampaign(id: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (body: BodyOf<typeof routes, 'PUT /api/campaigns/:id/limits'>) =>
      call('PUT /api/campaigns/:id/limits', { params: { id }, body }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['campaigns', id] }),
  })
}

/** Changes what a campaign may cost, also while it runs; null: whatever it costs. */
export function useSetBudget(id: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (budget: number | null) =>
      call('PUT /api/campaigns/:id/budget', { params: { id }, body: { budget } }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['campaigns', id] }),
  })
}

/** Why a person got a message of a campaign or not; of its latest run unless one is named. */
export const useWhy = (campaignId: string, contactId: string, runId: string | null) =>
  useQuery({
    queryKey: ['campaigns', campaignId, 'why', contactId, runId],
    queryFn: ({ signal }) =>
      call('GET /api/campaigns/:id/people/:contactId/why', {
        params: { id: campaignId, contactId },
        query: runId === null ? {} : { runId },
        signal,
      }),
  })
