import { lazy, Suspense, useSyncExternalStore } from 'react'
import { UNSTABLE_ToastQueue as ToastQueue } from 'react-aria-components'

/** What a toast says. */
export interface ToastText {
  text: string
  /** `error` for what could not be done and has no better place to say so. */
  tone?: 'plain' | 'error'
  /** Takes the action back; shown as a button. Why it could not be is said by another toast. */
  onUndo?: () => Promise<unknown>
}

/** The toasts that stand and wait. */
export const toasts = new ToastQueue<ToastText>({ maxVisibleToasts: 3 })

// Ten seconds: long enough to read, reach and press Undo. The clock stops under the pointer and the keyboard.
const shownMs = 10_000

// Most visits see no toast: their looks and landmarks arrive with the first one.
const ToastRegion = lazy(() =>
  import('./ToastRegion.tsx').then((module) => ({ default: module.ToastRegion })),
)

/** Says that something happened: `toast({ text: t('archived'), onUndo: () => restore(id) })`. */
export function toast(content: ToastText): void {
  toasts.add(content, { timeout: shownMs })
}

/** Where toasts appear; once, around the pages. */
export function Toaster() {
  const visible = useSyncExternalStore(
    (listener) => toasts.subscribe(listener),
    () => toasts.visibleToasts,
  )
  if (visible.length === 0) return null
  return (
    <Suspense fallback={null}>
      <ToastRegion />
    </Suspense>
  )
}
