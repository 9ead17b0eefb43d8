import type { ReactNode } from 'react'
import { useSession } from '../platform/session.ts'
import { Avatar } from '../ui/Avatar.tsx'

/** The organization as the sidebar shows it; `after` is the sign of a menu. */
export function OrganizationFace({ after }: { after?: ReactNode }) {
  const { organization } = useSession()
  const name = organization?.name ?? 'Fanfare'
  return (
    <span className="flex h-9 min-w-0 flex-1 items-center gap-2.5 px-2">
      <Avatar name={name} shape="square" size="sm" />
      <span className="min-w-0 flex-1 truncate text-left font-semibold">{name}</span>
      {after}
    </span>
  )
}

/** The person as the sidebar shows them. */
export function PersonFace() {
  const { person } = useSession()
  return (
    <span className="flex h-10 min-w-0 flex-1 items-center gap-2.5 px-2 text-left">
      <Avatar name={person.name} size="sm" />
      <span className="min-w-0 flex-1 truncate">{person.name}</span>
    </span>
  )
}
