/**
 * The two roots on which every room hangs its pages. The app gives them their frames (`app/router.tsx`);
 * they live here so that rooms need not know the app.
 */
import { createRootRouteWithContext, createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import type { AsyncRouteComponent } from '@tanstack/react-router'
import type { QueryClient } from '@tanstack/react-query'
import { loadMessages } from './i18n/store.ts'
import { installationQuery, sessionQuery } from './session.ts'

/** What route loaders are given. */
export interface RouteContext {
  queryClient: QueryClient
}

/** Parent of pages without the shell: sign-in, set-up, invitations. */
export const rootRoute = createRootRouteWithContext<RouteContext>()()

/** Parent of every page for signed-in people: sidebar, palette, banners. Sends others to sign in, and back after it. */
export const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  beforeLoad: async ({ context, location }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery)
    if (session !== null) {
      // Without an organization there is nothing to show but the choice of one, and oneself.
      if (session.organization === null && !WITHOUT_ORGANIZATION.has(location.pathname))
        throw redirect({ href: '/organizations' })
      return
    }
    const { needsSetup } = await context.queryClient.ensureQueryData(installationQuery)
    throw redirect({ href: needsSetup ? '/setup' : signInHref(location.href) })
  },
})

const WITHOUT_ORGANIZATION: ReadonlySet<string> = new Set(['/organizations', '/account'])

/** The address of the sign-in page that leads back to `from`. */
export function signInHref(from: string): string {
  return from === '/' ? '/login' : `/login?from=${encodeURIComponent(from)}`
}

/**
 * Makes lazily loaded pages of a room: code and messages arrive together, and before the page is shown.
 *
 *     const page = pages('campaigns', 'segments')          // rooms whose texts its pages use, its own first
 *     component: page(() => import('./CampaignList.tsx'), 'CampaignList')
 */
export function pages(...rooms: readonly string[]) {
  return <Module extends object>(
    load: () => Promise<Module>,
    name: keyof Module & string,
  ): AsyncRouteComponent<object> =>
    // The generic of lazyRouteComponent would pull every page's type into the route tree, which they refer to.
    lazyRouteComponent(
      () => Promise.all([load(), loadMessages(...rooms)]).then(([module]) => module as Record<string, never>),
      name,
    )
}
