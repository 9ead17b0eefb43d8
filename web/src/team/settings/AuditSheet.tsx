import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { CodeBlock } from '../../ui/CodeBlock.tsx'
import { Sheet } from '../../ui/Dialog.tsx'
import { FieldStack } from '../../ui/Field.tsx'
import { KeyValue } from '../../ui/KeyValue.tsx'
import type { AuditEntry } from '../api.ts'

/** One entry of the audit log, whole. */
export function AuditSheet({ entry, onClose }: { entry: AuditEntry | null; onClose: () => void }) {
  const t = useTranslations('team.audit')
  const format = useFormat()
  if (!entry) return null
  const { before, after } = entry.change ?? {}
  const isComparison = before !== undefined && after !== undefined
  return (
    <Sheet
      title={t('details', { seq: String(entry.seq) })}
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
    >
      <FieldStack>
        <KeyValue
          items={[
            { label: t('when'), value: format.dateTimeZone(entry.at) },
            { label: t('who'), value: entry.actor.name ?? entry.actor.id },
            { label: t('what'), value: entry.action },
            { label: t('subject'), value: entry.subject.id },
            { label: t('address'), value: entry.addressPrefix ?? '—' },
            { label: t('request'), value: entry.requestId },
          ]}
        />
        {isComparison && (
          <>
            <CodeBlock label={t('before')} code={readable(before)} isWrapped />
            <CodeBlock label={t('after')} code={readable(after)} isWrapped />
          </>
        )}
        {!isComparison && entry.change !== null && Object.keys(entry.change).length > 0 && (
          <CodeBlock label={t('change')} code={readable(entry.change)} isWrapped />
        )}
      </FieldStack>
    </Sheet>
  )
}

const readable = (value: unknown): string => JSON.stringify(value, null, 2)
