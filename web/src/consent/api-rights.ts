/** The endpoints of rights, retention, the preference centre and the log as hooks. */
import type { routes } from '@fanfare/server/consent/schema'
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

export type PrivacyRequest = Answer<typeof routes, 'GET /api/privacy/requests'>['items'][number]
export type PreferenceCenter = Answer<typeof routes, 'GET /api/privacy/preference-center'>
export type CenterDesign = BodyOf<typeof routes, 'PUT /api/privacy/preference-center'>['design']
export type RetentionRule = Answer<typeof routes, 'GET /api/privacy/retention'>['items'][number]
export type LogEntry = Answer<typeof routes, 'GET /api/privacy/log'>['items'][number]
type NewRequest = BodyOf<typeof routes, 'POST /api/privacy/requests'>

const call = client<typeof routes>()
/** A request that the worker carries out is asked after until it is done. */
const UNDER_WAY_MS = 1_500

/** Requests for access and erasure, page after page. */
export const useRequests = () =>
  useInfiniteQuery({
    queryKey: ['consent', 'requests'],
    queryFn: ({ pageParam, signal }) =>
      call('GET /api/privacy/requests', { query: { ...pageAfter(pageParam) }, signal }),
    ...pages,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.items.some((request) => request.state === 'running'))
        ? UNDER_WAY_MS
        : false,
  })

export function useOpenRequest() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (body: NewRequest) => call('POST /api/privacy/requests', { body }),
    onSuccess: refresh,
  })
}

export function useCarryOut() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (id: string) => call('POST /api/privacy/requests/:id/carry-out', { params: { id } }),
    onSuccess: refresh,
  })
}

export function useReject() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: ({ id, reason }: { id: string; reason: string }) =>
      call('POST /api/privacy/requests/:id/reject', { params: { id }, body: { reason } }),
    onSuccess: refresh,
  })
}

/** Where a member downloads the archive of a request. */
export const archiveHref = (id: string): string => `/api/privacy/requests/${id}/archive`

/** The preference centre in force. */
export const usePreferenceCenter = () =>
  useQuery({
    queryKey: ['consent', 'center'],
    queryFn: ({ signal }) => call('GET /api/privacy/preference-center', { signal }),
  })

export function useChangeCenter() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (body: { version: number; design: CenterDesign }) =>
      call('PUT /api/privacy/preference-center', { body }),
    onSuccess: refresh,
  })
}

/** The page as a design would show it; the last good one stays while a design is wrong. */
export const useCenterPreview = (design: CenterDesign, locale: 'en' | 'fr') =>
  useQuery({
    queryKey: ['consent', 'center-preview', design, locale],
    queryFn: ({ signal }) =>
      call('POST /api/privacy/preference-center/preview', { body: { design, locale }, signal }),
    placeholderData: keepPreviousData,
    retry: false,
  })

/** What can be forgotten by age. */
export const useRetention = () =>
  useQuery({
    queryKey: ['consent', 'retention'],
    queryFn: ({ signal }) => call('GET /api/privacy/retention', { signal }),
  })

export function useDecideRetention() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (body: { subject: string; keepDays: number | null }) =>
      call('PUT /api/privacy/retention', { body }),
    onSuccess: refresh,
  })
}

/** What a rule would remove now; asked anew for each number of days. */
export const useRetentionPreview = (subject: string, keepDays: number) =>
  useQuery({
    queryKey: ['consent', 'retention-preview', subject, keepDays],
    queryFn: ({ signal }) =>
      call('POST /api/privacy/retention/preview', { body: { subject, keepDays }, signal }),
    retry: false,
  })

/** The compliance log, page after page. */
export const useComplianceLog = () =>
  useInfiniteQuery({
    queryKey: ['consent', 'log'],
    queryFn: ({ pageParam, signal }) =>
      call('GET /api/privacy/log', { query: { limit: 50, ...pageAfter(pageParam) }, signal }),
    ...pages,
    placeholderData: keepPreviousData,
  })

/** Where the whole log is downloaded. */
export const logHref = '/api/privacy/log.csv'

function useRefresh() {
  const cache = useQueryClient()
  return () => cache.invalidateQueries({ queryKey: ['consent'] })
}
