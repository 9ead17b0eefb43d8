import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { fieldErrors } from '../../platform/api/problem.ts'
import { Banner } from '../../ui/Banner.tsx'
import { useErrorText } from '../../ui/ErrorState.tsx'
import { FormDialog } from '../../ui/FormDialog.tsx'
import { NumberField } from '../../ui/NumberField.tsx'
import { useKitText } from '../../ui/text.ts'
import { toast } from '../../ui/Toast.tsx'
import { useSetBudget } from './api.ts'
import type { MonthBudget } from './api.ts'

/** What may be spent each month; left empty, whatever it costs. */
export function BudgetDialog({
  budget,
  name,
  currency,
  onClose,
}: {
  budget: MonthBudget
  name: string
  currency: string
  onClose: () => void
}) {
  const t = useTranslations('reports.prices.budgets')
  const common = useKitText()
  const [amount, setAmount] = useState(budget.amount ?? Number.NaN)
  const set = useSetBudget()
  const { message } = useErrorText(set.error)
  const issue = fieldErrors(set.error)['amount']
  const submit = (): void =>
    set.mutate(
      { scope: budget.scope, amount: Number.isNaN(amount) ? null : amount },
      {
        onSuccess: () => {
          toast({ text: t('saved') })
          onClose()
        },
      },
    )
  return (
    <FormDialog
      title={t('dialog', { name })}
      action={common('actions.save')}
      isPending={set.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      {set.isError && issue === undefined && <Banner tone="error" title={message} />}
      <NumberField
        label={t('amount')}
        hint={t('hint')}
        placeholder={t('none')}
        minValue={0}
        value={amount}
        onChange={setAmount}
        formatOptions={{ style: 'currency', currency }}
        error={issue}
      />
    </FormDialog>
  )
}
