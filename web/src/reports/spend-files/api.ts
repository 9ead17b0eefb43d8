/** The endpoints of files of spends as hooks. */
import type { routes } from '@fanfare/server/reports/schema'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { client } from '../../platform/api/client.ts'
import type { Answer, BodyOf } from '../../platform/api/client.ts'

export type SpendFile = BodyOf<typeof routes, 'POST /api/spends/imports'>
export type Preview = Answer<typeof routes, 'POST /api/spends/imports/preview'>
export type SpendImport = Answer<typeof routes, 'GET /api/spends/imports'>['items'][number]

const call = client<typeof routes>()

const PREVIEW = ['reports', 'spend-files', 'preview']

/**
 * What would come of a file; asked anew whenever how it is read changes. In the key an id stands for the file, whose text
 * may be long: 900 kB took 15 ms to hash, whenever the screen was drawn.
 */
export const usePreview = (id: string, file: Omit<SpendFile, 'leavesOutWrong'>) =>
  useQuery({
    queryKey: [...PREVIEW, id, file.order, file.repeatsKnown],
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
    // A file that was taken is not looked at again: it need not be sent once more before the screen goes on.
    onSuccess: () =>
      cache.invalidateQueries({
        queryKey: ['reports'],
        predicate: ({ queryKey }) => queryKey[2] !== PREVIEW[2],
      }),
  })
}

export function useUndoFile() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => call('POST /api/spends/imports/:id/undo', { params: { id } }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['reports'] }),
  })
}
