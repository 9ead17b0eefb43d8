import { X } from 'lucide-react'
import {
  Button as AriaButton,
  Text,
  UNSTABLE_Toast as AriaToast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
} from 'react-aria-components'
import { useKitText } from './text.ts'

/** What a toast says. */
export interface ToastContentText {
  text: string
  tone?: 'plain' | 'error'
  /** Takes the action back; shown as a button. */
  onUndo?: () => unknown
}

const queue = new ToastQueue<ToastContentText>({ maxVisibleToasts: 3 })

// Ten seconds: long enough to read, reach and press Undo (WCAG 2.2.1 asks for no less where it acts).
const shownMs = 10_000

/** Says that something happened: `toast({ text: t('archived'), onUndo: () => restore(id) })`. */
export function toast(content: ToastContentText): void {
  queue.add(content, { timeout: shownMs })
}

/** Where toasts appear; once per page, in the shell. F6 reaches it. */
export function Toaster() {
  const t = useKitText()
  return (
    <ToastRegion
      queue={queue}
      aria-label={t('toast.region')}
      className="fixed right-4 bottom-4 left-4 z-60 flex flex-col items-end gap-2 outline-none sm:left-auto"
    >
      {({ toast: item }) => (
        <AriaToast
          toast={item}
          className="rise flex w-full max-w-md items-center gap-3 rounded-lg bg-text py-1.5 pr-1.5 pl-4 text-ground shadow-pop outline-none data-[focus-visible]:outline-2 data-[focus-visible]:outline-offset-2 data-[focus-visible]:outline-accent sm:w-auto"
        >
          <ToastContent className="min-w-0 flex-1 py-1">
            <Text slot="title">{item.content.text}</Text>
          </ToastContent>
          {item.content.onUndo && (
            <AriaButton
              className="h-7 rounded-md px-2 font-medium underline underline-offset-2 hover:no-underline"
              onPress={() => {
                void item.content.onUndo?.()
                queue.close(item.key)
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
    </ToastRegion>
  )
}
