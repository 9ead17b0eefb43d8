/** The endpoints of tests as hooks. */
import type { routes } from '@fanfare/server/campaigns/schema'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { client } from '../../platform/api/client.ts'
import type { Answer, BodyOf } from '../../platform/api/client.ts'

export type Test = NonNullable<Answer<typeof routes, 'GET /api/campaigns/:id/ab-test'>['test']>
export type TestInput = BodyOf<typeof routes, 'POST /api/campaigns/:id/ab-test'>
export type Results = Answer<typeof routes, 'GET /api/campaigns/ab-test/:testId/results'>
export type VariantId = Results['variants'][number]['id']

const call = client<typeof routes>()

/** The test of a campaign; null when it has none. */
export const useTest = (campaignId: string) =>
  useQuery({
    queryKey: ['campaigns', campaignId, 'test'],
    queryFn: async ({ signal }) =>
      (await call('GET /api/campaigns/:id/ab-test', { params: { id: campaignId }, signal })).test,
  })

/** Sets a test up, or replaces it. */
export function useSaveTest(campaignId: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (body: TestInput) =>
      call('POST /api/campaigns/:id/ab-test', { params: { id: campaignId }, body }),
    onSuccess: (test) => {
      cache.setQueryData(['campaigns', campaignId, 'test'], test)
      void cache.invalidateQueries({ queryKey: ['campaigns', campaignId, 'test', 'plan'] })
      void cache.invalidateQueries({ queryKey: ['campaigns', campaignId, 'summary'] })
    },
  })
}

/** Takes a test that has not begun away. */
export function useRemoveTest(campaignId: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: () => call('DELETE /api/campaigns/:id/ab-test', { params: { id: campaignId } }),
    onSuccess: () => cache.setQueryData(['campaigns', campaignId, 'test'], null),
  })
}

/** What a test could show with the people at hand. */
export const useTestPlan = (campaignId: string) =>
  useQuery({
    queryKey: ['campaigns', campaignId, 'test', 'plan'],
    queryFn: ({ signal }) =>
      call('GET /api/campaigns/:id/ab-test/plan', { params: { id: campaignId }, signal }),
  })

/** Tries the rule on the people of the latest mailing. */
export const useSelfTest = () =>
  useMutation({
    mutationFn: (body: BodyOf<typeof routes, 'POST /api/campaigns/ab-test/self-test'>) =>
      call('POST /api/campaigns/ab-test/self-test', { body }),
  })

export const useResults = (testId: string) =>
  useQuery({
    queryKey: ['ab-test', testId, 'results'],
    queryFn: ({ signal }) =>
      call('GET /api/campaigns/ab-test/:testId/results', { params: { testId }, signal }),
  })

/** Gives a variant to everybody who is left. */
export function useApplyWinner(testId: string, campaignId: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (body: { variantId: VariantId | null; reason: string | null }) =>
      call('POST /api/campaigns/ab-test/:testId/apply-winner', { params: { testId }, body }),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ['ab-test', testId] })
      await cache.invalidateQueries({ queryKey: ['campaigns', campaignId] })
    },
  })
}
