import { useLocation, useRouter } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { HrefLink } from '../../ui/Link.tsx'
import { Page } from '../../ui/Page.tsx'

/** The parts of the settings, in order; one whose page is not in this build is left out. */
const PARTS = [
  { id: 'organization', href: '/settings' },
  { id: 'members', href: '/settings/members' },
  { id: 'sending', href: '/settings/sending' },
  { id: 'keys', href: '/settings/api-keys' },
  { id: 'audit', href: '/settings/audit' },
  { id: 'account', href: '/account' },
] as const

/** The frame of every page of the settings: what else there is, then the page. */
export function SettingsFrame({
  title,
  subtitle,
  actions,
  width = 'full',
  children,
}: {
  title: string
  subtitle?: ReactNode
  actions?: ReactNode
  width?: 'full' | 'narrow'
  children: ReactNode
}) {
  const t = useTranslations('team.settings')
  const { routesByPath } = useRouter()
  const { pathname } = useLocation()
  return (
    <>
      <nav aria-label={t('nav')} className="mb-5 flex gap-5 overflow-x-auto border-b border-line">
        {PARTS.filter(({ href }) => href in routesByPath).map(({ id, href }) => (
          <span
            key={id}
            className={`-mb-px flex h-9 shrink-0 items-center border-b-2 ${pathname === href ? 'border-accent' : 'border-transparent text-muted'}`}
          >
            <HrefLink href={href} tone="text" isCurrent={pathname === href}>
              {t(id)}
            </HrefLink>
          </span>
        ))}
      </nav>
      <Page
        title={title}
        width={width}
        {...(subtitle === undefined ? {} : { subtitle })}
        {...(actions === undefined ? {} : { actions })}
      >
        {children}
      </Page>
    </>
  )
}
