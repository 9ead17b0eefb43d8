/** The endpoints of content as hooks. */
import type { routes as contactRoutes } from '@fanfare/server/contacts/schema'
import type { routes } from '@fanfare/server/content/schema'
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { useLocale } from 'use-intl'
import { client } from '../platform/api/client.ts'
import type { Answer, BodyOf } from '../platform/api/client.ts'
import { pageAfter, pages } from '../platform/api/pages.ts'
import { useCampaignNamePart } from './campaign-name.ts'
import { useEventPart } from './event-type.ts'

export type Template = Answer<typeof routes, 'GET /api/content/templates/:id'>
export type TemplateEntry = Answer<typeof routes, 'GET /api/content/templates'>['items'][number]
export type Starter = Answer<typeof routes, 'GET /api/content/starters'>['items'][number]
/** A mail as it is being written. */
export type MailDraft = Template['source']
export type MailField = Exclude<keyof MailDraft, 'language' | 'format'>
export type Variable = Answer<typeof routes, 'GET /api/content/variables'>['items'][number]
export type MailCheck = Answer<typeof routes, 'POST /api/content/preflight'>['checks'][number]
export type Preview = Answer<typeof routes, 'POST /api/content/preview'>
export type PreviewAs = NonNullable<BodyOf<typeof routes, 'POST /api/content/preview'>['as']>
export type Theme = NonNullable<BodyOf<typeof routes, 'POST /api/content/preview'>['theme']>
type TemplateInput = BodyOf<typeof routes, 'POST /api/content/templates'>
type TestSend = BodyOf<typeof routes, 'POST /api/content/test-send'>

const call = client<typeof routes>()
const callContacts = client<typeof contactRoutes>()

/** The built-in templates in the language of the screen. */
export function useStarters() {
  const language = useLocale() === 'fr' ? 'fr' : 'en'
  return useQuery({
    queryKey: ['content', 'starters', language],
    queryFn: ({ signal }) => call('GET /api/content/starters', { query: { language }, signal }),
    staleTime: Infinity,
  })
}

/** A built-in template as a sample person gets it. */
export function useStarterPreview(key: Starter['key']) {
  const language = useLocale() === 'fr' ? 'fr' : 'en'
  return useQuery({
    queryKey: ['content', 'starters', language, key],
    queryFn: ({ signal }) =>
      call('GET /api/content/starters/:key/preview', { params: { key }, query: { language }, signal }),
    staleTime: Infinity,
  })
}

/** The organization's own templates, page after page. */
export const useTemplates = (q: string) =>
  useInfiniteQuery({
    queryKey: ['content', 'templates', 'list', q],
    queryFn: ({ pageParam, signal }) =>
      call('GET /api/content/templates', {
        query: { ...(q === '' ? {} : { q }), ...pageAfter(pageParam) },
        signal,
      }),
    ...pages,
    placeholderData: keepPreviousData,
  })

export const useTemplate = (id: string) =>
  useQuery({
    queryKey: ['content', 'templates', id],
    queryFn: ({ signal }) => call('GET /api/content/templates/:id', { params: { id }, signal }),
  })

/** The source of a template, asked for when it is chosen. */
export const readTemplate = (id: string) => call('GET /api/content/templates/:id', { params: { id } })

/** A template as a sample person gets it; renewed when it changes. */
export const useTemplatePreview = (id: string, updatedAt: string) =>
  useQuery({
    queryKey: ['content', 'templates', id, 'preview', updatedAt],
    queryFn: ({ signal }) => call('GET /api/content/templates/:id/preview', { params: { id }, signal }),
    staleTime: Infinity,
  })

/** Templates whose name holds the text, for the palette. */
export const findTemplates = (text: string, signal: AbortSignal) =>
  call('GET /api/content/templates', { query: { q: text, limit: 5 }, signal })

export function useCreateTemplate() {
  const forget = useForgetLists()
  return useMutation({
    mutationFn: (template: TemplateInput) => call('POST /api/content/templates', { body: template }),
    onSuccess: forget,
  })
}

