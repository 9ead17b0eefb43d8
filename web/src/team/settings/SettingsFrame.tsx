import { useLocation, useRouter } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { LinkTabs } from '../../ui/LinkTabs.tsx'
import { Page } from '../../ui/Page.tsx'

/** The parts of the settings, in order; one whose page is not in this build is left out. */
const PARTS = [
  { id: 'organization', href: '/settings' },
  { id: 'members', href: '/settings/members' },
  { id: 'sending', href: '/settings/sending' },
  { id: 'hours', href: '/settings/hours' },
  { id: 'prices', href: '/settings/prices' },
  { id: 'sources', href: '/settings/sources' },
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
      <LinkTabs
        label={t('nav')}
        items={PARTS.filter(({ href }) => href in routesByPath).map(({ id, href }) => ({
          href,
          label: t(id),
          isCurrent: pathname === href,
        }))}
      />
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
