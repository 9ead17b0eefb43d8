import { Link } from '@tanstack/react-router'
import { Search } from 'lucide-react'
import { lazy, Suspense } from 'react'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { useSession } from '../platform/session.ts'
import { cx } from '../ui/cx.ts'
import { OrganizationFace, PersonFace } from './Faces.tsx'
import { places } from './navigation.ts'
import type { Place } from './navigation.ts'

// Menus come after the first paint, in place of faces that look the same: −25 kB gz before anything is shown.
const AccountMenu = lazy(() =>
  import('./AccountMenu.tsx').then((module) => ({ default: module.AccountMenu })),
)
const OrganizationSwitcher = lazy(() =>
  import('./OrganizationSwitcher.tsx').then((module) => ({ default: module.OrganizationSwitcher })),
)

/** The column of nouns; on a telephone the content of a sheet. */
export function Sidebar({ onSearch, onNavigate }: { onSearch: () => void; onNavigate?: () => void }) {
  const t = useTranslations('app')
  const { organizations } = useSession()
  return (
    <div className="flex h-full flex-col gap-3 p-3">
      {organizations.length < 2 ? (
        <Row>
          <OrganizationFace />
        </Row>
      ) : (
        <Suspense
          fallback={
            <Row>
              <OrganizationFace />
            </Row>
          }
        >
          <OrganizationSwitcher />
        </Suspense>
      )}
      <button
        type="button"
        onClick={onSearch}
        className="flex h-8 items-center gap-2.5 rounded-md border border-line bg-panel px-2.5 text-muted hover:border-edge hover:text-text"
      >
        <Search aria-hidden className="size-4" />
        <span className="min-w-0 flex-1 truncate text-left">{t('palette.button')}</span>
        <kbd className="font-sans text-xs">Ctrl K</kbd>
      </button>
      <nav aria-label={t('navigation.label')} className="min-h-0 flex-1 overflow-y-auto">
        <ul className="grid gap-0.5">
          {places.map((place, index) => (
            <li key={place.id}>
              {place.group !== undefined && places[index - 1]?.group !== place.group && (
                <p className="px-2.5 pt-2.5 pb-1 text-sm text-muted">{t(`navigation.${place.group}`)}</p>
              )}
              <PlaceLink
                place={place}
                isLast={place.group !== undefined && places[index + 1]?.group !== place.group}
                {...(onNavigate ? { onNavigate } : {})}
              />
            </li>
          ))}
        </ul>
      </nav>
      <Suspense
        fallback={
          <Row>
            <PersonFace />
          </Row>
        }
      >
        <AccountMenu />
      </Suspense>
    </div>
  )
}

/** Faces grow along their row; straight in the column they would grow downwards. */
function Row({ children }: { children: ReactNode }) {
  return <p className="flex">{children}</p>
}

function PlaceLink({
  place,
  isLast,
  onNavigate,
}: {
  place: Place
  isLast: boolean
  onNavigate?: () => void
}) {
  const t = useTranslations('app.navigation')
  const Icon = place.icon
  return (
    <Link
      to={place.href}
      activeOptions={{ exact: place.href === '/' }}
      activeProps={{ className: 'bg-soft font-medium text-text' }}
      inactiveProps={{ className: 'text-muted' }}
      onClick={onNavigate}
      className={cx(
        'flex h-8 items-center gap-2.5 rounded-md px-2.5 transition-colors hover:bg-soft hover:text-text',
        isLast && 'mb-2.5',
      )}
    >
      <Icon aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />
      {t(place.id)}
    </Link>
  )
}
