/** The pages of the room consent, and what it offers in the palette. */
import { createRoute } from '@tanstack/react-router'
import { registerContactPanel } from '../contacts/panels.ts'
import type { Command } from '../platform/commands.ts'
import { pages, shellRoute } from '../platform/routing.tsx'

const page = pages('consent')

registerContactPanel({
  id: 'consent',
  order: 10,
  texts: ['consent'],
  load: () => import('./ConsentPanel.tsx').then((module) => module.ConsentPanel),
})

/** Why an address may be on the suppression list, in the order of the filter. */
export const REASONS = [
  'unsubscribe',
  'complaint',
  'hard',
  'soft_repeat',
  'manual',
  'import',
  'erasure',
] as const

/** Words that somebody may have given, in the order of the filter. */
export const STATES = ['granted', 'denied', 'withdrawn', 'expired', 'pending'] as const

/** Parts of the page beside the suppression list. */
const VIEWS = ['ledger', 'requests', 'center', 'retention', 'log'] as const

/** What the page shows; it lives in the address. */
export interface PrivacySearch {
  view?: (typeof VIEWS)[number]
  address?: string
  channel?: 'email' | 'sms'
  reason?: (typeof REASONS)[number]
  state?: (typeof STATES)[number]
}

const privacy = createRoute({
  getParentRoute: () => shellRoute,
  path: '/privacy',
  validateSearch: (search): PrivacySearch => {
    const reason = REASONS.find((known) => known === search['reason'])
    const state = STATES.find((known) => known === search['state'])
    const channel = (['email', 'sms'] as const).find((known) => known === search['channel'])
    const view = VIEWS.find((known) => known === search['view'])
    const address = search['address']
    return {
      ...(view === undefined ? {} : { view }),
      ...(typeof address === 'string' && address !== '' ? { address } : {}),
      ...(channel === undefined ? {} : { channel }),
      ...(reason === undefined ? {} : { reason }),
      ...(state === undefined ? {} : { state }),
    }
  },
  component: page(() => import('./PrivacyPage.tsx'), 'PrivacyPage'),
})

/** Pages inside the shell; see web/README.md. */
export const routes = [privacy] as const

/** Actions and places for the palette and single keys. */
export const commands: readonly Command[] = []
