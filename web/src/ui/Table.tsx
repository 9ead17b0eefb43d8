import type { ReactNode } from 'react'
import { Table as AriaTable, Cell, Column, Row, TableBody, TableHeader } from 'react-aria-components'
import type { Selection, SortDescriptor } from 'react-aria-components'
import { cx } from './cx.ts'
import { frameStyle, TableSkeleton } from './Skeleton.tsx'
import { cellStyle, Heading, rowStyle, SelectAll, SelectOne } from './table-parts.tsx'
import { TableSort } from './TableSort.tsx'
import { useKitText } from './text.ts'

/** One column of a table. */
export interface TableColumn<T> {
  id: string
  title: string
  cell: (row: T) => ReactNode
  /** Figures go to the end, in tabular numerals. */
  align?: 'start' | 'end'
  /** The column that names the row for screen readers and heads its card on a telephone. One per table. */
  isRowHeader?: boolean
  isSortable?: boolean
  /** CSS width: `120px`, `30%`. */
  width?: string
  /** Left out of the card on a narrow screen. */
  isWideOnly?: boolean
}

/** Properties of a table. */
export interface TableProps<T> {
  label: string
  columns: readonly TableColumn<T>[]
  /** `undefined` while loading: shows a skeleton. Keep the old rows while you load other ones. */
  rows: readonly T[] | undefined
  rowKey: (row: T) => string
  /** Where pressing the row leads. */
  rowHref?: (row: T) => string
  /** What pressing the row does, when it is not a page. */
  onRowAction?: (row: T) => void
  /** Buttons at the end of each row, usually a RowMenu. */
  rowActions?: (row: T) => ReactNode
  sort?: SortDescriptor
  onSort?: (sort: SortDescriptor) => void
  /** Ticked rows; with it the table shows checkboxes. */
  selected?: Selection
  onSelect?: (selected: Selection) => void
  /** Shown instead of rows when there are none. */
  empty?: ReactNode
  className?: string
}

// Few columns keep their line in half a page; many become cards there.
const slimColumnsMax = 4

/** Rows of things: sortable, selectable, by keyboard; cards where it is narrow. The server sorts and pages. */
export function Table<T>(props: TableProps<T>) {
  const { label, columns, rows, rowKey, rowHref, onRowAction, rowActions, selected, onSelect, sort, onSort } =
    props
  const t = useKitText()
  if (rows === undefined) return <TableSkeleton columns={columns.length} />
  if (rows.length === 0 && props.empty !== undefined) return <Frame>{props.empty}</Frame>
  const byKey = new Map(rows.map((row) => [rowKey(row), row]))
  return (
    <Frame className={props.className} isSlim={columns.length <= slimColumnsMax}>
      {onSort && <TableSort columns={columns} sort={sort} onSort={onSort} />}
      <AriaTable
        aria-label={label}
        selectionMode={onSelect ? 'multiple' : 'none'}
        {...(selected === undefined ? {} : { selectedKeys: selected })}
        {...(onSelect ? { onSelectionChange: onSelect } : {})}
        {...(sort ? { sortDescriptor: sort } : {})}
        {...(onSort ? { onSortChange: onSort } : {})}
        {...(onRowAction
          ? {
              onRowAction: (key) => {
                const row = byKey.get(String(key))
                if (row !== undefined) onRowAction(row)
              },
            }
          : {})}
        className="w-full border-collapse cards:block"
      >
        <TableHeader className="cards:sr-only">
          <SelectAll />
          {columns.map((column) => (
            <Heading key={column.id} column={column} />
          ))}
          {rowActions && (
            <Column className="w-11">
              <span className="sr-only">{t('actions.more')}</span>
            </Column>
          )}
        </TableHeader>
        <TableBody className="cards:block">
          {rows.map((row) => (
            <Row
              key={rowKey(row)}
              id={rowKey(row)}
              {...(rowHref ? { href: rowHref(row) } : {})}
              className={cx(rowStyle, (rowHref || onRowAction) && 'cursor-pointer data-[hovered]:bg-soft')}
            >
              <SelectOne />
              {columns.map((column) => (
                <Cell key={column.id} className={cellStyle(column)}>
                  {!column.isRowHeader && (
                    <span
                      aria-hidden
                      className="hidden max-w-1/2 shrink-0 wrap-anywhere text-muted cards:inline"
                    >
                      {column.title}
                    </span>
                  )}
                  <span
                    className={cx(
                      'min-w-0 *:align-middle cards:*:align-baseline',
                      !column.isRowHeader && 'cards:text-right',
                    )}
                  >
                    {column.cell(row)}
                  </span>
                </Cell>
              ))}
              {rowActions && (
                <Cell className="pr-2 text-right cards:absolute cards:top-1.5 cards:right-1">
                  {rowActions(row)}
                </Cell>
              )}
            </Row>
          ))}
        </TableBody>
      </AriaTable>
    </Frame>
  )
}

function Frame({
  children,
  className,
  isSlim,
}: {
  children: ReactNode
  className?: string | undefined
  isSlim?: boolean
}) {
  return (
    <div
      className={cx(
        isSlim ? '@container/slim' : '@container/wide',
        'relative overflow-x-auto',
        frameStyle,
        className,
      )}
    >
      {children}
    </div>
  )
}
