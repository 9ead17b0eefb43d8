/** The endpoints of imports as hooks. */
import type { routes } from '@fanfare/server/contacts/schema'
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { client } from '../../platform/api/client.ts'
import type { Answer, BodyOf } from '../../platform/api/client.ts'
import { pageAfter, pages } from '../../platform/api/pages.ts'
import { problemFrom, unreachable } from '../../platform/api/problem.ts'
import { currentI18n } from '../../platform/i18n/store.ts'
import { useLive } from '../../platform/live.ts'

export type ContactImport = Answer<typeof routes, 'GET /api/contacts/imports/:id'>
export type ImportState = ContactImport['state']
export type FoundColumn = ContactImport['columns'][number]
/** Everything that one decides about an import. */
export type ImportOptions = NonNullable<ContactImport['options']>
export type ColumnMapping = ImportOptions['columns'][number]
export type Target = ColumnMapping['target']
export type ImportPreview = Answer<typeof routes, 'POST /api/contacts/imports/:id/preview'>
export type ImportProblems = Answer<typeof routes, 'GET /api/contacts/imports/:id/problems'>
export type Reading = BodyOf<typeof routes, 'PATCH /api/contacts/imports/:id'>

const call = client<typeof routes>()

/** Imports, latest first. */
export const useImports = () =>
  useInfiniteQuery({
    queryKey: ['contacts', 'imports'],
    queryFn: ({ pageParam, signal }) =>
      call('GET /api/contacts/imports', { query: pageAfter(pageParam), signal }),
    ...pages,
  })

/** One import; while it works it is followed live. */
export function useImport(id: string) {
  const key = ['contacts', 'imports', id]
  useLive('contacts.import', null, key)
  return useQuery({
    queryKey: key,
    queryFn: ({ signal }) => call('GET /api/contacts/imports/:id', { params: { id }, signal }),
    refetchInterval: ({ state }) => (isAtWork(state.data?.state) ? 2_000 : false),
  })
}

/** A job works on it. */
export function isAtWork(state: ImportState | undefined): boolean {
  return state === 'running' || state === 'undoing'
}

/** What could not be stored. */
export const useProblems = (found: Pick<ContactImport, 'id' | 'problems'>) =>
  useQuery({
    queryKey: ['contacts', 'imports', found.id, 'problems', found.problems],
    queryFn: ({ signal }) =>
      call('GET /api/contacts/imports/:id/problems', { params: { id: found.id }, signal }),
    enabled: found.problems > 0,
    placeholderData: keepPreviousData,
  })

/** What the import would do; nothing is written. */
export const usePreview = (id: string, options: ImportOptions | null) =>
  useQuery({
    queryKey: ['contacts', 'imports', id, 'preview', options],
    queryFn: ({ signal }) =>
      options === null
        ? null
        : call('POST /api/contacts/imports/:id/preview', { params: { id }, body: options, signal }),
    enabled: options !== null,
    staleTime: 60_000,
    retry: false,
  })

/** Reads the file in another way. */
export function useReadAgain(id: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (body: Reading) => call('PATCH /api/contacts/imports/:id', { params: { id }, body }),
    onSuccess: (found) => cache.setQueryData(['contacts', 'imports', id], found),
  })
}

export function useStartImport(id: string) {
  const keep = useKeep()
  return useMutation({
    mutationFn: (body: ImportOptions) =>
      call('POST /api/contacts/imports/:id/start', { params: { id }, body }),
    onSuccess: keep,
  })
}

/** What one may do to an import that has begun. */
export type ImportAction = 'cancel' | 'resume' | 'undo'

export function useActOnImport(id: string) {
  const keep = useKeep()
  return useMutation({
    mutationFn: (action: ImportAction) => {
      switch (action) {
        case 'cancel':
          return call('POST /api/contacts/imports/:id/cancel', { params: { id } })
        case 'resume':
          return call('POST /api/contacts/imports/:id/resume', { params: { id } })
        case 'undo':
          return call('POST /api/contacts/imports/:id/undo', { params: { id } })
      }
    },
    onSuccess: keep,
  })
}

export function useDiscardImport() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => call('DELETE /api/contacts/imports/:id', { params: { id } }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['contacts', 'imports'] }),
  })
}

function useKeep() {
  const cache = useQueryClient()
  return (found: ContactImport) => {
    cache.setQueryData(['contacts', 'imports', found.id], found)
    return cache.invalidateQueries({ queryKey: ['contacts'] })
  }
}

/** Uploads a file; the answer is the import as a draft. */
export function useUpload(timeZone: string, onProgress: (share: number) => void) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (file: File) => upload(file, timeZone, onProgress),
    onSuccess: (found) => cache.setQueryData(['contacts', 'imports', found.id], found),
  })
}

/**
 * By XMLHttpRequest: fetch cannot tell how much of a file has left.
 * @throws ApiError
 */
async function upload(
  file: File,
  timeZone: string,
  onProgress: (share: number) => void,
): Promise<ContactImport> {
  const form = new FormData()
  form.append('file', file)
  const request = new XMLHttpRequest()
  request.open('POST', `/api/contacts/imports?timeZone=${encodeURIComponent(timeZone)}`)
  request.setRequestHeader('accept-language', currentI18n().language)
  request.upload.addEventListener('progress', ({ loaded, total }) =>
    onProgress(total === 0 ? 1 : loaded / total),
  )
  const answered = new Promise<void>((resolve, reject) => {
    request.addEventListener('load', () => resolve())
    request.addEventListener('error', () => reject(unreachable()))
    request.addEventListener('abort', () => reject(unreachable()))
  })
  request.send(form)
  await answered
  if (request.status < 200 || request.status > 299)
    throw await problemFrom(new Response(request.responseText, { status: request.status }))
  const found: ContactImport = JSON.parse(request.responseText)
  return found
}
