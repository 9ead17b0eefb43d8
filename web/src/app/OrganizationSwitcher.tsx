import { ChevronsUpDown } from 'lucide-react'
import { Button } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { switchOrganization, useSession } from '../platform/session.ts'
import { Menu } from '../ui/Menu.tsx'
import { OrganizationFace } from './Faces.tsx'

/** The menu of those who work in several organizations. */
export function OrganizationSwitcher() {
  const t = useTranslations('app.organization')
  const { organization, organizations } = useSession()
  return (
    <Menu
      label={t('switch')}
      trigger={
        <Button className="flex rounded-md hover:bg-soft">
          <OrganizationFace
            after={
              <>
                <span className="sr-only">{t('switch')}</span>
                <ChevronsUpDown aria-hidden className="size-4 text-muted" />
              </>
            }
          />
        </Button>
      }
      entries={[
        ...organizations.map((other) => ({
          id: other.id,
          label: other.name,
          isSelected: other.id === organization?.id,
          onAction: () => void switchOrganization(other.id),
        })),
        'separator' as const,
        { id: 'all', label: t('all'), href: '/organizations' },
      ]}
    />
  )
}
