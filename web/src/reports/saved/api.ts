/** The endpoints of saved and shared reports as hooks. */
import type { routes } from '@fanfare/server/reports/schema'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { client } from '../../platform/api/client.ts'
import type { Answer, BodyOf } from '../../platform/api/client.ts'

export type Saved = Answer<typeof routes, 'POST /api/reports/saved'>
export type SavedInput = BodyOf<typeof routes, 'POST /api/reports/saved'>
export type Share = Answer<typeof routes, 'POST /api/reports/shares'>
export type ShareInput = BodyOf<typeof routes, 'POST /api/reports/shares'>
export type Question = SavedInput['question']

const call = client<typeof routes>()

export const useSaved = () =>
  useQuery({
    queryKey: ['reports', 'saved'],
    queryFn: ({ signal }) => call('GET /api/reports/saved', { signal }),
  })

export function useSaveReport() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: ({ id, body }: { id: string | null; body: SavedInput }) =>
      id === null
        ? call('POST /api/reports/saved', { body })
        : call('PUT /api/reports/saved/:id', { params: { id }, body }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['reports', 'saved'] }),
  })
}

export function useRemoveSaved() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => call('DELETE /api/reports/saved/:id', { params: { id } }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['reports', 'saved'] }),
  })
}

export const useShares = () =>
  useQuery({
    queryKey: ['reports', 'shares'],
    queryFn: ({ signal }) => call('GET /api/reports/shares', { signal }),
  })

export function useShareReport() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (body: ShareInput) => call('POST /api/reports/shares', { body }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['reports', 'shares'] }),
  })
}

export function useRevokeShare() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => call('DELETE /api/reports/shares/:id', { params: { id } }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['reports', 'shares'] }),
  })
}
