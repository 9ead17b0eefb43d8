/** The endpoints of segments as hooks. */
import type { routes } from '@fanfare/server/segments/schema'
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

export type Segment = Answer<typeof routes, 'GET /api/segments/:id'>
export type SegmentKind = Segment['kind']
export type Term = Answer<typeof routes, 'GET /api/segments/vocabulary'>['terms'][number]
export type Vocabulary = Answer<typeof routes, 'GET /api/segments/vocabulary'>
type Operator = Term['operators'][number]
export type ValueInput = Operator['input']
export type ClausePart = Operator['parts'][number]
export type FilterOperators = Vocabulary['filterOperators']
export type PropertyType = keyof FilterOperators
export type Preview = Answer<typeof routes, 'POST /api/segments/preview'>
export type SegmentPerson = Preview['people'][number]
export type SegmentSize = Preview['size']
/** A rule as the API takes it. */
export type Rule = NonNullable<BodyOf<typeof routes, 'POST /api/segments/preview'>['rule']>
/** An audience as the API takes it. */
export type Audience = NonNullable<BodyOf<typeof routes, 'POST /api/segments/preview'>['audience']>
type ListQuery = QueryOf<typeof routes, 'GET /api/segments'>
type NewSegment = BodyOf<typeof routes, 'POST /api/segments'>
type SegmentEdit = BodyOf<typeof routes, 'PUT /api/segments/:id'>

const call = client<typeof routes>()

/** A page of the list after the other. */
export function useSegments(filters: Omit<ListQuery, 'cursor' | 'limit'>) {
  return useInfiniteQuery({
    queryKey: ['segments', 'list', filters],
    queryFn: ({ pageParam, signal }) =>
      call('GET /api/segments', {
        query: { ...filters, ...pageAfter(pageParam) },
        signal,
      }),
    ...pages,
    placeholderData: keepPreviousData,
  })
}

/** Segments whose name holds a text, for pickers. */
export const useSegmentSearch = (q: string) =>
  useQuery({
    queryKey: ['segments', 'search', q],
    queryFn: ({ signal }) => call('GET /api/segments', { query: { q, sort: 'name', limit: 50 }, signal }),
    placeholderData: keepPreviousData,
  })

/** The segments that are chosen, by id: their names. */
export const useSegmentsById = (ids: readonly string[]) =>
  useQuery({
    queryKey: ['segments', 'byId', ids.toSorted()],
    queryFn: ({ signal }) => call('GET /api/segments', { query: { ids: ids.join(','), limit: 100 }, signal }),
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
    select: (page) => new Map(page.items.map((segment) => [segment.id, segment])),
  })

/** Segments whose name holds a text, for the palette. */
export const findSegments = (text: string, signal: AbortSignal) =>
  call('GET /api/segments', { query: { q: text, limit: 5 }, signal })

export const useSegment = (id: string) =>
  useQuery({
    queryKey: ['segments', id],
    queryFn: ({ signal }) => call('GET /api/segments/:id', { params: { id }, signal }),
  })

/** Everything that rules can ask about; changes only with the organization's fields. */
export const useVocabulary = () =>
  useQuery({
    queryKey: ['segments', 'vocabulary'],
    queryFn: ({ signal }) => call('GET /api/segments/vocabulary', { signal }),
    staleTime: 5 * 60_000,
  })

/** The properties that events of one type have had. */
export const useEventProperties = (event: string | null) =>
  useQuery({
    queryKey: ['segments', 'event-properties', event],
    queryFn: ({ signal }) =>
      event === null
        ? { properties: [] }
        : call('GET /api/segments/event-properties', { query: { event }, signal }),
    staleTime: 60_000,
    select: ({ properties }) => properties,
  })

/** Campaigns that rules can ask about, by a part of their name. */
export const useCampaignSearch = (q: string) =>
  useQuery({
    queryKey: ['segments', 'campaigns', q],
    queryFn: ({ signal }) => call('GET /api/segments/campaigns', { query: { q }, signal }),
    placeholderData: keepPreviousData,
    select: ({ campaigns }) => campaigns,
  })

/** The campaigns that are chosen, by id: their names. */
export const useCampaignsById = (ids: readonly string[]) =>
  useQuery({
    queryKey: ['segments', 'campaignsById', ids.toSorted()],
    queryFn: ({ signal }) => call('GET /api/segments/campaigns', { query: { ids: ids.join(',') }, signal }),
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
    select: ({ campaigns }) => new Map(campaigns.map((campaign) => [campaign.id, campaign.name])),
  })

export type SuggestionSource = QueryOf<typeof routes, 'GET /api/segments/suggestions'>['from']

/** Values that contacts have in a column. */
export const useSuggestions = (from: SuggestionSource | null) =>
  useQuery({
    queryKey: ['segments', 'suggestions', from],
    queryFn: ({ signal }) =>
      from === null ? { values: [] } : call('GET /api/segments/suggestions', { query: { from }, signal }),
    staleTime: 60_000,
    select: ({ values }) => values,
  })

/** A rule or an audience that is being edited. */
export type Subject = { rule: Rule } | { audience: Audience }

