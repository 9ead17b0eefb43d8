import { useState } from 'react'
import type { ReactElement, ReactNode } from 'react'
import { Banner } from './Banner.tsx'
import { Button } from './Button.tsx'
import { Dialog } from './Dialog.tsx'
import { useErrorText } from './ErrorState.tsx'
import { useKitText } from './text.ts'

/** Properties of a confirmation. */
export interface ConfirmDialogProps {
  title: string
  /** What will happen, in a sentence, and whether it can be undone. */
  children: ReactNode
  /** The verb on the button: "Delete 3 contacts", never "OK". */
  action: string
  /** A promise keeps the dialog open until the work is done; why it was refused is said in it. */
  onConfirm: () => unknown
  trigger?: ReactElement
  isOpen?: boolean
  onOpenChange?: (isOpen: boolean) => void
  isDangerous?: boolean
  isPending?: boolean
}

/** Asks before what cannot be undone; for everything else, act and show a toast with Undo. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, children, action, onConfirm, trigger, isOpen, onOpenChange, isDangerous, isPending } = props
  const t = useKitText()
  const [refusal, setRefusal] = useState<unknown>(null)
  const { message } = useErrorText(refusal)
  return (
    <Dialog
      title={title}
      size="sm"
      {...(trigger === undefined ? {} : { trigger })}
      {...(isOpen === undefined ? {} : { isOpen })}
      onOpenChange={(isOpenNow) => {
        setRefusal(null)
        onOpenChange?.(isOpenNow)
      }}
      footer={(close) => (
        <>
          <Button onPress={close}>{t('actions.cancel')}</Button>
          <Button
            variant={isDangerous ? 'danger' : 'primary'}
            isPending={isPending ?? false}
            autoFocus={!isDangerous}
            onPress={() => {
              setRefusal(null)
              void Promise.resolve(onConfirm()).then(close, setRefusal)
            }}
          >
            {action}
          </Button>
        </>
      )}
    >
      <div className="grid gap-3">
        {refusal !== null && <Banner tone="error">{message}</Banner>}
        <div className="text-muted">{children}</div>
      </div>
    </Dialog>
  )
}
