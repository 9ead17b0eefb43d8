import type { LucideIcon } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { useSession } from '../platform/session.ts'
import type { Permission } from '../platform/session.ts'
import { commands, sources } from './rooms.ts'
import { places } from './navigation.ts'

/** One row of the palette. */
export interface PaletteEntry {
  id: string
  label: string
  icon: LucideIcon
  href: string
  keys?: string
}

/** Actions and places that this person may use, in their language. */
export function usePaletteEntries() {
  const t = useTranslations('app.navigation')
  // Commands name their texts by full keys, which their rooms' own tests check.
  const translate = useTranslations() as (key: string) => string
  const { can } = useSession()
  const offered = commands
    .filter(({ permission }) => permission === undefined || can(permission))
    .map(({ id, text: key, icon, href, shortcut, kind }) => ({
      id,
      label: translate(key),
      icon,
      href,
      kind,
      ...(shortcut === undefined ? {} : { keys: shortcut }),
    }))
  const entries: { actions: PaletteEntry[]; places: PaletteEntry[] } = {
    actions: offered.filter(({ kind }) => kind === 'action'),
    places: [
      ...places.map(({ id, href, icon, keys }) => ({ id, href, icon, keys, label: t(id) })),
      ...offered.filter(({ kind }) => kind === 'place'),
    ],
  }
  return { ...entries, translate }
}

/** Things found by typing, grouped by their room; a room that fails is left out. */
export async function findEntries(
  text: string,
  can: (permission: Permission) => boolean,
  signal: AbortSignal,
) {
  const asked = sources.filter(({ permission }) => permission === undefined || can(permission))
  const groups = await Promise.all(
    asked.map(async ({ id, heading, icon, search }) => {
      const found = await search(text.trim(), signal).catch(() => [])
      return { id, heading, entries: found.map((item) => ({ ...item, icon })) }
    }),
  )
  return groups.filter(({ entries }) => entries.length > 0)
}
