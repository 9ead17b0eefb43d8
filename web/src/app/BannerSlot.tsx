import { Suspense } from 'react'
import { useTranslations } from 'use-intl'
import { useSession } from '../platform/session.ts'
import { Banner } from '../ui/Banner.tsx'
import { HrefLink } from '../ui/Link.tsx'
import { banners } from './rooms.ts'

/** Sentences above every page: what holds for the whole installation, then what rooms contribute. */
export function BannerSlot() {
  const t = useTranslations('app.banners')
  const { installation, organization } = useSession()
  return (
    <div className="grid gap-2 px-4 pt-3 empty:hidden md:px-6">
      {organization?.isSample && <Banner>{t('sample')}</Banner>}
      {installation.mailStaysHere && organization?.isSample !== true && (
        <Banner>
          {t.rich('mailStaysHere', { link: (text) => <HrefLink href="/mailbox">{text}</HrefLink> })}
        </Banner>
      )}
      {banners.map((Contributed, index) => (
        <Suspense key={index} fallback={null}>
          <Contributed />
        </Suspense>
      ))}
    </div>
  )
}
