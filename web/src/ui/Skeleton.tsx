import { cx } from './cx.ts'
import { useKitText } from './text.ts'

/** A grey place-holder that appears after 200 ms: `<Skeleton className="h-4 w-32" />`. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span aria-hidden className={cx('appear-late block rounded-md bg-soft', className ?? 'h-4 w-full')} />
  )
}

/** The frame of a table; a flush Section around it has one already. */
export const frameStyle =
  'rounded-xl border border-line bg-panel in-data-flush:rounded-t-none in-data-flush:border-x-0 in-data-flush:border-b-0'

/** A table that is still loading. */
export function TableSkeleton({ columns, rows = 6 }: { columns: number; rows?: number }) {
  const t = useKitText()
  return (
    <div role="status" aria-label={t('list.loading')} className={frameStyle}>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex h-10 items-center gap-6 border-t border-line px-4 first:border-t-0">
          {Array.from({ length: columns }, (_, column) => (
            <Skeleton key={column} className={cx('h-3', column === 0 ? 'w-2/5' : 'w-1/6')} />
          ))}
        </div>
      ))}
    </div>
  )
}

/** A page section that is still loading. */
export function SectionSkeleton({ lines = 4 }: { lines?: number }) {
  const t = useKitText()
  return (
    <div
      role="status"
      aria-label={t('list.loading')}
      className="grid gap-3 rounded-xl border border-line bg-panel p-5"
    >
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} className={cx('h-3', line === 0 ? 'w-1/3' : 'w-full')} />
      ))}
    </div>
  )
}
