/** Where mail goes, as a hook of its own: the banner above every page asks it. */
import type { routes } from '@fanfare/server/delivery/schema'
import { useQuery } from '@tanstack/react-query'
import { client } from '../platform/api/client.ts'
import type { Answer } from '../platform/api/client.ts'

export type Outlet = Answer<typeof routes, 'GET /api/sending/outlet'>

const call = client<typeof routes>()

/** Where mail goes at present. */
export const useOutlet = () =>
  useQuery({
    queryKey: ['delivery', 'sending', 'outlet'],
    queryFn: ({ signal }) => call('GET /api/sending/outlet', { signal }),
  })
