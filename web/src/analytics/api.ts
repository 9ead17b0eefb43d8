/** The endpoints of analytics as hooks. */
import type { routes } from '@fanfare/server/analytics/schema'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { client } from '../platform/api/client.ts'
import type { Answer, BodyOf } from '../platform/api/client.ts'
import { pageAfter, pages } from '../platform/api/pages.ts'

export type Profile = Answer<typeof routes, 'GET /api/contacts/:id/profile'>
export type HistoryEntry = Answer<typeof routes, 'GET /api/contacts/:id/history'>['items'][number]
export type HistoryKind = HistoryEntry['kind']
export type RfmGrid = Answer<typeof routes, 'GET /api/analytics/rfm'>
export type RfmField = RfmGrid['fields'][number]
export type RfmClass = RfmField['class']
export type Buyer = Answer<typeof routes, 'GET /api/analytics/rfm/people'>['items'][number]
export type SpendingLevels = Answer<typeof routes, 'GET /api/analytics/spending-levels'>
type Bounds = BodyOf<typeof routes, 'PUT /api/analytics/spending-levels'>

const call = client<typeof routes>()

/** What a contact has become. */
export const useProfile = (id: string) =>
  useQuery({
    queryKey: ['contacts', id, 'profile'],
    queryFn: ({ signal }) => call('GET /api/contacts/:id/profile', { params: { id }, signal }),
  })

/** A contact's history page after page, latest first. */
export const useHistory = (id: string, kind: HistoryKind | undefined) =>
  useInfiniteQuery({
    queryKey: ['contacts', id, 'history', kind ?? 'all'],
    queryFn: ({ pageParam, signal }) =>
      call('GET /api/contacts/:id/history', {
        params: { id },
        query: { limit: 20, ...(kind === undefined ? {} : { kind }), ...pageAfter(pageParam) },
        signal,
      }),
    ...pages,
  })

/** Buyers by recency, frequency and money. */
/** Fifths are drawn once a minute. */
const DRAWING_POLL_MS = 5_000

export const useRfmGrid = () =>
  useQuery({
    queryKey: ['analytics', 'rfm'],
    queryFn: ({ signal }) => call('GET /api/analytics/rfm', { signal }),
    refetchInterval: ({ state }) => (state.data?.isBeingDrawn === true ? DRAWING_POLL_MS : false),
  })

/** Which buyers: of a class or of one field of the grid. */
export interface BuyersOf {
  class?: RfmClass
  recency?: number
  value?: number
}

/** Buyers page after page, by revenue. */
export const useBuyers = (of: BuyersOf) =>
  useInfiniteQuery({
    queryKey: ['analytics', 'rfm', 'people', of],
    queryFn: ({ pageParam, signal }) =>
      call('GET /api/analytics/rfm/people', { query: { ...of, limit: 20, ...pageAfter(pageParam) }, signal }),
    ...pages,
  })

export const useSpendingLevels = () =>
  useQuery({
    queryKey: ['analytics', 'spending'],
    queryFn: ({ signal }) => call('GET /api/analytics/spending-levels', { signal }),
  })

/** Sets the bounds; contacts follow within seconds. */
export function useSetSpendingLevels() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: Bounds) => call('PUT /api/analytics/spending-levels', { body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['analytics', 'spending'] }),
  })
}
