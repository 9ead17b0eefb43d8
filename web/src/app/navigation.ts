import type { LinkProps } from '@tanstack/react-router'
import {
  Activity,
  ChartLine,
  ClipboardList,
  FileText,
  Grid3x3,
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
    | 'buyers'
    | 'events'
    | 'imports'
    | 'content'
    | 'forms'
    | 'reports'
    | 'privacy'
    | 'mailbox'
    | 'settings'
  /** An address of the route tree; another one does not compile. */
  href: NonNullable<LinkProps['to']>
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
  { id: 'buyers', href: '/audience/buyers', icon: Grid3x3, keys: 'g b', group: 'audience' },
  { id: 'events', href: '/audience/events', icon: Activity, keys: 'g v', group: 'audience' },
  { id: 'imports', href: '/audience/imports', icon: Upload, keys: 'g i', group: 'audience' },
  { id: 'content', href: '/content', icon: FileText, keys: 'g t' },
  { id: 'forms', href: '/forms', icon: ClipboardList, keys: 'g f' },
  { id: 'reports', href: '/reports', icon: ChartLine, keys: 'g r' },
  { id: 'privacy', href: '/privacy', icon: ShieldCheck, keys: 'g p' },
  { id: 'mailbox', href: '/mailbox', icon: Inbox, keys: 'g m' },
  { id: 'settings', href: '/settings', icon: Settings, keys: 'g e' },
]
