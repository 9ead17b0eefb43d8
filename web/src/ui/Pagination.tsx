import { Button } from './Button.tsx'
import { useKitText } from './text.ts'

/** Properties of the foot of a list. */
export interface PaginationProps {
  /** Rows on the screen. */
  shown: number
  /** All rows, when the server counted them. */
  total?: number | undefined
  /** The query that reads on, as `useInfiniteQuery` gives it. */
  pages: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => Promise<unknown> }
  /** Formats a count; pass `format.number`. */
  number: (value: number) => string
}

/** The foot of a list with cursor pages: how many of how many, and more. */
export function Pagination({ shown, total, pages, number }: PaginationProps) {
  const t = useKitText()
  const { hasNextPage, isFetchingNextPage } = pages
  if (!hasNextPage && total === undefined) return null
  return (
    <div className="flex min-h-8 items-center justify-between gap-4 text-muted">
      <p className="figures text-sm" aria-live="polite">
        {total === undefined
          ? number(shown)
          : t('list.shown', { shown: number(shown), total: number(total) })}
      </p>
      {hasNextPage && (
        <Button size="sm" isPending={isFetchingNextPage} onPress={() => void pages.fetchNextPage()}>
          {t('list.more')}
        </Button>
      )}
    </div>
  )
}
