import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { ApiError } from './api/problem.ts'

const freshMs = 10_000
const retriesMax = 2

/** The cache of everything the API answered. A session that has ended anywhere ends everywhere. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: forgetSession }),
  mutationCache: new MutationCache({ onError: forgetSession }),
  defaultOptions: {
    queries: {
      staleTime: freshMs,
      // A refusal stays a refusal; only silence and our own faults are worth asking again.
      retry: (count, error) => count < retriesMax && isPassing(error),
      refetchOnWindowFocus: true,
    },
  },
})

function forgetSession(error: unknown): void {
  if (error instanceof ApiError && error.status === 401) queryClient.setQueryData(sessionKey, null)
}

function isPassing(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status >= 502)
}

/** Where the session lies in the cache. */
export const sessionKey = ['session'] as const
