/** The endpoints of what counts as a conversion, as hooks. */
import type { routes } from '@fanfare/server/campaigns/schema'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { client } from '../../platform/api/client.ts'
import type { Answer, BodyOf } from '../../platform/api/client.ts'

export type Rule = Answer<typeof routes, 'GET /api/campaigns/:id/conversion-rule'>
export type RuleInput = BodyOf<typeof routes, 'PUT /api/campaigns/:id/conversion-rule'>
export type Count = Rule['counts'][number]
export type Filter = Count['filters'][number]

const call = client<typeof routes>()

export const useRule = (id: string) =>
  useQuery({
    queryKey: ['campaigns', id, 'conversion-rule'],
    queryFn: ({ signal }) => call('GET /api/campaigns/:id/conversion-rule', { params: { id }, signal }),
  })

/** Says what counts; figures of what has happened follow in the background. */
export function useSaveRule(id: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (body: RuleInput) => call('PUT /api/campaigns/:id/conversion-rule', { params: { id }, body }),
    onSuccess: (rule) => cache.setQueryData(['campaigns', id, 'conversion-rule'], rule),
  })
}
