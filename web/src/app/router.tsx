import { createRoute, createRouter } from '@tanstack/react-router'
import { queryClient } from '../platform/query.ts'
import { pages, rootRoute, shellRoute } from '../platform/routing.tsx'
import { NotFound } from './NotFound.tsx'
import { publicRoutes, shellRoutes } from './rooms.ts'
import { RouteError } from './RouteError.tsx'
import { Shell } from './Shell.tsx'

const page = pages('app')

const homeRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/',
  component: page(() => import('./home/Home.tsx'), 'Home'),
})

/** A gallery of the kit, to look at while working on it; left out of builds. */
const kitRoutes = import.meta.env.DEV
  ? [
      createRoute({
        getParentRoute: () => rootRoute,
        path: '/kit',
        component: page(() => import('./kit/Kit.tsx'), 'Kit'),
      }),
    ]
  : []

const routeTree = rootRoute.addChildren([
  shellRoute.update({ component: Shell }).addChildren([homeRoute, ...shellRoutes]),
  ...publicRoutes,
  ...kitRoutes,
])

/** The router of the whole application. */
export const router = createRouter({
  routeTree,
  context: { queryClient },
  defaultPreload: 'intent',
  // Freshness is the query cache's business.
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
  defaultErrorComponent: RouteError,
  defaultNotFoundComponent: NotFound,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
