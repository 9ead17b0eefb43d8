import { ArrowDown, ArrowUp } from 'lucide-react'
import { Cell, Column, useTableOptions } from 'react-aria-components'
import { Checkbox } from './Checkbox.tsx'
import { cx } from './cx.ts'
import type { TableColumn } from './Table.tsx'

/** The head of one column. */
export function Heading<T>({ column }: { column: TableColumn<T> }) {
  return (
    <Column
      id={column.id}
      isRowHeader={column.isRowHeader ?? false}
      allowsSorting={column.isSortable ?? false}
      style={column.width === undefined ? {} : { width: column.width }}
      className={cx(
        'h-9 px-3 text-sm font-medium whitespace-nowrap text-muted outline-none first:pl-4 last:pr-4 data-[focus-visible]:bg-soft',
        column.align === 'end' ? 'text-right' : 'text-left',
        column.isSortable && 'cursor-default data-[hovered]:text-text',
      )}
    >
      {({ sortDirection }) => (
        <span className="inline-flex items-center gap-1">
          {column.title}
          {sortDirection === 'ascending' && <ArrowUp aria-hidden className="size-3.5" />}
          {sortDirection === 'descending' && <ArrowDown aria-hidden className="size-3.5" />}
        </span>
      )}
    </Column>
  )
}

/** The box that ticks every row, where rows can be ticked. */
export function SelectAll() {
  const { selectionMode } = useTableOptions()
  if (selectionMode !== 'multiple') return null
  return (
    <Column className="w-10 pl-4 text-left align-middle">
      <Checkbox slot="selection" />
    </Column>
  )
}

/** The box that ticks one row. */
export function SelectOne() {
  const { selectionMode } = useTableOptions()
  if (selectionMode !== 'multiple') return null
  return (
    <Cell className="w-10 pl-4 align-middle cards:absolute cards:top-2.5 cards:left-0">
      <Checkbox slot="selection" />
    </Cell>
  )
}

/** The look of a cell; where it is narrow, a line of its card. */
export function cellStyle<T>(column: TableColumn<T>): string {
  return cx(
    'h-10 px-3 py-1.5 align-middle text-base outline-none first:pl-4 last:pr-4',
    'data-[focus-visible]:outline-2 data-[focus-visible]:outline-offset-[-2px] data-[focus-visible]:outline-accent',
    'cards:flex cards:h-auto cards:items-baseline cards:justify-between cards:gap-4 cards:p-0 cards:py-0.5 cards:text-left cards:first:pl-0 cards:last:pr-0',
    // In a card the name of its column stands beside the figure, and both have to find room.
    column.align === 'end' && 'figures text-right whitespace-nowrap cards:whitespace-normal',
    column.isRowHeader && 'font-medium cards:justify-start cards:pr-9',
    column.isWideOnly && 'cards:hidden',
  )
}

/** The look of a row; where it is narrow, a card. */
export const rowStyle =
  'relative border-t border-line outline-none data-[focus-visible]:outline-2 data-[focus-visible]:outline-offset-[-2px] data-[focus-visible]:outline-accent data-[selected]:bg-accent-soft cards:block cards:px-4 cards:py-2.5 cards:has-[[slot=selection]]:pl-11 cards:first:border-t-0'
