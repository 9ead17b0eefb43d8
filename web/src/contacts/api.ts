/** The endpoints of contacts as hooks. */
import type { routes } from '@fanfare/server/contacts/schema'
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

export type Contact = Answer<typeof routes, 'GET /api/contacts/:id'>
export type AttributeValue = Contact['attributes'][string]
export type CustomField = Answer<typeof routes, 'GET /api/contacts/fields'>['items'][number]
export type FieldType = CustomField['type']
export type ContactChange = Answer<typeof routes, 'POST /api/contacts/changes'>
export type ContactInput = BodyOf<typeof routes, 'POST /api/contacts'>
export type ContactQuery = Omit<QueryOf<typeof routes, 'GET /api/contacts'>, 'cursor' | 'limit'>
export type Sort = NonNullable<ContactQuery['sort']>
type NewChange = BodyOf<typeof routes, 'POST /api/contacts/changes'>
export type BulkAction = NewChange['action']
export type Selection = NewChange['selection']
type NewField = BodyOf<typeof routes, 'POST /api/contacts/fields'>
type FieldEdit = BodyOf<typeof routes, 'PATCH /api/contacts/fields/:id'>

const call = client<typeof routes>()

/** Contacts page after page. */
export function useContacts(query: ContactQuery) {
  return useInfiniteQuery({
    queryKey: ['contacts', 'list', query],
    queryFn: ({ pageParam, signal }) =>
      call('GET /api/contacts', {
        query: { ...query, limit: 50, ...pageAfter(pageParam) },
        signal,
      }),
    ...pages,
    placeholderData: keepPreviousData,
  })
}

/** How many contacts a filter names; asked beside the list, which does not wait for it. */
export const useContactCount = (query: Omit<ContactQuery, 'sort'>) =>
  useQuery({
    queryKey: ['contacts', 'count', query],
    queryFn: ({ signal }) => call('GET /api/contacts/count', { query, signal }),
    placeholderData: keepPreviousData,
    select: ({ count }) => count,
  })

/** Contacts by the beginning of a name, an address or a number, for the palette and pickers. */
export const findContacts = (q: string, signal: AbortSignal) =>
  call('GET /api/contacts', { query: { q, limit: 5 }, signal })

export const useContact = (id: string) =>
  useQuery({
    queryKey: ['contacts', id],
    queryFn: ({ signal }) => call('GET /api/contacts/:id', { params: { id }, signal }),
  })

/** Tags that begin with a text. */
export const useTags = () =>
  useQuery({
    queryKey: ['contacts', 'tags'],
    queryFn: ({ signal }) => call('GET /api/contacts/tags', { query: { limit: 100 }, signal }),
    staleTime: 60_000,
    select: ({ items }) => items,
  })

export function useCreateContact() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (body: ContactInput) => call('POST /api/contacts', { body }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['contacts'] }),
  })
}

export function useUpdateContact(id: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (body: ContactInput) => call('PATCH /api/contacts/:id', { params: { id }, body }),
    onSuccess: (contact) => {
      cache.setQueryData(['contacts', id], contact)
      return cache.invalidateQueries({
        queryKey: ['contacts'],
        predicate: ({ queryKey }) => queryKey[1] !== id || queryKey.length > 2,
      })
    },
  })
}

export function useMergeContacts(id: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (body: BodyOf<typeof routes, 'POST /api/contacts/:id/merge'>) =>
      call('POST /api/contacts/:id/merge', { params: { id }, body }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['contacts'] }),
  })
}

/** Changes many at once; also the way in which one contact is deleted. */
export function useChangeContacts() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (body: NewChange) => call('POST /api/contacts/changes', { body }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['contacts'] }),
  })
}

export function useUndoChange() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => call('POST /api/contacts/changes/:id/undo', { params: { id } }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['contacts'] }),
  })
}

/** How far a large change is; asked every second until it has ended. */
export const useChange = (id: string | null) =>
  useQuery({
    queryKey: ['contacts', 'changes', id],
    queryFn: ({ signal }) =>
      id === null ? null : call('GET /api/contacts/changes/:id', { params: { id }, signal }),
    enabled: id !== null,
    refetchInterval: ({ state }) => (isUnderWay(state.data) ? 1_000 : false),
  })

/** A change that a job still works on. */
export function isUnderWay(change: ContactChange | null | undefined): boolean {
  return change?.state === 'running' || change?.state === 'undoing'
}

/** Custom fields; archived ones only when asked for. */
export const useFields = (options: { archived?: boolean } = {}) =>
  useQuery({
    queryKey: ['contacts', 'fields', options.archived === true],
    queryFn: ({ signal }) =>
      call('GET /api/contacts/fields', {
        query: options.archived === true ? { archived: 'true' } : {},
        signal,
      }),
    staleTime: 60_000,
    select: ({ items }) => items,
  })

export function useAddField() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (body: NewField) => call('POST /api/contacts/fields', { body }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['contacts', 'fields'] }),
  })
}

export function useChangeField() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: ({ id, ...body }: FieldEdit & { id: string }) =>
      call('PATCH /api/contacts/fields/:id', { params: { id }, body }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['contacts', 'fields'] }),
  })
}
