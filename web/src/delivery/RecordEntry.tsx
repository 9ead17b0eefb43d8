import { useTranslations } from 'use-intl'
import { CodeBlock } from '../ui/CodeBlock.tsx'
import { Badge } from '../ui/StatusBadge.tsx'

interface PublishedRecord {
  type: string
  name: string
  expected: string
  found: string | null
  isRight: boolean
}

/** One record to publish, ready to copy, with what was found. */
export function RecordEntry({
  record,
  title,
  why,
  isChecked,
}: {
  record: PublishedRecord
  title: string
  why: string
  isChecked: boolean
}) {
  const t = useTranslations('delivery.records')
  return (
    <section className="grid grid-cols-1 gap-2" aria-label={record.name}>
      <h3 className="flex flex-wrap items-center gap-2 font-medium">
        {title}
        {isChecked && (
          <Badge tone={record.isRight ? 'green' : record.found === null ? 'grey' : 'amber'}>
            {t(record.isRight ? 'right' : record.found === null ? 'absent' : 'different')}
          </Badge>
        )}
      </h3>
      <p className="text-sm text-muted">{why}</p>
      <CodeBlock label={t('name', { type: record.type })} code={record.name} isWrapped />
      <CodeBlock label={t('value')} code={record.expected} isWrapped />
      {isChecked && !record.isRight && record.found !== null && (
        <p className="text-sm break-all text-muted">{t('found', { text: record.found })}</p>
      )}
    </section>
  )
}
