import { useBlocker } from '@tanstack/react-router'
import { useTranslations } from 'use-intl'

/** Asks before a page with unsaved work is left, by a link or by closing the tab. */
export function useUnsavedWarning(isChanged: boolean): void {
  const t = useTranslations('content')
  useBlocker({
    // The browser's own question: it cannot be missed, and closing the tab asks the same.
    shouldBlockFn: () => isChanged && !confirm(t('template.leave')),
    enableBeforeUnload: isChanged,
  })
}
