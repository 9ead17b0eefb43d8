/** The pages of the room analytics, its parts of a contact's profile, and what it offers in the palette. */
import { createRoute } from '@tanstack/react-router'
import { Grid3x3 } from 'lucide-react'
import { registerContactPanel } from '../contacts/panels.ts'
import type { Command } from '../platform/commands.ts'
import { pages, shellRoute } from '../platform/routing.tsx'
import { CLASSES, type RfmClass } from './classes.ts'

const page = pages('analytics')

registerContactPanel({
  id: 'figures',
  order: 1,
  texts: ['analytics'],
  load: () => import('./FiguresPanel.tsx').then((module) => module.FiguresPanel),
})

registerContactPanel({
  id: 'history',
  order: 90,
  texts: ['analytics'],
  load: () => import('./HistoryPanel.tsx').then((module) => module.HistoryPanel),
})

/** The people shown beside the grid; they live in the address. */
export interface BuyersSearch {
  class?: RfmClass
  recency?: number
  value?: number
}

const fifthOf = (value: unknown): number | undefined =>
  [1, 2, 3, 4, 5].find((fifth) => String(fifth) === String(value))

const buyers = createRoute({
  getParentRoute: () => shellRoute,
  path: '/audience/buyers',
  validateSearch: (search): BuyersSearch => {
    const name = CLASSES.find((known) => known === search['class'])
    const [recency, value] = [fifthOf(search['recency']), fifthOf(search['value'])]
    if (name !== undefined) return { class: name }
    return recency !== undefined && value !== undefined ? { recency, value } : {}
  },
  component: page(() => import('./BuyersPage.tsx'), 'BuyersPage'),
})

/** Pages inside the shell; see web/README.md. */
export const routes = [buyers] as const

/** Places for the palette. */
export const commands: readonly Command[] = [
  {
    id: 'analytics.buyers',
    kind: 'place',
    text: 'analytics.commands.buyers',
    icon: Grid3x3,
    href: '/audience/buyers',
  },
]
