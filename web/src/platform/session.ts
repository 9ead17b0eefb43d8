import { useTranslations } from 'use-intl'
import { useQuery } from '@tanstack/react-query'
import { queryOptions } from '@tanstack/react-query'
import { problemFrom } from './api/problem.ts'
import { sessionKey } from './query.ts'

/** Who is at the screen, for which organization, and what they may do. */
export interface Session {
  person: { id: string; name: string; email: string; locale: 'en' | 'fr' }
  /** `null` before the first organization is chosen. */
  organization: { id: string; name: string; timeZone: string; currency: string; locale: 'en' | 'fr' } | null
  role: 'viewer' | 'editor' | 'admin' | 'owner' | null
  permissions: readonly string[]
  organizations: readonly { id: string; name: string }[]
}

/** The session as a query; `null` means signed out. */
export const sessionQuery = queryOptions({
  queryKey: sessionKey,
  queryFn: fetchSession,
  staleTime: 60_000,
})

/**
 * The person at the screen. Only for pages inside the shell, which are never shown without a session.
 *
 * @throws when there is none: a page outside the shell used it
 */
export function useSession(): Session & { can: (permission: string) => boolean } {
  const { data } = useQuery(sessionQuery)
  if (!data) throw new Error('useSession is for pages inside the shell.')
  return { ...data, can: (permission) => data.permissions.includes(permission) }
}

async function fetchSession(): Promise<Session | null> {
  const response = await fetch('/api/session', { headers: { accept: 'application/json' } })
  if (response.status === 401) return null
  if (!response.ok) throw await problemFrom(response)
  return response.json()
}

/** Works in another organization: everything on the screen is asked anew. */
export async function switchOrganization(organizationId: string): Promise<void> {
  await post('/api/session/organization', { organizationId })
  location.assign('/')
}

/** Ends the session and forgets everything that was loaded. */
export async function signOut(): Promise<void> {
  await post('/api/sign-out', {})
  location.assign('/login')
}

async function post(path: string, body: object): Promise<void> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw await problemFrom(response)
}

/** Why somebody of this role may not change something, for `disabledReason`. */
export function useViewerReason(): string {
  const t = useTranslations('app')
  const { role } = useSession()
  return t('viewer', { role: t(`roles.${role ?? 'viewer'}`) })
}
