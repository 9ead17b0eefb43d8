import { lazy, Suspense } from 'react'
import { useTranslations } from 'use-intl'
import { SettingsFrame } from '../team/settings/SettingsFrame.tsx'
import { DomainsSection } from './DomainsSection.tsx'
import { InboundSection } from './InboundSection.tsx'
import { ProvidersSection } from './ProvidersSection.tsx'
import { SendersSection } from './SendersSection.tsx'
import { ServerSection } from './ServerSection.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'

const LinkDomainSection = lazy(() =>
  import('./LinkDomainSection.tsx').then((module) => ({ default: module.LinkDomainSection })),
)

/** How mail leaves: through which server, signed for which domains, from whom. */
export function SendingPage() {
  const t = useTranslations('delivery.sending')
  return (
    <SettingsFrame title={t('title')} subtitle={t('subtitle')}>
      <div className="grid grid-cols-1 gap-5">
        <ProvidersSection />
        <ServerSection />
        <DomainsSection />
        <SendersSection />
        <Suspense fallback={<SectionSkeleton />}>
          <LinkDomainSection />
        </Suspense>
        <InboundSection />
      </div>
    </SettingsFrame>
  )
}
