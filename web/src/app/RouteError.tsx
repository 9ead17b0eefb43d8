import { useRouter } from '@tanstack/react-router'
import type { ErrorComponentProps } from '@tanstack/react-router'
import { ErrorState } from '../ui/ErrorState.tsx'
import { ApiError } from '../platform/api/problem.ts'
import { NotFound } from './NotFound.tsx'

/** Shown instead of a page that broke or whose data did not come. */
export function RouteError({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  if (error instanceof ApiError && error.status === 404) return <NotFound />
  return (
    <ErrorState
      error={error}
      onRetry={() => {
        reset()
        return router.invalidate()
      }}
    />
  )
}
