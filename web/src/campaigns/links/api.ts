/** The endpoints of tracked links, as hooks. */
import type { routes } from '@fanfare/server/campaigns/schema'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { client } from '../../platform/api/client.ts'
import type { Answer, BodyOf } from '../../platform/api/client.ts'

export type PostLink = Answer<typeof routes, 'GET /api/campaigns/:id/links'>['items'][number]
export type NewPostLink = BodyOf<typeof routes, 'POST /api/campaigns/:id/links'>
type Change = BodyOf<typeof routes, 'PATCH /api/campaigns/:id/links/:linkId'>

const call = client<typeof routes>()

export const usePostLinks = (id: string) =>
  useQuery({
    queryKey: ['campaigns', id, 'links'],
    queryFn: ({ signal }) => call('GET /api/campaigns/:id/links', { params: { id }, signal }),
  })

export function useAddPostLink(id: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (body: NewPostLink) => call('POST /api/campaigns/:id/links', { params: { id }, body }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['campaigns', id, 'links'] }),
  })
}

/** Renames one, puts it away or takes it back. */
export function useChangePostLink(id: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: ({ linkId, body }: { linkId: string; body: Change }) =>
      call('PATCH /api/campaigns/:id/links/:linkId', { params: { id, linkId }, body }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['campaigns', id, 'links'] }),
  })
}
