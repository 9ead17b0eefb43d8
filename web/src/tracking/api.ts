/** The endpoints of tracking as hooks. */
import type { routes } from '@fanfare/server/tracking/schema'
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { client } from '../platform/api/client.ts'
import type { Answer, BodyOf } from '../platform/api/client.ts'
import { pageAfter, pages } from '../platform/api/pages.ts'

export type EventSource = Answer<typeof routes, 'GET /api/event-sources'>['items'][number]
export type EventDefinition = Answer<typeof routes, 'GET /api/event-definitions'>['items'][number]
export type EventDetails = Answer<typeof routes, 'GET /api/event-definitions/:type'>
export type EventRole = NonNullable<EventDefinition['role']>

const call = client<typeof routes>()

const SOURCES = ['tracking', 'sources']
const DEFINITIONS = ['tracking', 'definitions']

/** Where events come from. */
export const useSources = () =>
  useQuery({
    queryKey: SOURCES,
    queryFn: async ({ signal }) => (await call('GET /api/event-sources', { signal })).items,
  })

export function useAddSource() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (body: BodyOf<typeof routes, 'POST /api/event-sources'>) =>
      call('POST /api/event-sources', { body }),
    onSuccess: () => cache.invalidateQueries({ queryKey: SOURCES }),
  })
}

export function useRotateKey() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => call('POST /api/event-sources/:id/rotate-key', { params: { id } }),
    onSuccess: () => cache.invalidateQueries({ queryKey: SOURCES }),
  })
}

export function useRevokeSource() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => call('DELETE /api/event-sources/:id', { params: { id } }),
    onSuccess: () => cache.invalidateQueries({ queryKey: SOURCES }),
  })
}

/** The dictionary, the most frequent types first. */
export const useDefinitions = (search: string) =>
  useInfiniteQuery({
    queryKey: [...DEFINITIONS, 'list', search],
    queryFn: ({ pageParam, signal }) =>
      call('GET /api/event-definitions', {
        query: { ...pageAfter(pageParam), ...(search === '' ? {} : { search }) },
        signal,
      }),
    placeholderData: keepPreviousData,
    ...pages,
  })

/** One type with its properties. */
export const useDefinition = (type: string) =>
  useQuery({
    queryKey: [...DEFINITIONS, type],
    queryFn: ({ signal }) => call('GET /api/event-definitions/:type', { params: { type }, signal }),
  })

export function useDefine(type: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (body: BodyOf<typeof routes, 'PUT /api/event-definitions/:type'>) =>
      call('PUT /api/event-definitions/:type', { params: { type }, body }),
    onSuccess: () => cache.invalidateQueries({ queryKey: DEFINITIONS }),
  })
}

export function useMarkPersonal(type: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (body: BodyOf<typeof routes, 'POST /api/event-definitions/:type/personal'>) =>
      call('POST /api/event-definitions/:type/personal', { params: { type }, body }),
    onSuccess: (details) => cache.setQueryData([...DEFINITIONS, type], details),
  })
}

export type LinkDomain = Answer<typeof routes, 'GET /api/link-domain'>

const LINK_DOMAIN = ['tracking', 'link-domain']

/** The domain that links of text messages stand on. */
export const useLinkDomain = () =>
  useQuery({ queryKey: LINK_DOMAIN, queryFn: ({ signal }) => call('GET /api/link-domain', { signal }) })

export function useSetLinkDomain() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (host: string) => call('PUT /api/link-domain', { body: { host } }),
    onSuccess: (domain) => client.setQueryData(LINK_DOMAIN, domain),
  })
}

export function useCheckLinkDomain() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => call('POST /api/link-domain/check', {}),
    onSuccess: (domain) => client.setQueryData(LINK_DOMAIN, domain),
  })
}

export function useRemoveLinkDomain() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => call('DELETE /api/link-domain', {}),
    onSuccess: () => client.invalidateQueries({ queryKey: LINK_DOMAIN }),
  })
}
