import { lazy, Suspense, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { useRefusal } from '../../platform/session.ts'
import { Button } from '../../ui/Button.tsx'
import { Link } from '../../ui/Link.tsx'
import type { Anomaly } from './api.ts'

const AcknowledgeDialog = lazy(() =>
  import('./AcknowledgeDialog.tsx').then((module) => ({ default: module.AcknowledgeDialog })),
)

/** What is unusual, with its evidence and likely cause; each until somebody says that it was seen. */
export function AnomalyList({
  items,
  namesCampaigns,
}: {
  items: readonly Anomaly[]
  namesCampaigns: boolean
}) {
  const t = useTranslations('reports.anomalies')
  const channels = useTranslations('reports.history.channels')
  const format = useFormat()
  const refusal = useRefusal('reports.write')
  const [asked, setAsked] = useState<Anomaly | null>(null)
  return (
    <>
      <ul>
        {items.map((item) => (
          <li
            key={item.id}
            className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 border-t border-line px-5 py-3"
          >
            <div className="grid min-w-0 flex-1 basis-64 gap-0.5">
              <p className="font-medium">
                {item.headline}
                {namesCampaigns && (
                  <>
                    {' · '}
                    <Link to="/campaigns/$id" params={{ id: item.campaignId }}>
                      {item.campaign}
                    </Link>
                  </>
                )}
              </p>
              <p>{item.likelyCause}</p>
              <p className="text-sm text-muted">
                {item.evidence}{' '}
                {t('found', { channel: channels(item.channel), when: format.dateTime(item.foundAt) })}
              </p>
            </div>
            <Button size="sm" disabledReason={refusal} onPress={() => setAsked(item)}>
              {t('acknowledge')}
            </Button>
          </li>
        ))}
      </ul>
      {asked && (
        <Suspense fallback={null}>
          <AcknowledgeDialog anomaly={asked} onClose={() => setAsked(null)} />
        </Suspense>
      )}
    </>
  )
}
