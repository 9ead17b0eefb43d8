import { useTranslations } from 'use-intl'
import { KeyValue } from '../ui/KeyValue.tsx'
import { Badge } from '../ui/StatusBadge.tsx'
import type { SendingDomain } from './api.ts'

/** Whether mails pass the domain's DMARC policy, by which proof, and what to do next. */
export function DmarcVerdict({ domain }: { domain: SendingDomain }) {
  const t = useTranslations('delivery.dmarc')
  const { policy, reportsTo, dkim, spf, advice } = domain.dmarc
  const shown = ({ domain: name, mode, isAligned }: typeof dkim) => (
    <span className="flex flex-wrap items-center gap-2">
      <span className="wrap-anywhere">{name}</span>
      <Badge tone={isAligned ? 'green' : 'amber'}>{t(isAligned ? 'aligned' : 'apart')}</Badge>
      <span className="text-sm text-muted">{t(`modes.${mode}`)}</span>
    </span>
  )
  return (
    <section className="grid grid-cols-1 gap-3" aria-label={t('title')}>
      <h3 className="font-medium">{t('title')}</h3>
      <KeyValue
        items={[
          { label: t('policy'), value: t(`policies.${policy ?? 'missing'}`) },
          { label: t('dkim'), value: shown(dkim) },
          { label: t('spf'), value: shown(spf) },
          { label: t('reports'), value: <span className="break-all">{reportsTo ?? t('nobody')}</span> },
        ]}
      />
      {advice.length > 0 && (
        <ul className="grid list-disc gap-1 pl-5 text-sm">
          {advice.map((one) => (
            <li key={one}>{t(`advice.${one}`)}</li>
          ))}
        </ul>
      )}
    </section>
  )
}
