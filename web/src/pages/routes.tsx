/** The pages of the room pages, and what it offers in the palette. */
import { createRoute } from '@tanstack/react-router'
import type { Command } from '../platform/commands.ts'
import { pages, shellRoute } from '../platform/routing.tsx'

const page = pages('pages', 'consent')

/** Parts of a form's page beside its editor. */
const VIEWS = ['embed', 'submissions', 'versions'] as const

/** What a form's page shows; it lives in the address. */
export interface FormSearch {
  view?: (typeof VIEWS)[number]
}

const list = createRoute({
  getParentRoute: () => shellRoute,
  path: '/forms',
  component: page(() => import('./FormList.tsx'), 'FormList'),
})

const one = createRoute({
  getParentRoute: () => shellRoute,
  path: '/forms/$id',
  validateSearch: (search): FormSearch => {
    const view = VIEWS.find((known) => known === search['view'])
    return view === undefined ? {} : { view }
  },
  component: page(() => import('./FormPage.tsx'), 'FormPage'),
})

/** Pages inside the shell; see web/README.md. */
export const routes = [list, one] as const

/** Actions and places for the palette and single keys. */
export const commands: readonly Command[] = []
