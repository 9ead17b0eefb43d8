import { useTranslations } from 'use-intl'
import { SettingsFrame } from '../team/settings/SettingsFrame.tsx'
import { DomainsSection } from './DomainsSection.tsx'
import { InboundSection } from './InboundSection.tsx'
import { ProvidersSection } from './ProvidersSection.tsx'
import { SendersSection } from './SendersSection.tsx'
import { ServerSection } from './ServerSection.tsx'

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
        <InboundSection />
      </div>
    </SettingsFrame>
  )
}
