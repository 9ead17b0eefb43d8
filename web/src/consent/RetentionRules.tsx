import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { useRefusal } from '../platform/session.ts'
import { useSettled } from '../platform/use-settled.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { Section } from '../ui/Card.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorState, useErrorText } from '../ui/ErrorState.tsx'
import { FieldStack } from '../ui/Field.tsx'
import { NumberField } from '../ui/NumberField.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { useKitText } from '../ui/text.ts'
import { toast } from '../ui/Toast.tsx'
import type { RetentionRule } from './api-rights.ts'
import { useDecideRetention, useRetention, useRetentionPreview } from './api-rights.ts'

const SUBJECTS = [
  'events',
  'inactive_contacts',
  'message_details',
  'form_submissions',
  'audit_details',
] as const
type Subject = (typeof SUBJECTS)[number]
const isSubject = (subject: string): subject is Subject => (SUBJECTS as readonly string[]).includes(subject)

/** Three years: what French authorities advise for prospects. */
const daysOffered = 1_095
const daysMax = 36_500

/** How long each kind of personal data is kept, with a look at what would go. */
export function RetentionRules() {
  const t = useTranslations('consent.retention')
  const format = useFormat()
  const refusal = useRefusal('privacy.write')
  const query = useRetention()
  const [deciding, setDeciding] = useState<RetentionRule | null>(null)
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  if (!query.data) return <SectionSkeleton />
  return (
    <div className="grid grid-cols-1 gap-5">
      <p className="max-w-2xl text-muted">{t('note')}</p>
      {query.data.items.map((rule) => (
        <Section
          key={rule.subject}
          title={isSubject(rule.subject) ? t(`subjects.${rule.subject}`) : rule.subject}
          note={isSubject(rule.subject) ? t(`notes.${rule.subject}`) : undefined}
          actions={
            <Button size="sm" disabledReason={refusal} onPress={() => setDeciding(rule)}>
              {t('decide')}
            </Button>
          }
        >
          <p className={rule.keepDays === null ? 'text-muted' : 'font-medium'}>
            {rule.keepDays === null ? t('kept') : t('keptDays', { count: rule.keepDays })}
          </p>
          {rule.appliedAt !== null && (
            <p className="text-sm text-muted">
              {t('applied', { time: format.dateTime(rule.appliedAt), count: rule.removed })}
            </p>
          )}
        </Section>
      ))}
      {deciding !== null && (
        <Decide key={deciding.subject} rule={deciding} onClose={() => setDeciding(null)} />
      )}
    </div>
  )
}

function Decide({ rule, onClose }: { rule: RetentionRule; onClose: () => void }) {
  const t = useTranslations('consent.retention')
  const common = useKitText()
  const decide = useDecideRetention()
  const [days, setDays] = useState(rule.keepDays ?? Math.max(daysOffered, rule.keepDaysMin))
  const message = useErrorText(decide.error)?.message
  const save = (keepDays: number | null) =>
    decide.mutate(
      { subject: rule.subject, keepDays },
      {
        onSuccess: () => {
          toast({ text: t('saved') })
          onClose()
        },
      },
    )
  return (
    <Dialog
      title={isSubject(rule.subject) ? t(`subjects.${rule.subject}`) : rule.subject}
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      footer={
        <>
          <Button onPress={onClose}>{common('actions.cancel')}</Button>
          {rule.keepDays !== null && (
            <Button isPending={decide.isPending} onPress={() => save(null)}>
              {t('keep')}
            </Button>
          )}
          <Button variant="primary" isPending={decide.isPending} onPress={() => save(days)}>
            {t('save')}
          </Button>
        </>
      }
    >
      <FieldStack>
        {decide.error && <Banner tone="error">{message}</Banner>}
        <NumberField
          label={t('days')}
          hint={t('daysHint', { count: rule.keepDaysMin })}
          minValue={rule.keepDaysMin}
          maxValue={daysMax}
          value={days}
          onChange={setDays}
        />
        <Preview subject={rule.subject} keepDays={days} />
      </FieldStack>
    </Dialog>
  )
}

function Preview({ subject, keepDays }: { subject: string; keepDays: number }) {
  const t = useTranslations('consent.retention')
  const format = useFormat()
  const settled = Number(useSettled(String(keepDays)))
  const preview = useRetentionPreview(subject, settled)
  if (preview.isError) return <ErrorState error={preview.error} onRetry={preview.refetch} />
  if (!preview.data || settled !== keepDays) return <Spinner label={t('counting')} />
  const { count, before, isAtLeast } = preview.data
  return (
    <Banner tone={count === 0 ? 'info' : 'warning'}>
      {t(isAtLeast ? 'previewMore' : 'preview', { count, day: format.date(before) })}
    </Banner>
  )
}
