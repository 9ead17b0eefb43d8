import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { Table } from '../../ui/Table.tsx'
import type { Channel } from '../api.ts'
import type { Funnel, Usual } from './api.ts'
import type { PeopleBehind } from './PeopleSheet.tsx'
import { endOfScale, RateValue } from './RateValue.tsx'
import type { RowRate } from './RateValue.tsx'

/** A part of a campaign, or all of it. */
export interface RateRow extends Pick<Funnel, 'steps' | 'rates'> {
  id: string
  name: string
  /** What is usual of it; null where nothing is. */
  usual: Usual | null
  /** Null for all channels, undefined where people of a part cannot be listed. */
  channel: Channel | null | undefined
}

type RateName = keyof RateRow['rates']

/** Rates as the columns say them; the last are left out of a card. */
const COLUMNS = [
  { rate: 'delivery', step: 'delivered', isWideOnly: true },
  { rate: 'open', step: 'opened', isWideOnly: false },
  { rate: 'click', step: 'clicked', isWideOnly: false },
  { rate: 'conversion', step: 'converted', isWideOnly: false },
  { rate: 'unsubscribe', step: 'unsubscribed', isWideOnly: true },
] as const

/** Parts of a campaign below each other, each rate with its interval, counts leading to their people. Source: CS-012.3, CS-012.5 */
export function RateTable({
  label,
  title,
  rows,
  empty,
  onPeople,
  rowHref,
}: {
  label: string
  /** Of the first column. */
  title: string
  rows: readonly RateRow[]
  empty?: ReactNode
  onPeople: (people: PeopleBehind) => void
  rowHref?: (row: RateRow) => string
}) {
  const t = useTranslations('campaigns.report.breakdown')
  const format = useFormat()
  return (
    <Table
      label={label}
      className="rounded-t-none border-x-0 border-b-0"
      rows={rows}
      rowKey={({ id }) => id}
      {...(rowHref === undefined ? {} : { rowHref })}
      {...(empty === undefined ? {} : { empty })}
      columns={[
        { id: 'part', title, isRowHeader: true, cell: ({ name }) => name },
        {
          id: 'sent',
          title: t('steps.sent'),
          align: 'end',
          cell: ({ steps }) => format.number(steps[0]?.people),
        },
        ...COLUMNS.filter(({ rate }) => rows.some(({ rates }) => rates[rate].ratio !== null)).map(
          ({ rate, step, isWideOnly }) => ({
            id: rate,
            title: t(`steps.${step}`),
            align: 'end' as const,
            isWideOnly,
            cell: (row: RateRow) => (
              <RateValue rate={rateIn(row, rate)} max={endOfScale(rows.map((other) => rateIn(other, rate)))}>
                <Count row={row} rate={rate} step={step} onPeople={onPeople} />
              </RateValue>
            ),
          }),
        ),
      ]}
    />
  )
}

const rateIn = ({ rates, usual }: RateRow, rate: RateName): RowRate => ({
  ...rates[rate],
  usual: usual?.[rate]?.median,
})

/** How many of them; pressing it shows them where they can be listed. */
function Count({
  row: { name, rates, channel },
  rate,
  step,
  onPeople,
}: {
  row: RateRow
  rate: RateName
  step: (typeof COLUMNS)[number]['step']
  onPeople: (people: PeopleBehind) => void
}) {
  const t = useTranslations('campaigns.report.breakdown')
  const format = useFormat()
  const { part } = rates[rate]
  if (channel === undefined || part === 0) return format.number(part)
  return (
    <button
      type="button"
      className="min-h-6 rounded-sm underline underline-offset-2"
      onClick={() =>
        onPeople({
          of: step,
          title: `${t(`steps.${step}`)} · ${name}`,
          ...(channel === null ? {} : { channel }),
        })
      }
    >
      {format.number(part)}
    </button>
  )
}
