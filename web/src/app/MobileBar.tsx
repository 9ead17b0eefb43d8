import { Menu as MenuIcon, Search } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useSession } from '../platform/session.ts'
import { IconButton } from '../ui/IconButton.tsx'

const MobileNavigation = lazy(() =>
  import('./MobileNavigation.tsx').then((module) => ({ default: module.MobileNavigation })),
)

/** On narrow screens: the bar at the top, and the sidebar behind its button. */
export function MobileBar({ onSearch }: { onSearch: () => void }) {
  const t = useTranslations('app')
  const { organization } = useSession()
  const [isOpen, setOpen] = useState(false)
  return (
    <header className="sticky top-0 z-30 flex h-12 items-center gap-2 border-b border-line bg-ground px-2 md:hidden">
      <IconButton label={t('navigation.open')} onPress={() => setOpen(true)}>
        <MenuIcon aria-hidden />
      </IconButton>
      <p className="min-w-0 flex-1 truncate font-semibold">{organization?.name ?? 'Fanfare'}</p>
      <IconButton label={t('palette.open')} onPress={onSearch}>
        <Search aria-hidden />
      </IconButton>
      {isOpen && (
        <Suspense fallback={null}>
          <MobileNavigation onClose={() => setOpen(false)} onSearch={onSearch} />
        </Suspense>
      )}
    </header>
  )
}
