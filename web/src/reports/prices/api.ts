/** The endpoints of message prices as hooks. */
import type { routes } from '@fanfare/server/budgets/schema'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { client } from '../../platform/api/client.ts'
import type { Answer, BodyOf } from '../../platform/api/client.ts'

type Prices = Answer<typeof routes, 'GET /api/message-prices'>
export type Channel = Prices['prices'][number]['channel']
export type PastPrice = Prices['history'][number]
type NewPrice = BodyOf<typeof routes, 'PUT /api/message-prices'>['prices'][number]

const call = client<typeof routes>()
const KEY = ['reports', 'prices']

export const usePrices = () =>
  useQuery({ queryKey: KEY, queryFn: ({ signal }) => call('GET /api/message-prices', { signal }) })

/** Sets one price; costs everywhere follow. */
export function useSetPrice() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (price: NewPrice) => call('PUT /api/message-prices', { body: { prices: [price] } }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['reports'] }),
  })
}

export function useRemovePrice() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: ({ channel, validFrom }: Pick<PastPrice, 'channel' | 'validFrom'>) =>
      call('DELETE /api/message-prices/:channel', {
        params: { channel },
        query: validFrom === null ? {} : { validFrom },
      }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['reports'] }),
  })
}
