import { CircleAlert, X } from 'lucide-react'
import {
  Button as AriaButton,
  Text,
  UNSTABLE_Toast as AriaToast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastRegion as AriaToastRegion,
} from 'react-aria-components'
import { useKitText } from './text.ts'
import { toasts } from './Toast.tsx'
import { useErrorToast } from './use-error-toast.ts'

/** The corner in which toasts stand; F6 reaches it. */
export function ToastRegion() {
  const t = useKitText()
  const sayWhy = useErrorToast()
  return (
    <AriaToastRegion
      queue={toasts}
      aria-label={t('toast.region')}
      className="fixed right-4 bottom-4 left-4 z-60 flex flex-col items-end gap-2 outline-none sm:left-auto"
    >
      {({ toast: item }) => (
        <AriaToast
          toast={item}
          className="rise flex w-full max-w-md items-center gap-3 rounded-lg bg-text py-1.5 pr-1.5 pl-4 text-ground shadow-pop outline-none data-[focus-visible]:outline-2 data-[focus-visible]:outline-offset-2 data-[focus-visible]:outline-accent sm:w-auto"
        >
          {item.content.tone === 'error' && <CircleAlert aria-hidden className="size-4 shrink-0" />}
          <ToastContent className="min-w-0 flex-1 py-1">
            <Text slot="title">{item.content.text}</Text>
          </ToastContent>
          {item.content.onUndo && (
            <AriaButton
              className="h-7 rounded-md px-2 font-medium underline underline-offset-2 hover:no-underline"
              onPress={() => {
                void item.content.onUndo?.().catch(sayWhy)
                toasts.close(item.key)
              }}
            >
              {t('actions.undo')}
            </AriaButton>
          )}
          <AriaButton
            slot="close"
            aria-label={t('toast.close')}
            className="flex size-7 shrink-0 items-center justify-center rounded-md opacity-80 hover:opacity-100"
          >
            <X aria-hidden className="size-4" />
          </AriaButton>
        </AriaToast>
      )}
    </AriaToastRegion>
  )
}
