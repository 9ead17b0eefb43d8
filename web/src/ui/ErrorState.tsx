import { TriangleAlert } from 'lucide-react'
import { Button } from './Button.tsx'
import { EmptyState } from './EmptyState.tsx'
import { useKitText } from './text.ts'

/** What the kit needs to know of an error; ApiError fits. */
export interface ErrorLike {
  message?: string
  status?: number
  requestId?: string | undefined
}

/** Something could not be loaded: what happened, what was kept, what to do. `<ErrorState error={query.error} onRetry={query.refetch} />` */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => unknown }) {
  const t = useKitText()
  const { message, requestId } = useErrorText(error)
  return (
    <div role="alert">
      <EmptyState
        icon={<TriangleAlert />}
        title={t('error.title')}
        action={onRetry && <Button onPress={() => void onRetry()}>{t('actions.retry')}</Button>}
      >
        <p>{message}</p>
        {requestId !== undefined && <p className="mt-1 text-sm">{t('error.request', { id: requestId })}</p>}
      </EmptyState>
    </div>
  )
}

/** What is said of an error, and the request to quote when the fault is ours. */
export interface ErrorText {
  message: string
  requestId?: string
}

/** The public sentence of an error that is shown where it happened. */
export function useErrorText(error: unknown): ErrorText {
  return useErrorTextOf()(error)
}

/** The public sentence of any error, for those that come after the page was drawn. */
export function useErrorTextOf(): (error: unknown) => ErrorText {
  const t = useKitText()
  return (error) => {
    const { message, status, requestId }: ErrorLike = error instanceof Error ? error : {}
    if (status === 0) return { message: t('error.unreachable') }
    if (status === undefined || status >= 500) {
      return { message: t('error.unexpected'), ...(requestId === undefined ? {} : { requestId }) }
    }
    return { message: message ?? t('error.unexpected') }
  }
}
