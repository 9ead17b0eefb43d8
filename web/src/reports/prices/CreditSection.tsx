import { useTranslations } from 'use-intl'
import { useRefusal } from '../../platform/session.ts'
import { Section } from '../../ui/Card.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { Select } from '../../ui/Select.tsx'
import { SectionSkeleton } from '../../ui/Skeleton.tsx'
import { toast } from '../../ui/Toast.tsx'
import { MODELS } from '../parts.ts'
import { useChooseModel, useModel } from './api.ts'

/** By which model the organization reads its money. Source: CB-10.2 */
export function CreditSection() {
  const t = useTranslations('reports')
  const refusal = useRefusal('budgets.write')
  const query = useModel()
  const choose = useChooseModel()
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  if (!query.data) return <SectionSkeleton />
  return (
    <Section title={t('prices.credit.title')} note={t('prices.credit.note')}>
      {choose.isError && <ErrorState error={choose.error} />}
      <Select
        label={t('prices.credit.by')}
        className="max-w-md"
        options={MODELS.map((value) => ({ value, label: t(`models.${value}`) }))}
        value={query.data.model}
        isDisabled={refusal !== undefined}
        {...(refusal === undefined ? {} : { hint: refusal })}
        onChange={(model) =>
          choose.mutate(model, { onSuccess: () => toast({ text: t('prices.credit.saved') }) })
        }
      />
    </Section>
  )
}
