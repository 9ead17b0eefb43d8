import { ChevronsUpDown } from 'lucide-react'
import { Button } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { switchOrganization, useSession } from '../platform/session.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { Menu } from '../ui/Menu.tsx'

/** The organization at the top of the sidebar; a menu for those who work in several. */
export function OrganizationSwitcher() {
  const t = useTranslations('app.organization')
  const { organization, organizations } = useSession()
  const name = organization?.name ?? 'Fanfare'
  const face = (
    <>
      <Avatar name={name} shape="square" size="sm" />
      <span className="min-w-0 flex-1 truncate text-left font-semibold">{name}</span>
    </>
  )
  if (organizations.length < 2) return <p className="flex h-9 items-center gap-2.5 px-2">{face}</p>
  return (
    <Menu
      label={t('switch')}
      trigger={
        <Button className="flex h-9 items-center gap-2.5 rounded-md px-2 hover:bg-soft">
          {face}
          <span className="sr-only">{t('switch')}</span>
          <ChevronsUpDown aria-hidden className="size-4 text-muted" />
        </Button>
      }
      entries={organizations.map((other) => ({
        id: other.id,
        label: other.name,
        isSelected: other.id === organization?.id,
        onAction: () => void switchOrganization(other.id),
      }))}
    />
  )
}
