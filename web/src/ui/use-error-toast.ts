import { useErrorTextOf } from './ErrorState.tsx'
import { toast } from './Toast.tsx'

/**
 * Says why something could not be done, where it has no better place to stand:
 * `remove.mutateAsync(id).then(() => toast({ text: t('removed') }), sayWhy)`.
 */
export function useErrorToast(): (error: unknown) => void {
  const textOf = useErrorTextOf()
  return (error) => toast({ text: textOf(error).message, tone: 'error' })
}
