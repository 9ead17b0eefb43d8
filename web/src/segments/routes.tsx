/** The pages of the room segments, and what it offers in the palette. */
import { createRoute } from '@tanstack/react-router'
import { Plus, UsersRound } from 'lucide-react'
import { registerContactPanel } from '../contacts/panels.ts'
import type { Command, CommandSource } from '../platform/commands.ts'
import { pages, shellRoute } from '../platform/routing.tsx'
import { findSegments } from './api.ts'

const page = pages('segments')

registerContactPanel({
  id: 'segments',
  order: 15,
  texts: ['segments'],
  load: () => import('./PersonSegments.tsx').then((module) => module.PersonSegments),
})

/** Filters of the list; they live in the address. */
export interface SegmentSearch {
  q?: string
  kind?: 'dynamic' | 'static'
  show?: 'deleted'
  sort?: 'name'
}

const list = createRoute({
  getParentRoute: () => shellRoute,
  path: '/audience/segments',
  validateSearch: (search): SegmentSearch => ({
    ...(typeof search['q'] === 'string' && search['q'] !== '' ? { q: search['q'] } : {}),
    ...(search['kind'] === 'dynamic' || search['kind'] === 'static' ? { kind: search['kind'] } : {}),
    ...(search['show'] === 'deleted' ? { show: 'deleted' as const } : {}),
    ...(search['sort'] === 'name' ? { sort: 'name' as const } : {}),
  }),
  component: page(() => import('./SegmentList.tsx'), 'SegmentList'),
})

const create = createRoute({
  getParentRoute: () => shellRoute,
  path: '/audience/segments/new',
  /** The starter to begin with. */
  validateSearch: (search): { start?: string } =>
    typeof search['start'] === 'string' ? { start: search['start'] } : {},
  component: page(() => import('./NewSegment.tsx'), 'NewSegment'),
})

const compare = createRoute({
  getParentRoute: () => shellRoute,
  path: '/audience/segments/compare',
  /** The segments compared. */
  validateSearch: (search): { ids?: string[] } =>
    Array.isArray(search['ids']) ? { ids: search['ids'].filter((id) => typeof id === 'string') } : {},
  component: page(() => import('./ComparePage.tsx'), 'ComparePage'),
})

const one = createRoute({
  getParentRoute: () => shellRoute,
  path: '/audience/segments/$id',
  component: page(() => import('./SegmentPage.tsx'), 'SegmentPage'),
})

/** Pages inside the shell; see web/README.md. */
export const routes = [list, create, compare, one] as const

/** Actions and places for the palette and single keys. */
export const commands: readonly Command[] = [
  {
    id: 'segments.new',
    kind: 'action',
    text: 'segments.commands.new',
    icon: Plus,
    href: '/audience/segments/new',
    permission: 'segments.write',
  },
]

/** Things found by typing in the palette. */
export const sources: readonly CommandSource[] = [
  {
    id: 'segments',
    heading: 'segments.title',
    icon: UsersRound,
    permission: 'segments.read',
    search: async (text, signal) =>
      (await findSegments(text, signal)).items.map(({ id, name }) => ({
        id,
        label: name,
        href: `/audience/segments/${id}`,
      })),
  },
]
