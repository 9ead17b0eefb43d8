import { useTranslations } from 'use-intl'
import { useOutlet } from '../delivery/api-outlet.ts'
import { useSession } from '../platform/session.ts'
import { Banner } from '../ui/Banner.tsx'
import { HrefLink } from '../ui/Link.tsx'

/** Sentences above every page: what holds for the whole installation or organization. */
export function BannerSlot() {
  const t = useTranslations('app.banners')
  const { installation, organization } = useSession()
  const mayStay = installation.mailStaysHere && organization !== null && !organization.isSample
  const outlet = useOutlet(mayStay)
  return (
    <div className="grid gap-2 px-4 pt-3 empty:hidden md:px-6">
      {organization?.isSample && <Banner>{t('sample')}</Banner>}
      {mayStay && outlet.data?.kind === 'mailbox' && (
        <Banner>
          {t.rich('mailStaysHere', { link: (text) => <HrefLink href="/mailbox">{text}</HrefLink> })}
        </Banner>
      )}
    </div>
  )
}