/** Saves a template; refused when somebody else saved since `version`. */
export function useSaveTemplate(id: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (template: TemplateInput & { version: number }) =>
      call('PUT /api/content/templates/:id', { params: { id }, body: template }),
    onSuccess: (saved) => {
      cache.setQueryData(['content', 'templates', id], saved)
      return cache.invalidateQueries({ queryKey: ['content', 'templates', 'list'] })
    },
  })
}

export function useDuplicateTemplate() {
  const forget = useForgetLists()
  return useMutation({
    mutationFn: (id: string) => call('POST /api/content/templates/:id/duplicate', { params: { id } }),
    onSuccess: forget,
  })
}

/** Deletes a template; `restore` takes it back. */
export function useDeleteTemplate() {
  const forget = useForgetLists()
  return {
    remove: useMutation({
      mutationFn: (id: string) => call('DELETE /api/content/templates/:id', { params: { id } }),
      onSuccess: forget,
    }),
    restore: async (id: string) => {
      await call('POST /api/content/templates/:id/restore', { params: { id } })
      await forget()
    },
  }
}

function useForgetLists() {
  const cache = useQueryClient()
  return () => cache.invalidateQueries({ queryKey: ['content', 'templates', 'list'] })
}

/** The variables that mails may use. */
export function useVariables() {
  const event = useEventPart()
  return useQuery({
    queryKey: ['content', 'variables', event],
    queryFn: ({ signal }) => call('GET /api/content/variables', { query: event, signal }),
    staleTime: 60_000,
  })
}

/** The server's compiled mail for one person; the last one stays while the next is made. */
export function usePreview(source: MailDraft, as: PreviewAs, theme: Theme) {
  const language = useLocale()
  const setting = { ...useEventPart(), ...useCampaignNamePart() }
  return useQuery({
    queryKey: ['content', 'preview', language, source, as, theme, setting],
    queryFn: ({ signal }) =>
      call('POST /api/content/preview', { body: { source, as, theme, ...setting }, signal }),
    placeholderData: keepPreviousData,
    // Each pause in typing makes another one.
    gcTime: 10_000,
    staleTime: 10_000,
  })
}

export type MessageSource = BodyOf<typeof routes, 'POST /api/content/message-preview'>['source']
export type RenderedMessage = NonNullable<
  Answer<typeof routes, 'POST /api/content/message-preview'>['message']
>

/** A text message, WhatsApp message, in-app message or webhook call as one person would get it, with its checks. */
export function useMessagePreview(source: MessageSource, as: PreviewAs) {
  const language = useLocale()
  const setting = { ...useEventPart(), ...useCampaignNamePart() }
  return useQuery({
    queryKey: ['content', 'message-preview', language, source, as, setting],
    queryFn: ({ signal }) =>
      call('POST /api/content/message-preview', { body: { source, as, ...setting }, signal }),
    placeholderData: keepPreviousData,
    gcTime: 10_000,
    staleTime: 10_000,
  })
}

export function usePreflight(source: MailDraft) {
  const language = useLocale()
  const event = useEventPart()
  return useQuery({
    queryKey: ['content', 'preflight', language, source, event],
    queryFn: ({ signal }) => call('POST /api/content/preflight', { body: { source, ...event }, signal }),
    placeholderData: keepPreviousData,
    gcTime: 10_000,
    staleTime: 10_000,
  })
}

export function useTestSend() {
  const setting = { ...useEventPart(), ...useCampaignNamePart() }
  return useMutation({
    mutationFn: (test: TestSend) => call('POST /api/content/test-send', { body: { ...test, ...setting } }),
  })
}

/** Contacts to look at the mail as. */
export const useContactsLike = (q: string) =>
  useQuery({
    queryKey: ['content', 'contacts', q],
    queryFn: ({ signal }) =>
      callContacts('GET /api/contacts', { query: { limit: 8, ...(q === '' ? {} : { q }) }, signal }),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  })
