/** What happens once a session has been opened. */
import { useNavigate } from '@tanstack/react-router'
import { queryClient } from '../../platform/query.ts'

/** Goes to a page of ours as the person who has just signed in: everything is asked anew. */
export function useEnter(): (to?: string) => void {
  const navigate = useNavigate()
  return (to) => {
    queryClient.clear()
    void navigate({ href: ownPath(to), replace: true })
  }
}

/** An address on this site and nowhere else: whoever wrote the link must not choose where one ends up. */
export function ownPath(to: string | undefined): string {
  if (to === undefined || !to.startsWith('/')) return '/'
  const url = new URL(to, location.origin)
  return url.origin === location.origin ? url.pathname + url.search + url.hash : '/'
}

/** The secret that a mailed link carries behind its hash. */
export function tokenOfLink(): string {
  return location.hash.slice(1)
}
