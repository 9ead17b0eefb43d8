/** The pages of the room campaigns, and what it offers in the palette. */
import { createRoute } from '@tanstack/react-router'
import { Plus, Send } from 'lucide-react'
import { registerContactPanel } from '../contacts/panels.ts'
import type { Command, CommandSource } from '../platform/commands.ts'
import { pages, shellRoute } from '../platform/routing.tsx'
import type { CampaignStatus } from './api.ts'

const page = pages('campaigns', 'content', 'segments', 'delivery')

registerContactPanel({
  id: 'messages',
  order: 20,
  texts: ['campaigns'],
  load: () => import('./profile/MessagesPanel.tsx').then((module) => module.MessagesPanel),
})

registerContactPanel({
  id: 'why',
  order: 25,
  texts: ['campaigns'],
  load: () => import('./profile/WhyPanel.tsx').then((module) => module.WhyPanel),
})

/** Filters of the list; they live in the address. */
export interface CampaignSearch {
  q?: string
  status?: CampaignStatus
  show?: 'archived' | 'deleted'
  type?: 'scheduled' | 'triggered'
  sort?: 'createdAt' | '-createdAt' | 'scheduledAt' | '-scheduledAt' | 'name' | '-name'
  /** Opens the dialog that names a new campaign. */
  new?: true
}

const SORTS = ['createdAt', '-createdAt', 'scheduledAt', '-scheduledAt', 'name', '-name'] as const
const STATUSES = [
  'draft',
  'scheduled',
  'active',
  'running',
  'paused',
  'completed',
  'cancelled',
  'failed',
] as const

const list = createRoute({
  getParentRoute: () => shellRoute,
  path: '/campaigns',
  validateSearch: (search): CampaignSearch => {
    const status = STATUSES.find((known) => known === search['status'])
    const sort = SORTS.find((known) => known === search['sort'])
    const show = search['show'] === 'archived' || search['show'] === 'deleted' ? search['show'] : undefined
    const type = search['type'] === 'scheduled' || search['type'] === 'triggered' ? search['type'] : undefined
    return {
      ...(type === undefined ? {} : { type }),
      ...(typeof search['q'] === 'string' && search['q'] !== '' ? { q: search['q'] } : {}),
      ...(status === undefined ? {} : { status }),
      ...(sort === undefined ? {} : { sort }),
      ...(show === undefined ? {} : { show }),
      ...(search['new'] === true ? { new: true as const } : {}),
    }
  },
  component: page(() => import('./CampaignList.tsx'), 'CampaignList'),
})

/** Parts of a campaign's page beside its report. */
const VIEWS = ['desk', 'test', 'plan'] as const

const WALL_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/

const one = createRoute({
  getParentRoute: () => shellRoute,
  path: '/campaigns/$id',
  validateSearch: (search): { view?: (typeof VIEWS)[number]; at?: string; run?: string } => {
    const view = VIEWS.find((known) => known === search['view'])
    return {
      ...(view === undefined ? {} : { view }),
      // One run of it, instead of all.
      ...(typeof search['run'] === 'string' ? { run: search['run'] } : {}),
      // A wall time that was advised: filled in where a draft is planned.
      ...(typeof search['at'] === 'string' && WALL_TIME.test(search['at']) ? { at: search['at'] } : {}),
    }
  },
  component: page(() => import('./CampaignPage.tsx'), 'CampaignPage'),
})

/** Pages inside the shell; see web/README.md. */
export const routes = [list, one] as const

/** Actions and places for the palette and single keys. */
export const commands: readonly Command[] = [
  {
    id: 'campaigns.new',
    kind: 'action',
    text: 'campaigns.commands.new',
    icon: Plus,
    href: '/campaigns?new=true',
    shortcut: 'c',
    permission: 'campaigns.write',
  },
]

/** Things found by typing in the palette. */
export const sources: readonly CommandSource[] = [
  {
    id: 'campaigns',
    heading: 'campaigns.title',
    icon: Send,
    permission: 'campaigns.read',
    search: async (text, signal) => {
      // Loaded with the palette's first search: the shell does without the room's client.
      const { findCampaigns } = await import('./api.ts')
      const { items } = await findCampaigns(text, signal)
      return items.map(({ id, name }) => ({ id, label: name, href: `/campaigns/${id}` }))
    },
  },
]
