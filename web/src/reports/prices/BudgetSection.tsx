import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { BUDGET_TOLD_FROM_PERCENT, useMonthBudgets } from '../../campaigns/api.ts'
import { useFormat } from '../../platform/format.ts'
import { useRefusal } from '../../platform/session.ts'
import { Button } from '../../ui/Button.tsx'
import { Section } from '../../ui/Card.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { Progress } from '../../ui/Progress.tsx'
import { SectionSkeleton } from '../../ui/Skeleton.tsx'
import { Table } from '../../ui/Table.tsx'
import type { BudgetScope, MonthBudget } from './api.ts'
import { BudgetDialog } from './BudgetDialog.tsx'

/** What may be spent in a month, of the organization and of each channel, beside what was used. Source: CB-9.1, CB-9.3 */
export function BudgetSection() {
  const t = useTranslations('reports.prices.budgets')
  const channels = useTranslations('analytics.channels')
  const format = useFormat()
  const query = useMonthBudgets()
  const refusal = useRefusal('budgets.write')
  const [edited, setEdited] = useState<MonthBudget | null>(null)
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  if (!query.data) return <SectionSkeleton />
  const { currency, items } = query.data
  const name = (scope: BudgetScope) => (scope === 'organization' ? t('organization') : channels(scope))
  return (
    <Section title={t('title')} note={t('note')} isFlush>
      <Table
        label={t('title')}
        className="rounded-t-none border-x-0 border-b-0"
        rows={items}
        rowKey={({ scope }) => scope}
        columns={[
          { id: 'scope', title: t('of'), isRowHeader: true, cell: ({ scope }) => name(scope) },
          {
            id: 'used',
            title: t('used'),
            align: 'end',
            cell: ({ used }) => format.number(used, { style: 'currency', currency }),
          },
          {
            id: 'amount',
            title: t('amount'),
            align: 'end',
            cell: ({ scope, amount, percent }) =>
              amount === null ? (
                <span className="text-muted">{t('none')}</span>
              ) : (
                <span className="grid gap-1">
                  {format.number(amount, { style: 'currency', currency })}
                  <Progress
                    label={t('share', { name: name(scope) })}
                    isLabelHidden
                    value={Math.min(100, percent ?? 0)}
                    tone={
                      (percent ?? 0) >= 100
                        ? 'red'
                        : (percent ?? 0) >= BUDGET_TOLD_FROM_PERCENT
                          ? 'amber'
                          : 'accent'
                    }
                  />
                  <span className="text-sm text-muted">{t('percent', { percent: percent ?? 0 })}</span>
                </span>
              ),
          },
          {
            id: 'set',
            title: '',
            align: 'end',
            cell: (budget) => (
              <Button size="sm" disabledReason={refusal} onPress={() => setEdited(budget)}>
                {t('set')}
              </Button>
            ),
          },
        ]}
      />
      {edited !== null && (
        <BudgetDialog
          budget={edited}
          name={name(edited.scope)}
          currency={currency}
          onClose={() => setEdited(null)}
        />
      )}
    </Section>
  )
}