const previewOf = (subject: Subject, precision: 'quick' | 'exact', signal: AbortSignal) =>
  call('POST /api/segments/preview', { body: { ...subject, precision }, signal })

/**
 * Who a rule or an audience would hold: the quick answer first, the exact one as soon as it is there. While a new one
 * is asked the old one stays, marked as `isStale`.
 */
export function usePreview(subject: Subject | null) {
  const key = JSON.stringify(subject)
  const quick = useQuery({
    queryKey: ['segments', 'preview', 'quick', key],
    queryFn: ({ signal }) => (subject === null ? null : previewOf(subject, 'quick', signal)),
    enabled: subject !== null,
    placeholderData: keepPreviousData,
  })
  const isEstimate = !quick.isPlaceholderData && quick.data?.size.kind === 'estimate'
  const exact = useQuery({
    queryKey: ['segments', 'preview', 'exact', key],
    queryFn: ({ signal }) => (subject === null ? null : previewOf(subject, 'exact', signal)),
    enabled: subject !== null && isEstimate,
  })
  return {
    data: (isEstimate ? exact.data : null) ?? quick.data ?? undefined,
    error: subject === null ? null : (quick.error ?? exact.error),
    isStale: subject === null || quick.isPlaceholderData,
    isCounting: quick.isFetching || exact.isFetching,
  }
}

/** Who a saved segment holds. */
export const useSegmentPreview = (id: string) =>
  useQuery({
    queryKey: ['segments', id, 'preview'],
    queryFn: ({ signal }) =>
      call('GET /api/segments/:id/preview', { params: { id }, query: { precision: 'quick' }, signal }),
  })

export type Performance = Answer<typeof routes, 'GET /api/segments/:id/performance'>
export type Figures = Performance['now']

/** What the people of a segment did and brought. */
export const useSegmentPerformance = (id: string) =>
  useQuery({
    queryKey: ['segments', id, 'performance'],
    queryFn: ({ signal }) => call('GET /api/segments/:id/performance', { params: { id }, query: {}, signal }),
  })

/** Why a person is in a segment or not; nobody is asked about null. */
export const useWhy = (id: string, contactId: string | null) =>
  useQuery({
    queryKey: ['segments', id, 'why', contactId],
    queryFn: ({ signal }) =>
      contactId === null
        ? null
        : call('GET /api/segments/:id/why/:contactId', { params: { id, contactId }, signal }),
    enabled: contactId !== null,
  })

/** The segments that a person is in. */
export const useSegmentsOf = (contactId: string) =>
  useQuery({
    queryKey: ['segments', 'of', contactId],
    queryFn: ({ signal }) => call('GET /api/segments/of/:contactId', { params: { contactId }, signal }),
  })

/** Segments beside each other; fewer than two are not asked about. */
export const useComparison = (segmentIds: readonly string[]) =>
  useQuery({
    queryKey: ['segments', 'compare', segmentIds],
    queryFn: ({ signal }) =>
      segmentIds.length < 2
        ? null
        : call('POST /api/segments/compare', { body: { segmentIds: [...segmentIds] }, signal }),
    enabled: segmentIds.length > 1,
    placeholderData: keepPreviousData,
  })

/** The people in a segment, page after page. */
export const useMembers = (id: string) =>
  useInfiniteQuery({
    queryKey: ['segments', id, 'members'],
    queryFn: ({ pageParam, signal }) =>
      call('GET /api/segments/:id/members', {
        params: { id },
        query: { limit: 20, ...pageAfter(pageParam) },
        signal,
      }),
    ...pages,
  })

export function useCreateSegment() {
  const keep = useKeep()
  return useMutation({
    mutationFn: (body: NewSegment) => call('POST /api/segments', { body }),
    onSuccess: keep,
  })
}

export function useSaveSegment(id: string) {
  const keep = useKeep()
  return useMutation({
    mutationFn: (body: SegmentEdit) => call('PUT /api/segments/:id', { params: { id }, body }),
    onSuccess: keep,
  })
}

export function useDuplicateSegment() {
  const keep = useKeep()
  return useMutation({
    mutationFn: (id: string) => call('POST /api/segments/:id/duplicate', { params: { id } }),
    onSuccess: keep,
  })
}

export function useDeleteSegment() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => call('DELETE /api/segments/:id', { params: { id } }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['segments'] }),
  })
}

export function useRestoreSegment() {
  const keep = useKeep()
  return useMutation({
    mutationFn: (id: string) => call('POST /api/segments/:id/restore', { params: { id } }),
    onSuccess: keep,
  })
}

export function useAddMembers(id: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (people: { contactIds?: string[]; addresses?: string[] }) =>
      call('POST /api/segments/:id/members', { params: { id }, body: people }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['segments', id] }),
  })
}

export function useRemoveMember(id: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (contactId: string) =>
      call('DELETE /api/segments/:id/members/:contactId', { params: { id, contactId } }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['segments', id] }),
  })
}

/** Keeps an answered segment and asks lists and pickers again. */
function useKeep() {
  const cache = useQueryClient()
  return (segment: Segment) => {
    cache.setQueryData(['segments', segment.id], segment)
    return cache.invalidateQueries({ queryKey: ['segments'] })
  }
}
