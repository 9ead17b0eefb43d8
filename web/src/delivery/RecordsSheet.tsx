import { RefreshCw } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { useRefusal } from '../platform/session.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { Sheet } from '../ui/Dialog.tsx'
import { useErrorText } from '../ui/ErrorState.tsx'
import type { DnsRecord, SendingDomain } from './api.ts'
import { useCheckDomain, useRenewKeys } from './api.ts'
import { DmarcVerdict } from './DmarcVerdict.tsx'
import { ReturnPath } from './ReturnPath.tsx'
import { RecordEntry } from './RecordEntry.tsx'

/** The records that a domain should publish, ready to copy, with what was found. */
export function RecordsSheet({ domain, onClose }: { domain: SendingDomain; onClose: () => void }) {
  const t = useTranslations('delivery.records')
  const format = useFormat()
  const refusal = useRefusal('delivery.write')
  const check = useCheckDomain()
  const renew = useRenewKeys()
  const message = useErrorText(check.error ?? renew.error)?.message
  const waiting = domain.records.some(({ keyState }) => keyState === 'waiting') ? t('renewWaits') : undefined
  const whyOf = ({ kind, keyState, removableAt }: DnsRecord): string => {
    if (keyState === 'waiting') return t('keyWaiting')
    if (keyState === 'replaced' && removableAt !== null)
      return t('keyReplaced', { when: format.dateTime(removableAt) })
    return t(`whys.${kind}`)
  }
  return (
    <Sheet
      title={t('title', { domain: domain.domain })}
      size="lg"
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      footer={
        <>
          <Button
            isPending={renew.isPending}
            disabledReason={refusal ?? waiting}
            onPress={() => renew.mutate(domain.id)}
          >
            {t('renew')}
          </Button>
          <Button
            variant="primary"
            icon={<RefreshCw aria-hidden />}
            isPending={check.isPending}
            disabledReason={refusal}
            onPress={() => check.mutate(domain.id)}
          >
            {t('check')}
          </Button>
        </>
      }
    >
      <div className="grid grid-cols-1 gap-5">
        <p className="text-muted">{t('note')}</p>
        {(check.isError || renew.isError) && <Banner tone="error">{message}</Banner>}
        {domain.checkedAt !== null && (
          <p className="text-sm text-muted">{t('checkedAt', { when: format.relative(domain.checkedAt) })}</p>
        )}
        {domain.areKeysDue && <Banner tone="warning">{t('keysDue')}</Banner>}
        {domain.checkedAt !== null && <DmarcVerdict domain={domain} />}
        <ReturnPath key={domain.id} domain={domain} />
        {domain.records.map((record) => (
          <RecordEntry
            key={`${record.kind}-${record.name}`}
            record={record}
            title={t(`kinds.${record.kind}`)}
            why={whyOf(record)}
            isChecked={domain.checkedAt !== null}
          />
        ))}
      </div>
    </Sheet>
  )
}
