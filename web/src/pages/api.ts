/** The endpoints of sign-up forms as hooks. */
import type { routes } from '@fanfare/server/pages/schema'
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

export type Form = Answer<typeof routes, 'GET /api/forms/:id'>
export type ListedForm = Answer<typeof routes, 'GET /api/forms'>['items'][number]
export type FormDraft = BodyOf<typeof routes, 'PUT /api/forms/:id'>['definition']
export type FormVersion = Answer<typeof routes, 'GET /api/forms/:id/versions'>['items'][number]
export type Submission = Answer<typeof routes, 'GET /api/forms/:id/submissions'>['items'][number]
type NewForm = BodyOf<typeof routes, 'POST /api/forms'>

const call = client<typeof routes>()

/** Forms, page after page. */
export const useForms = () =>
  useInfiniteQuery({
    queryKey: ['pages', 'forms'],
    queryFn: ({ pageParam, signal }) =>
      call('GET /api/forms', { query: { limit: 50, ...pageAfter(pageParam) }, signal }),
    ...pages,
    placeholderData: keepPreviousData,
  })

export const useForm = (id: string) =>
  useQuery({
    queryKey: ['pages', 'form', id],
    queryFn: ({ signal }) => call('GET /api/forms/:id', { params: { id }, signal }),
  })

export function useCreateForm() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (body: NewForm) => call('POST /api/forms', { body }),
    onSuccess: refresh,
  })
}

export function useSaveForm(id: string) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (body: { name: string; definition: FormDraft; version: number }) =>
      call('PUT /api/forms/:id', { params: { id }, body }),
    onSuccess: refresh,
  })
}

export function usePublishForm(id: string) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (isPublished: boolean) =>
      isPublished
        ? call('POST /api/forms/:id/publish', { params: { id } })
        : call('POST /api/forms/:id/unpublish', { params: { id } }),
    onSuccess: refresh,
  })
}

export function useArchiveForm() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (id: string) => call('DELETE /api/forms/:id', { params: { id } }),
    onSuccess: refresh,
  })
}

/** Every version of a form. */
export const useVersions = (id: string) =>
  useQuery({
    queryKey: ['pages', 'versions', id],
    queryFn: ({ signal }) => call('GET /api/forms/:id/versions', { params: { id }, signal }),
  })

/** What came in by a form, page after page. */
export const useSubmissions = (id: string) =>
  useInfiniteQuery({
    queryKey: ['pages', 'submissions', id],
    queryFn: ({ pageParam, signal }) =>
      call('GET /api/forms/:id/submissions', { params: { id }, query: { ...pageAfter(pageParam) }, signal }),
    ...pages,
    placeholderData: keepPreviousData,
  })

/** The page as a draft would show it; the last good one stays while a draft is wrong. */
export const useFormPreview = (definition: FormDraft, locale: 'en' | 'fr') =>
  useQuery({
    queryKey: ['pages', 'preview', definition, locale],
    queryFn: ({ signal }) => call('POST /api/forms/preview', { body: { definition, locale }, signal }),
    placeholderData: keepPreviousData,
    retry: false,
  })

function useRefresh() {
  const cache = useQueryClient()
  return () => cache.invalidateQueries({ queryKey: ['pages'] })
}
