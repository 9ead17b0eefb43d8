/** What happens once a session has been opened. */
import { useNavigate } from '@tanstack/react-router'
import { queryClient } from '../../platform/query.ts'
import { ownPath } from '../own-path.ts'

/** Goes to a page of ours as the person who has just signed in: everything is asked anew. */
export function useEnter(): (to?: string) => void {
  const navigate = useNavigate()
  return (to) => {
    queryClient.clear()
    void navigate({ href: ownPath(to), replace: true })
  }
}

/** The secret that a mailed link carries behind its hash. */
export function tokenOfLink(): string {
  return location.hash.slice(1)
}
