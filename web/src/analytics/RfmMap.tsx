import { Link } from '@tanstack/react-router'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { cx } from '../ui/cx.ts'
import { Badge, type Tone } from '../ui/StatusBadge.tsx'
import type { BuyersOf, RfmField, RfmGrid } from './api.ts'
import { CLASSES, classTones } from './classes.ts'

const FIFTHS = [1, 2, 3, 4, 5] as const

const grounds: Record<Tone, string> = {
  green: 'bg-green-soft text-green',
  blue: 'bg-blue-soft text-blue',
  grey: 'bg-grey-soft text-grey',
  amber: 'bg-amber-soft text-amber',
  violet: 'bg-violet-soft text-violet',
  red: 'bg-red-soft text-red',
}

/**
 * The grid of all buyers: rows by how lately, columns by how often and how much. Each field leads to its people; below,
 * the classes by name.
 */
export function RfmMap({ grid, selected }: { grid: RfmGrid; selected: BuyersOf }) {
  const t = useTranslations('analytics')
  const fieldOf = (recency: number, value: number): RfmField | undefined =>
    grid.fields.find((field) => field.recency === recency && field.value === value)
  return (
    <div className="grid grid-cols-1 gap-4">
      <table className="w-full table-fixed border-separate border-spacing-1">
        <caption className="sr-only">{t('buyers.map')}</caption>
        <thead>
          <tr>
            <th scope="col" className="w-14 sm:w-20">
              <span className="sr-only">{t('buyers.recency')}</span>
            </th>
            {FIFTHS.map((value) => (
              <th key={value} scope="col" className="text-sm font-normal text-muted">
                {value === 1 ? (
                  t('buyers.little')
                ) : value === 5 ? (
                  t('buyers.much')
                ) : (
                  <span className="sr-only">{value}</span>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {FIFTHS.toReversed().map((recency) => (
            <tr key={recency}>
              <th scope="row" className="text-left text-sm font-normal text-muted">
                {recency === 5 ? (
                  t('buyers.lately')
                ) : recency === 1 ? (
                  t('buyers.longAgo')
                ) : (
                  <span className="sr-only">{recency}</span>
                )}
              </th>
              {FIFTHS.map((value) => {
                const field = fieldOf(recency, value)
                return (
                  <td key={value} className="p-0">
                    {field && <FieldLink field={field} grid={grid} selected={selected} />}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <ClassList grid={grid} selected={selected} />
    </div>
  )
}

function FieldLink({ field, grid, selected }: { field: RfmField; grid: RfmGrid; selected: BuyersOf }) {
  const t = useTranslations('analytics')
  const format = useFormat()
  const { recency, value, people } = field
  const isChosen =
    selected.class === field.class || (selected.recency === recency && selected.value === value)
  const money = format.money({ amountMinor: field.revenueMinor, currency: grid.currency })
  return (
    <Link
      to="/audience/buyers"
      search={{ recency, value }}
      title={`${t(`classes.${field.class}`)} · ${money}`}
      aria-current={isChosen ? 'true' : undefined}
      className={cx(
        'flex h-14 flex-col items-center justify-center rounded-md text-center',
        grounds[classTones[field.class]],
        people === 0 && 'opacity-60',
        isChosen && 'outline-2 outline-accent',
      )}
    >
      <span className="figures font-semibold">{format.compact(people)}</span>
      <span className="figures hidden text-sm sm:block">{format.rate(people, grid.buyers, 0)}</span>
      <span className="sr-only">
        {t('buyers.field', { name: t(`classes.${field.class}`), people, money, recency, value })}
      </span>
    </Link>
  )
}

/** The classes with their people and money, those without people left out. */
function ClassList({ grid, selected }: { grid: RfmGrid; selected: BuyersOf }) {
  const t = useTranslations('analytics')
  const format = useFormat()
  return (
    <ul className="grid grid-cols-1">
      {CLASSES.map((name) => {
        const own = grid.fields.filter((field) => field.class === name)
        const people = own.reduce((sum, field) => sum + field.people, 0)
        const amountMinor = own.reduce((sum, field) => sum + field.revenueMinor, 0)
        if (people === 0) return null
        return (
          <li key={name}>
            <Link
              to="/audience/buyers"
              search={{ class: name }}
              aria-current={selected.class === name ? 'true' : undefined}
              className={cx(
                'flex flex-wrap items-center justify-between gap-x-3 rounded-md px-2 py-1.5 hover:bg-soft',
                selected.class === name && 'bg-soft',
              )}
            >
              <Badge tone={classTones[name]}>{t(`classes.${name}`)}</Badge>
              <span className="figures text-right text-muted">
                {t('buyers.classLine', {
                  people,
                  money: format.money({ amountMinor, currency: grid.currency }),
                })}
              </span>
            </Link>
          </li>
        )
      })}
    </ul>
  )
}
