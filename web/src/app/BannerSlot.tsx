import { lazy, Suspense } from 'react'
import { useTranslations } from 'use-intl'
import { useSession } from '../platform/session.ts'
import { Banner } from '../ui/Banner.tsx'

// Where mail goes is asked while there is no mail server, and by nobody else.
const MailStays = lazy(() => import('./MailStays.tsx').then((module) => ({ default: module.MailStays })))

/** Sentences above every page: what holds for the whole installation or organization. */
export function BannerSlot() {
  const t = useTranslations('app.banners')
  const { installation, organization } = useSession()
  return (
    <div className="grid gap-2 px-4 pt-3 empty:hidden md:px-6">
      {organization?.isSample && <Banner>{t('sample')}</Banner>}
      {installation.mailStaysHere && organization !== null && !organization.isSample && (
        <Suspense fallback={null}>
          <MailStays />
        </Suspense>
      )}
    </div>
  )
}
