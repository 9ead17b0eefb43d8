/** What sets a campaign off, as hooks. */
import type { routes } from '@fanfare/server/campaigns/schema'
import { useMutation, useQuery } from '@tanstack/react-query'
import { client } from '../../platform/api/client.ts'
import type { Answer, BodyOf } from '../../platform/api/client.ts'

export type TriggerStatus = Answer<typeof routes, 'GET /api/campaigns/:id/trigger'>
export type TriggerTest = Answer<typeof routes, 'POST /api/campaigns/trigger-test'>
type Asked = BodyOf<typeof routes, 'POST /api/campaigns/trigger-test'>
export type TriggerInput = Asked['trigger']

const call = client<typeof routes>()

/** Where those stand for whom events have set it off; brought up to date with the campaign. */
export const useTriggerStatus = (id: string) =>
  useQuery({
    queryKey: ['campaigns', id, 'trigger'],
    queryFn: ({ signal }) => call('GET /api/campaigns/:id/trigger', { params: { id }, signal }),
  })

/** What a trigger would have done in the last seven days. */
export const useTriggerTest = () =>
  useMutation({ mutationFn: (body: Asked) => call('POST /api/campaigns/trigger-test', { body }) })
