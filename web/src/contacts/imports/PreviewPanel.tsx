import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Section } from '../../ui/Card.tsx'
import { KeyValue } from '../../ui/KeyValue.tsx'
import { TableSkeleton } from '../../ui/Skeleton.tsx'
import { Badge } from '../../ui/StatusBadge.tsx'
import type { ImportPreview } from './api.ts'
import { ReasonList } from './ReasonList.tsx'
import { useImportRefusal } from './refusals.ts'

/** The rest stands in the error file. */
const REASONS_SHOWN = 6

/** What the import will do, counted over the first rows or over all of a small file. */
export function PreviewPanel({
  preview,
  error,
  isCounting,
  needsAddress,
}: {
  preview: ImportPreview | null
  error: unknown
  isCounting: boolean
  /** No column says who a row is: nothing can be counted. */
  needsAddress: boolean
}) {
  const t = useTranslations('contacts.imports.preview')
  const format = useFormat()
  const problem = useImportRefusal(error)
  return (
    <Section
      title={t('title')}
      {...(preview
        ? {
            note: preview.isWholeFile
              ? t('whole', { number: format.number(preview.rows) })
              : t('sample', { number: format.number(preview.rows) }),
          }
        : {})}
    >
      <div aria-busy={isCounting} aria-live="polite" className="grid grid-cols-1 gap-4">
        {problem !== null ? (
          <Banner tone="error">{problem}</Banner>
        ) : preview === null && needsAddress ? (
          <p className="text-muted">{t('needsAddress')}</p>
        ) : preview === null ? (
          <TableSkeleton columns={2} />
        ) : (
          <Counts preview={preview} />
        )}
        {preview && <Consent preview={preview} />}
        {preview && preview.examples.length > 0 && <Examples preview={preview} />}
        {preview && preview.reasons.length > 0 && (
          <ReasonList title={t('problems')} reasons={preview.reasons.slice(0, REASONS_SHOWN)} />
        )}
      </div>
    </Section>
  )
}

function Counts({ preview }: { preview: ImportPreview }) {
  const t = useTranslations('contacts.imports')
  const format = useFormat()
  const shown = (['created', 'updated', 'unchanged', 'skipped', 'rejected'] as const).filter(
    (count) => count === 'created' || preview[count] > 0,
  )
  return (
    <KeyValue
      items={shown.map((count) => ({
        label: t(`counts.${count}`),
        isFigure: true,
        value: preview.isWholeFile
          ? format.number(preview[count])
          : `${format.number(preview[count])} · ${format.rate(preview[count], preview.rows)}`,
      }))}
    />
  )
}

function Consent({ preview }: { preview: ImportPreview }) {
  const t = useTranslations('contacts.imports.preview')
  const format = useFormat()
  if (preview.consentGranted + preview.consentDenied + preview.consentUnproven === 0) return null
  return (
    <div className="grid gap-2">
      <KeyValue
        items={[
          { label: t('consentGranted'), value: format.number(preview.consentGranted), isFigure: true },
          { label: t('consentDenied'), value: format.number(preview.consentDenied), isFigure: true },
        ]}
      />
      {preview.consentUnproven > 0 && (
        <Banner tone="warning">{t('consentUnproven', { count: preview.consentUnproven })}</Banner>
      )}
    </div>
  )
}

const tones = { created: 'green', updated: 'blue', unchanged: 'grey', skipped: 'grey' } as const

function Examples({ preview }: { preview: ImportPreview }) {
  const t = useTranslations('contacts.imports')
  return (
    <div>
      <h3 className="mb-1 font-medium">{t('preview.examples')}</h3>
      <ul className="grid grid-cols-1">
        {preview.examples.slice(0, 6).map((example) => (
          <li key={example.rowNumber} className="border-t border-line py-2">
            <p className="flex items-center gap-2">
              <Badge tone={tones[example.outcome]}>{t(`outcomes.${example.outcome}`)}</Badge>
              <span className="text-sm text-muted">{t('preview.row', { number: example.rowNumber })}</span>
            </p>
            <p className="text-sm break-words">
              {Object.values(example.after).flat().map(String).join(' · ')}
            </p>
          </li>
        ))}
      </ul>
    </div>
  )
}
