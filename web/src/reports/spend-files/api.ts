/** The endpoints of files of spends as hooks. */
import type { routes } from '@fanfare/server/reports/schema'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { client } from '../../platform/api/client.ts'
import type { Answer, BodyOf } from '../../platform/api/client.ts'

export type SpendFile = BodyOf<typeof routes, 'POST /api/spends/imports'>
export type Preview = Answer<typeof routes, 'POST /api/spends/imports/preview'>
export type SpendImport = Answer<typeof routes, 'GET /api/spends/imports'>['items'][number]

const call = client<typeof routes>()

/** What would come of a file; asked anew whenever how it is read changes. */
export const usePreview = (file: SpendFile) =>
  useQuery({
    queryKey: ['reports', 'spend-files', 'preview', file],
    queryFn: ({ signal }) => call('POST /api/spends/imports/preview', { body: file, signal }),
    placeholderData: keepPreviousData,
  })

export const useSpendImports = () =>
  useQuery({
    queryKey: ['reports', 'spend-files', 'past'],
    queryFn: ({ signal }) => call('GET /api/spends/imports', { signal }),
  })

export function useTakeFile() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (body: SpendFile) => call('POST /api/spends/imports', { body }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['reports'] }),
  })
}

export function useUndoFile() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => call('POST /api/spends/imports/:id/undo', { params: { id } }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['reports'] }),
  })
}
