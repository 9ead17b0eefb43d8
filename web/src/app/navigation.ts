import { useRouter } from '@tanstack/react-router'
import {
  ChartNoAxesColumn,
  FileText,
  House,
  Inbox,
  Send,
  Settings,
  ShieldCheck,
  Upload,
  UserRound,
  UsersRound,
} from 'lucide-react'
import type { LucideIcon } from 'lucide-react'

/** One noun of the sidebar. */
export interface Place {
  id:
    | 'home'
    | 'campaigns'
    | 'contacts'
    | 'segments'
    | 'imports'
    | 'content'
    | 'analytics'
    | 'privacy'
    | 'mailbox'
    | 'settings'
  href: string
  icon: LucideIcon
  /** Two keys that lead there. */
  keys: string
  /** Stands indented under this noun. */
  group?: 'audience'
}

/** The sidebar, from top to bottom. */
export const places: readonly Place[] = [
  { id: 'home', href: '/', icon: House, keys: 'g h' },
  { id: 'campaigns', href: '/campaigns', icon: Send, keys: 'g c' },
  { id: 'contacts', href: '/audience/contacts', icon: UserRound, keys: 'g a', group: 'audience' },
  { id: 'segments', href: '/audience/segments', icon: UsersRound, keys: 'g s', group: 'audience' },
  { id: 'imports', href: '/audience/imports', icon: Upload, keys: 'g i', group: 'audience' },
  { id: 'content', href: '/content', icon: FileText, keys: 'g t' },
  { id: 'analytics', href: '/analytics', icon: ChartNoAxesColumn, keys: 'g n' },
  { id: 'privacy', href: '/privacy', icon: ShieldCheck, keys: 'g p' },
  { id: 'mailbox', href: '/mailbox', icon: Inbox, keys: 'g m' },
  { id: 'settings', href: '/settings', icon: Settings, keys: 'g e' },
]

/** Places whose pages exist in this build. */
export function usePlaces(): readonly Place[] {
  const { routesByPath } = useRouter()
  return places.filter((place) => place.href in routesByPath)
}
