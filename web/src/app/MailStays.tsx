import { useTranslations } from 'use-intl'
import { useOutlet } from '../delivery/api-outlet.ts'
import { Banner } from '../ui/Banner.tsx'
import { HrefLink } from '../ui/Link.tsx'

/** Says that mail stays in the mailbox, where neither a provider nor a server of the organization's own takes it. */
export function MailStays() {
  const t = useTranslations('app.banners')
  const outlet = useOutlet()
  if (outlet.data?.kind !== 'mailbox') return null
  return (
    <Banner>
      {t.rich('mailStaysHere', { link: (text) => <HrefLink href="/mailbox">{text}</HrefLink> })}
    </Banner>
  )
}
