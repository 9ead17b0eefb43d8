/** All rooms that have pages, and the only list of them. */
import * as analytics from '../analytics/routes.tsx'
import * as campaigns from '../campaigns/routes.tsx'
import * as consent from '../consent/routes.tsx'
import * as contacts from '../contacts/routes.tsx'
import * as content from '../content/routes.tsx'
import * as delivery from '../delivery/routes.tsx'
import * as pages from '../pages/routes.tsx'
import * as reports from '../reports/routes.tsx'
import * as segments from '../segments/routes.tsx'
import type { Command, CommandSource } from '../platform/commands.ts'
import { loadMessages } from '../platform/i18n/store.ts'
import * as team from '../team/routes.tsx'
import * as tracking from '../tracking/routes.tsx'

interface RoomOffer {
  commands?: readonly Command[]
  sources?: readonly CommandSource[]
}

const rooms: readonly RoomOffer[] = [
  analytics,
  campaigns,
  contacts,
  segments,
  content,
  consent,
  delivery,
  reports,
  team,
  tracking,
]

/** Pages without the shell. */
export const publicRoutes = team.publicRoutes

/** Pages inside the shell. */
export const shellRoutes = [
  ...analytics.routes,
  ...campaigns.routes,
  ...contacts.routes,
  ...segments.routes,
  ...content.routes,
  ...consent.routes,
  ...pages.routes,
  ...delivery.routes,
  ...reports.routes,
  ...team.routes,
  ...tracking.routes,
] as const

/** What rooms offer in the palette. */
export const commands = rooms.flatMap((room) => room.commands ?? [])

/** What rooms find by typing in the palette. */
export const sources = rooms.flatMap((room) => room.sources ?? [])

/** Loads the words of all commands, for the palette and the help. */
export function loadCommandTexts(): Promise<void> {
  const keys = [...commands.map(({ text }) => text), ...sources.map(({ heading }) => heading)]
  return loadMessages(...new Set(keys.map((key) => key.split('.')[0] ?? '')))
}
