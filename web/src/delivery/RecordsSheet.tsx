import { RefreshCw } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { useRefusal } from '../platform/session.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { Sheet } from '../ui/Dialog.tsx'
import { useErrorText } from '../ui/ErrorState.tsx'
import type { SendingDomain } from './api.ts'
import { useCheckDomain } from './api.ts'
import { RecordEntry } from './RecordEntry.tsx'

/** The records that a domain should publish, ready to copy, with what was found. */
export function RecordsSheet({ domain, onClose }: { domain: SendingDomain; onClose: () => void }) {
  const t = useTranslations('delivery.records')
  const format = useFormat()
  const refusal = useRefusal('delivery.write')
  const check = useCheckDomain()
  const message = useErrorText(check.error)?.message
  return (
    <Sheet
      title={t('title', { domain: domain.domain })}
      size="lg"
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      footer={
        <Button
          variant="primary"
          icon={<RefreshCw aria-hidden />}
          isPending={check.isPending}
          disabledReason={refusal}
          onPress={() => check.mutate(domain.id)}
        >
          {t('check')}
        </Button>
      }
    >
      <div className="grid grid-cols-1 gap-5">
        <p className="text-muted">{t('note')}</p>
        {check.isError && <Banner tone="error">{message}</Banner>}
        {domain.checkedAt !== null && (
          <p className="text-sm text-muted">{t('checkedAt', { when: format.relative(domain.checkedAt) })}</p>
        )}
        {domain.records.map((record) => (
          <RecordEntry
            key={`${record.kind}-${record.name}`}
            record={record}
            title={t(`kinds.${record.kind}`)}
            why={t(`whys.${record.kind}`)}
            isChecked={domain.checkedAt !== null}
          />
        ))}
      </div>
    </Sheet>
  )
}
