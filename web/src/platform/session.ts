import type { routes } from '@fanfare/server/team/schema'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { client } from './api/client.ts'
import type { Answer, BodyOf } from './api/client.ts'
import { ApiError } from './api/problem.ts'
import { switchLanguage } from './i18n/store.ts'
import type { Language } from './i18n/store.ts'
import { queryClient, sessionKey } from './query.ts'

/** Who is at the screen, for which organization, and what they may do. */
export type Session = Answer<typeof routes, 'GET /api/session'>

/** What one may be allowed to do: `campaigns.write`. */
export type Permission = Exclude<BodyOf<typeof routes, 'POST /api/api-keys'>['scopes'][number], '*'>

const call = client<typeof routes>()

/** The session as a query; `null` means signed out. */
export const sessionQuery = queryOptions({
  queryKey: sessionKey,
  queryFn: ({ signal }) =>
    call('GET /api/session', { signal }).catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 401) return null
      throw error
    }),
  staleTime: 60_000,
})

/** Whether this installation waits for its first organization. */
export const installationQuery = queryOptions({
  queryKey: ['installation'],
  queryFn: ({ signal }) => call('GET /api/setup', { signal }),
  staleTime: 60_000,
})

/**
 * The person at the screen. Only for pages inside the shell, which are never shown without a session.
 *
 * @throws when there is none: a page outside the shell used it
 */
export function useSession(): Session & { can: (permission: Permission) => boolean } {
  const { data } = useQuery(sessionQuery)
  if (!data) throw new Error('useSession is for pages inside the shell.')
  return { ...data, can: (permission) => data.permissions.includes(permission) }
}

/**
 * Why a person of this role may not change something, for `disabledReason`; `undefined` when they may.
 *
 *     <Button disabledReason={useRefusal('campaigns.write')}>
 */
export function useRefusal(permission: Permission): string | undefined {
  const t = useTranslations('app')
  const { role, can } = useSession()
  return can(permission) ? undefined : t('refusal', { role: t(`roles.${role ?? 'viewer'}`) })
}

/** Works in another organization: everything on the screen is asked anew. */
export async function switchOrganization(organizationId: string): Promise<void> {
  await call('POST /api/session/organization', { body: { organizationId } })
  location.assign('/')
}

/** Ends the session and forgets everything that was loaded. */
export async function signOut(): Promise<void> {
  await call('POST /api/auth/sign-out')
  location.assign('/login')
}

/** Switches the language of the screen, and of the mails to this person. */
export async function speak(language: Language): Promise<void> {
  await switchLanguage(language)
  const session = queryClient.getQueryData(sessionQuery.queryKey)
  if (!session || session.person.locale === language) return
  await call('PATCH /api/account', { body: { name: session.person.name, locale: language } })
  await queryClient.invalidateQueries({ queryKey: sessionKey })
}
