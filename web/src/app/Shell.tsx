import { Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslations } from 'use-intl'
import { switchLanguage } from '../platform/i18n/store.ts'
import { showTimesIn } from '../platform/i18n/zone.ts'
import { signInHref } from '../platform/routing.tsx'
import { sessionQuery } from '../platform/session.ts'
import type { Session } from '../platform/session.ts'
import { Announcer } from './Announcer.tsx'
import { BannerSlot } from './BannerSlot.tsx'
import { MobileBar } from './MobileBar.tsx'
import { PaletteLoader } from './PaletteLoader.tsx'
import { ShellShortcuts } from './ShellShortcuts.tsx'
import { Sidebar } from './Sidebar.tsx'

/** The frame of every page for signed-in people. */
export function Shell() {
  const { data: session } = useQuery(sessionQuery)
  const { href } = useLocation()
  const navigate = useNavigate()
  const hasEnded = session === null
  useEffect(() => {
    if (hasEnded) void navigate({ href: signInHref(href), replace: true })
  }, [hasEnded, href, navigate])
  if (!session) return null
  return <Frame session={session} />
}

function Frame({ session }: { session: Session }) {
  const t = useTranslations('app')
  const [isPaletteOpen, setPaletteOpen] = useState(false)
  const timeZone = session.organization?.timeZone
  const { locale } = session.person
  useEffect(() => {
    if (timeZone !== undefined) showTimesIn(timeZone)
  }, [timeZone])
  // The language of the account holds on every machine on which it signs in.
  useEffect(() => void switchLanguage(locale), [locale])
  const openPalette = () => setPaletteOpen(true)

  return (
    <div className="flex min-h-dvh flex-col md:flex-row">
      <a
        href="#content"
        className="sr-only z-50 rounded-md bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
      >
        {t('skip')}
      </a>
      <MobileBar onSearch={openPalette} />
      <aside className="sticky top-0 hidden h-dvh w-[220px] shrink-0 border-r border-line md:block">
        <Sidebar onSearch={openPalette} />
      </aside>
      <div className="flex min-w-0 flex-1 flex-col">
        <BannerSlot />
        <main id="content" tabIndex={-1} className="min-w-0 flex-1 px-4 py-5 outline-none md:px-6">
          <Outlet />
        </main>
      </div>
      <Announcer />
      <ShellShortcuts onPalette={openPalette} />
      <PaletteLoader isOpen={isPaletteOpen} onOpenChange={setPaletteOpen} />
    </div>
  )
}
