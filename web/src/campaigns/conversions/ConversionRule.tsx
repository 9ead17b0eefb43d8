import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { fieldErrors } from '../../platform/api/problem.ts'
import { useRefusal } from '../../platform/session.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Section } from '../../ui/Card.tsx'
import { CheckboxGroup } from '../../ui/Checkbox.tsx'
import { ErrorState, useErrorText } from '../../ui/ErrorState.tsx'
import { FieldStack } from '../../ui/Field.tsx'
import { LeaveDialog } from '../../ui/LeaveDialog.tsx'
import { NumberField } from '../../ui/NumberField.tsx'
import { Select } from '../../ui/Select.tsx'
import { SectionSkeleton } from '../../ui/Skeleton.tsx'
import { useKitText } from '../../ui/text.ts'
import { toast } from '../../ui/Toast.tsx'
import type { Campaign } from '../api.ts'
import type { Count, Rule } from './api.ts'
import { useRule, useSaveRule } from './api.ts'
import { CountFields } from './CountFields.tsx'

const MODELS = ['first', 'last', 'linear', 'position', 'timeDecay'] as const
const TOUCHES = ['clicked', 'opened', 'delivered'] as const
/** Kinds of events that one campaign counts at most. */
const COUNTS_MAX = 5
const NEW_COUNT: Count = { kind: 'event', event: '', filters: [], value: null }

/** What counts as a conversion of a campaign, for how much, and within how many days of which touch. Source: CS-013.1, CB-10 */
export function ConversionRule({ campaign }: { campaign: Pick<Campaign, 'id' | 'currency' | 'launchedAt'> }) {
  const query = useRule(campaign.id)
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  if (!query.data) return <SectionSkeleton />
  return <Form key={campaign.id} campaign={campaign} saved={query.data} />
}

function Form({
  campaign,
  saved,
}: {
  campaign: Pick<Campaign, 'id' | 'currency' | 'launchedAt'>
  saved: Rule
}) {
  const t = useTranslations('campaigns.conversions')
  const common = useKitText()
  const refusal = useRefusal('campaigns.write')
  const save = useSaveRule(campaign.id)
  const { message } = useErrorText(save.error)
  const [rule, setRule] = useState<Omit<Rule, 'isUsual'>>(saved)
  const [isChanged, setChanged] = useState(false)
  const change = (edit: Partial<Rule>): void => {
    setRule((before) => ({ ...before, ...edit }))
    setChanged(true)
  }
  const isReadOnly = refusal !== undefined
  const { counts } = rule
  return (
    <Section title={t('title')} note={saved.isUsual && !isChanged ? t('usual') : t('note')}>
      <LeaveDialog isChanged={isChanged && !isReadOnly} />
      <FieldStack>
        {save.isError && (
          <Banner tone="error" title={message}>
            {Object.values(fieldErrors(save.error)).join(' ')}
          </Banner>
        )}
        <ul className="grid grid-cols-1 gap-3">
          {counts.map((count, index) => (
            <li key={index} className="rounded-lg border border-line p-3">
              <CountFields
                no={index + 1}
                value={count}
                currency={campaign.currency}
                onChange={(next) => change({ counts: counts.map((old, at) => (at === index ? next : old)) })}
                onRemove={
                  counts.length > 1
                    ? () => change({ counts: counts.filter((_old, at) => at !== index) })
                    : null
                }
                isReadOnly={isReadOnly}
              />
            </li>
          ))}
        </ul>
        {!isReadOnly && counts.length < COUNTS_MAX && (
          <div>
            <Button
              size="sm"
              variant="quiet"
              icon={<Plus aria-hidden />}
              onPress={() => change({ counts: [...counts, NEW_COUNT] })}
            >
              {t('add')}
            </Button>
          </div>
        )}
        <NumberField
          label={t('window')}
          hint={t('windowHint')}
          className="max-w-xs"
          value={rule.windowDays}
          minValue={1}
          maxValue={30}
          formatOptions={{ style: 'unit', unit: 'day', unitDisplay: 'long' }}
          isDisabled={isReadOnly}
          onChange={(windowDays) => change({ windowDays })}
        />
        <CheckboxGroup
          label={t('touches')}
          options={TOUCHES.map((value) => ({ value, label: t(`touch.${value}`) }))}
          value={rule.touches}
          onChange={(touches) => touches.length > 0 && change({ touches })}
          isDisabled={isReadOnly}
        />
        <Select
          label={t('model')}
          hint={t('modelHint')}
          className="max-w-md"
          options={[
            { value: 'usual' as const, label: t('models.usual') },
            ...MODELS.map((value) => ({ value, label: t(`models.${value}`) })),
          ]}
          value={rule.model ?? 'usual'}
          onChange={(model) => change({ model: model === 'usual' ? null : model })}
          isDisabled={isReadOnly}
        />
        {!isReadOnly && (
          <div className="flex flex-wrap items-center gap-3">
            <Button
              isDisabled={!isChanged}
              isPending={save.isPending}
              onPress={() =>
                save.mutate(rule, {
                  onSuccess: () => {
                    setChanged(false)
                    toast({ text: t(campaign.launchedAt === null ? 'saved' : 'credited') })
                  },
                })
              }
            >
              {common('actions.save')}
            </Button>
            {campaign.launchedAt !== null && <p className="text-sm text-muted">{t('again')}</p>}
          </div>
        )}
      </FieldStack>
    </Section>
  )
}
