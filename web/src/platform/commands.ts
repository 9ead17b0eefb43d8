/** What rooms offer in the command palette (Ctrl K) and by single keys. */
import type { LucideIcon } from 'lucide-react'
import type { Permission } from './session.ts'

/** One action or place. */
export interface Command {
  id: string
  /** Full message key: `campaigns.commands.new`. */
  text: string
  icon: LucideIcon
  /** Actions do, places lead somewhere; the palette shows them apart. */
  kind: 'action' | 'place'
  /** A path: `/campaigns/new`. */
  href: string
  /** A key (`c`) or two after one another (`g c`). */
  shortcut?: string
  /** Left out for those who do not hold it. */
  permission?: Permission
}

/** Things of a room found by typing in the palette: campaigns, contacts, segments by name. */
export interface CommandSource {
  id: string
  /** Full message key of its heading: `campaigns.title`. */
  heading: string
  icon: LucideIcon
  permission?: Permission
  /** At most five; called as one types, with at least two letters. */
  search: (
    text: string,
    signal: AbortSignal,
  ) => Promise<readonly { id: string; label: string; href: string }[]>
}
