/** The endpoints of message prices, and of the model by which money is read, as hooks. */
import type { routes as analytics } from '@fanfare/server/analytics/schema'
import type { routes } from '@fanfare/server/budgets/schema'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { client } from '../../platform/api/client.ts'
import type { Answer, BodyOf } from '../../platform/api/client.ts'
import { pageAfter, pages } from '../../platform/api/pages.ts'

type Prices = Answer<typeof routes, 'GET /api/message-prices'>
export type Channel = Prices['prices'][number]['channel']
export type PastPrice = Prices['history'][number]
type NewPrice = BodyOf<typeof routes, 'PUT /api/message-prices'>['prices'][number]

const call = client<typeof routes>()
const callAnalytics = client<typeof analytics>()
const KEY = ['reports', 'prices']
const SPECIAL_ROWS = 50

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

export type MonthBudget = Answer<typeof routes, 'GET /api/budgets'>['items'][number]
export type BudgetScope = MonthBudget['scope']

/** Sets what may be spent each month; campaigns that the former budget stopped go on. */
export function useSetBudget() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: ({ scope, amount }: Pick<MonthBudget, 'scope' | 'amount'>) =>
      call('PUT /api/budgets/:scope', { params: { scope }, body: { amount } }),
    onSuccess: () =>
      Promise.all([
        cache.invalidateQueries({ queryKey: ['reports'] }),
        cache.invalidateQueries({ queryKey: ['campaigns'] }),
      ]),
  })
}

export type SpecialPrice = Answer<typeof routes, 'GET /api/message-prices/special'>['items'][number]
export type PostPrice = Answer<typeof routes, 'GET /api/post-prices'>['items'][number]
type NewSpecialPrice = BodyOf<typeof routes, 'PUT /api/message-prices/special'>
type NewPostPrice = BodyOf<typeof routes, 'PUT /api/post-prices'>

export const useSpecialPrices = () =>
  useInfiniteQuery({
    queryKey: [...KEY, 'special'],
    queryFn: ({ signal, pageParam }) =>
      call('GET /api/message-prices/special', {
        query: { limit: SPECIAL_ROWS, ...pageAfter(pageParam) },
        signal,
      }),
    ...pages,
  })

export function useSetSpecialPrice() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (body: NewSpecialPrice) => call('PUT /api/message-prices/special', { body }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['reports'] }),
  })
}

export function useRemoveSpecialPrice() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: ({ channel, providerId, country, validFrom }: Omit<SpecialPrice, 'price'>) =>
      call('DELETE /api/message-prices/special', {
        query: {
          channel,
          validFrom,
          ...(providerId === null ? {} : { providerId }),
          ...(country === null ? {} : { country }),
        },
      }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['reports'] }),
  })
}

export const usePostPrices = () =>
  useQuery({
    queryKey: [...KEY, 'posts'],
    queryFn: ({ signal }) => call('GET /api/post-prices', { signal }),
  })

/** Sets the price of a post; spends of so many posts follow. */
export function useSetPostPrice() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (body: NewPostPrice) => call('PUT /api/post-prices', { body }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['reports'] }),
  })
}

export function useRemovePostPrice() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: ({ platform, validFrom }: Omit<PostPrice, 'price'>) =>
      call('DELETE /api/post-prices', {
        query: { platform, ...(validFrom === null ? {} : { validFrom }) },
      }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['reports'] }),
  })
}

type Model = Answer<typeof analytics, 'GET /api/analytics/attribution'>['model']

export const useModel = () =>
  useQuery({
    queryKey: ['reports', 'model'],
    queryFn: ({ signal }) => callAnalytics('GET /api/analytics/attribution', { signal }),
  })

/** Chooses the model; money everywhere is read by it. */
export function useChooseModel() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (model: Model) => callAnalytics('PUT /api/analytics/attribution', { body: { model } }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['reports'] }),
  })
}
