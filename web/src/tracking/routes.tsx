/** The pages of the room tracking, and what it offers in the palette. */
import { createRoute } from '@tanstack/react-router'
import { Activity, RadioTower } from 'lucide-react'
import type { Command } from '../platform/commands.ts'
import { pages, shellRoute } from '../platform/routing.tsx'

// The sources stand in the frame of the team's settings.
const page = pages('tracking', 'team')

/** What the dictionary shows; it lives in the address. */
export interface EventSearch {
  q?: string
}

const sources = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings/sources',
  component: page(() => import('./SourcesPage.tsx'), 'SourcesPage'),
})

const events = createRoute({
  getParentRoute: () => shellRoute,
  path: '/audience/events',
  validateSearch: (search): EventSearch =>
    typeof search['q'] === 'string' && search['q'] !== '' ? { q: search['q'] } : {},
  component: page(() => import('./EventList.tsx'), 'EventList'),
})

const event = createRoute({
  getParentRoute: () => shellRoute,
  path: '/audience/events/$type',
  component: page(() => import('./EventPage.tsx'), 'EventPage'),
})

/** Pages inside the shell; see web/README.md. */
export const routes = [sources, events, event] as const

/** Actions and places for the palette and single keys. */
export const commands: readonly Command[] = [
  {
    id: 'tracking.sources',
    kind: 'place',
    text: 'tracking.commands.sources',
    icon: RadioTower,
    href: '/settings/sources',
    permission: 'tracking.read',
  },
  {
    id: 'tracking.events',
    kind: 'place',
    text: 'tracking.commands.events',
    icon: Activity,
    href: '/audience/events',
    permission: 'tracking.read',
  },
]
