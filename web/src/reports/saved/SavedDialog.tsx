import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { fieldErrors } from '../../platform/api/problem.ts'
import { useMembers } from '../../team/api.ts'
import { Banner } from '../../ui/Banner.tsx'
import { CheckboxGroup } from '../../ui/Checkbox.tsx'
import { useErrorText } from '../../ui/ErrorState.tsx'
import { FormDialog } from '../../ui/FormDialog.tsx'
import { NumberField } from '../../ui/NumberField.tsx'
import { Select } from '../../ui/Select.tsx'
import { useKitText } from '../../ui/text.ts'
import { TextField } from '../../ui/TextField.tsx'
import { toast } from '../../ui/Toast.tsx'
import type { Question, Saved, SavedInput } from './api.ts'
import { useSaveReport } from './api.ts'
import { choiceOf, questionOf } from './question.ts'
import { QuestionSelect } from './QuestionSelect.tsx'

type Plan = NonNullable<SavedInput['schedule']>
const EVERY = ['never', 'daily', 'weekly', 'monthly', 'completion'] as const
const WEEKDAYS = ['1', '2', '3', '4', '5', '6', '7'] as const
const USUAL: Plan = { every: 'daily', time: '08:00', weekday: 1, day: 1 }

/** Keeps a report, or changes it: what it answers, and whom it is mailed to when. */
export function SavedDialog({
  saved,
  other,
  onClose,
}: {
  saved: Saved | null
  other: Question | null
  onClose: () => void
}) {
  const t = useTranslations('reports.saved')
  const common = useKitText()
  const kept = saved?.question ?? other
  const [name, setName] = useState(saved?.name ?? '')
  const [choice, setChoice] = useState(choiceOf(kept))
  const [plan, setPlan] = useState<Plan | null>(saved?.schedule ?? null)
  const [recipients, setRecipients] = useState<string[]>(saved?.recipients ?? [])
  const save = useSaveReport()
  const issues = fieldErrors(save.error)
  const message = useErrorText(save.error)?.message
  const submit = () =>
    save.mutate(
      {
        id: saved?.id ?? null,
        body: { name, question: questionOf(choice, kept), schedule: plan, recipients },
      },
      {
        onSuccess: () => {
          toast({ text: t('kept') })
          onClose()
        },
      },
    )
  return (
    <FormDialog
      title={saved ? t('edit') : t('new')}
      isKeptOpen
      action={common('actions.save')}
      isPending={save.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      {save.isError && Object.keys(issues).length === 0 && <Banner tone="error">{message}</Banner>}
      <TextField label={t('name')} value={name} onChange={setName} error={issues['name']} />
      <QuestionSelect other={kept} value={choice} onChange={setChoice} />
      <PlanFields
        plan={plan}
        onChange={setPlan}
        errors={{ every: issues['schedule.every'], time: issues['schedule.time'] }}
      />
      {plan && <Recipients value={recipients} onChange={setRecipients} error={issues['recipients']} />}
    </FormDialog>
  )
}

function PlanFields({
  plan,
  onChange,
  errors,
}: {
  plan: Plan | null
  onChange: (plan: Plan | null) => void
  errors: Record<'every' | 'time', string | undefined>
}) {
  const t = useTranslations('reports.saved')
  return (
    <>
      <Select
        label={t('mailed')}
        error={errors.every}
        options={EVERY.map((value) => ({ value, label: t(value === 'never' ? 'never' : `every.${value}`) }))}
        value={plan?.every ?? 'never'}
        onChange={(every) => onChange(every === 'never' ? null : { ...USUAL, ...plan, every })}
      />
      {plan?.every === 'weekly' && (
        <Select
          label={t('weekday')}
          options={WEEKDAYS.map((value) => ({ value, label: t(`weekdays.${value}`) }))}
          value={WEEKDAYS.find((value) => Number(value) === plan.weekday) ?? '1'}
          onChange={(weekday) => onChange({ ...plan, weekday: Number(weekday) })}
        />
      )}
      {plan?.every === 'monthly' && (
        <NumberField
          label={t('day')}
          hint={t('dayHint')}
          minValue={1}
          maxValue={31}
          value={plan.day ?? 1}
          onChange={(day) => onChange({ ...plan, day: day ?? 1 })}
        />
      )}
      {plan && plan.every !== 'completion' && (
        <TextField
          label={t('time')}
          hint={t('timeHint')}
          value={plan.time}
          onChange={(time) => onChange({ ...plan, time })}
          error={errors.time}
        />
      )}
    </>
  )
}

function Recipients({
  value,
  onChange,
  error,
}: {
  value: string[]
  onChange: (value: string[]) => void
  error: string | undefined
}) {
  const t = useTranslations('reports.saved')
  const members = useMembers()
  return (
    <CheckboxGroup
      label={t('recipients')}
      hint={t('recipientsHint')}
      options={(members.data ?? []).map(({ personId, name, email }) => ({
        value: personId,
        label: `${name} (${email})`,
      }))}
      value={value}
      onChange={onChange}
      error={error}
    />
  )
}
