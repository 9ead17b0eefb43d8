import { ArrowDown, ArrowUp } from 'lucide-react'
import type { SortDescriptor } from 'react-aria-components'
import { IconButton } from './IconButton.tsx'
import { Select } from './Select.tsx'
import type { TableColumn } from './Table.tsx'
import { useKitText } from './text.ts'

/** The order of the cards, where it is too narrow for heads of columns. */
export function TableSort<T>({
  columns,
  sort,
  onSort,
}: {
  columns: readonly TableColumn<T>[]
  sort: SortDescriptor | undefined
  onSort: (sort: SortDescriptor) => void
}) {
  const t = useKitText()
  const isDescending = sort?.direction === 'descending'
  return (
    <div className="hidden items-center gap-2 border-b border-line px-4 py-2 cards:flex">
      <Select
        label={t('list.sort')}
        isLabelHidden
        isCompact
        placeholder={t('list.sort')}
        options={columns
          .filter((column) => column.isSortable)
          .map(({ id, title }) => ({ value: id, label: title }))}
        value={sort === undefined ? null : String(sort.column)}
        onChange={(column) => onSort({ column, direction: sort?.direction ?? 'ascending' })}
      />
      {sort && (
        <IconButton
          label={isDescending ? t('list.descending') : t('list.ascending')}
          onPress={() =>
            onSort({ column: sort.column, direction: isDescending ? 'ascending' : 'descending' })
          }
        >
          {isDescending ? <ArrowDown aria-hidden /> : <ArrowUp aria-hidden />}
        </IconButton>
      )}
    </div>
  )
}
