/** The pages of the room delivery, and what it offers in the palette. */
import { createRoute } from '@tanstack/react-router'
import { Clock, Inbox, MailCheck } from 'lucide-react'
import type { Command } from '../platform/commands.ts'
import { pages, shellRoute } from '../platform/routing.tsx'

// The settings stand in the frame of the team's.
const page = pages('delivery', 'team')

/** What the mailbox shows; it lives in the address. */
export interface MailboxSearch {
  q?: string
  runId?: string
}

const mailbox = createRoute({
  getParentRoute: () => shellRoute,
  path: '/mailbox',
  validateSearch: (search): MailboxSearch => ({
    ...(typeof search['q'] === 'string' && search['q'] !== '' ? { q: search['q'] } : {}),
    ...(typeof search['runId'] === 'string' ? { runId: search['runId'] } : {}),
  }),
  component: page(() => import('./MailboxPage.tsx'), 'MailboxPage'),
})

const mail = createRoute({
  getParentRoute: () => shellRoute,
  path: '/mailbox/$id',
  component: page(() => import('./MailPage.tsx'), 'MailPage'),
})

const sending = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings/sending',
  component: page(() => import('./SendingPage.tsx'), 'SendingPage'),
})

const hours = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings/hours',
  component: page(() => import('./HoursPage.tsx'), 'HoursPage'),
})

/** Pages inside the shell; see web/README.md. */
export const routes = [mailbox, mail, sending, hours] as const

/** Actions and places for the palette and single keys. */
export const commands: readonly Command[] = [
  {
    id: 'delivery.mailbox',
    kind: 'place',
    text: 'delivery.commands.mailbox',
    icon: Inbox,
    href: '/mailbox',
    permission: 'mailbox.read',
  },
  {
    id: 'delivery.sending',
    kind: 'place',
    text: 'delivery.commands.sending',
    icon: MailCheck,
    href: '/settings/sending',
    permission: 'delivery.read',
  },
  {
    id: 'delivery.hours',
    kind: 'place',
    text: 'delivery.commands.hours',
    icon: Clock,
    href: '/settings/hours',
    permission: 'delivery.read',
  },
]
