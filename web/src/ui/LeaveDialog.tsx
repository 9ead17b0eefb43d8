import { useBlocker } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useKitText } from './text.ts'

// Most pages are left without a question: it comes when it is asked.
const ConfirmDialog = lazy(() =>
  import('./ConfirmDialog.tsx').then((module) => ({ default: module.ConfirmDialog })),
)

/** Asks before a page with unsaved changes is left, for what was typed cannot be brought back. */
export function LeaveDialog({ isChanged }: { isChanged: boolean }) {
  const t = useKitText()
  const blocker = useBlocker({
    shouldBlockFn: () => isChanged,
    enableBeforeUnload: isChanged,
    withResolver: true,
  })
  if (blocker.status !== 'blocked') return null
  return (
    <Suspense>
      <ConfirmDialog
        title={t('leave.title')}
        action={t('leave.action')}
        isDangerous
        isOpen
        onOpenChange={(isOpen) => !isOpen && blocker.reset()}
        onConfirm={blocker.proceed}
      >
        {t('leave.text')}
      </ConfirmDialog>
    </Suspense>
  )
}
