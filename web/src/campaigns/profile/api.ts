/** The messages of one person, as the ledger holds them. */
import type { routes } from '@fanfare/server/tracking/schema'
import { useInfiniteQuery } from '@tanstack/react-query'
import { client } from '../../platform/api/client.ts'
import type { Answer } from '../../platform/api/client.ts'
import { pageAfter, pages } from '../../platform/api/pages.ts'

export type ContactMessage = Answer<typeof routes, 'GET /api/contacts/:id/messages'>['items'][number]

const call = client<typeof routes>()
/** A profile shows the latest few; the others are a button away. */
const messagesPerPage = 5

/** What was sent to a person, or not; latest first, page after page. */
export const useContactMessages = (contactId: string) =>
  useInfiniteQuery({
    queryKey: ['campaigns', 'messages', contactId],
    queryFn: ({ pageParam, signal }) =>
      call('GET /api/contacts/:id/messages', {
        params: { id: contactId },
        query: { limit: messagesPerPage, ...pageAfter(pageParam) },
        signal,
      }),
    ...pages,
  })
