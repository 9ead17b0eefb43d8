import { Button } from './Button.tsx'
import { useKitText } from './text.ts'

/** Properties of the foot of a list. */
export interface PaginationProps {
  /** Rows on the screen. */
  shown: number
  /** All rows, when the server counted them. */
  total?: number | undefined
  hasMore: boolean
  isLoading?: boolean
  onMore: () => void
  /** Formats a count; pass `format.number`. */
  number: (value: number) => string
}

/** The foot of a list with cursor pages: how many of how many, and more. */
export function Pagination({ shown, total, hasMore, isLoading, onMore, number }: PaginationProps) {
  const t = useKitText()
  if (!hasMore && total === undefined) return null
  return (
    <div className="flex min-h-8 items-center justify-between gap-4 text-muted">
      <p className="figures text-sm" aria-live="polite">
        {total === undefined
          ? number(shown)
          : t('list.shown', { shown: number(shown), total: number(total) })}
      </p>
      {hasMore && (
        <Button size="sm" isPending={isLoading ?? false} onPress={onMore}>
          {t('list.more')}
        </Button>
      )}
    </div>
  )
}
