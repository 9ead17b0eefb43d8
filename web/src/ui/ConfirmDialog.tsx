import type { ReactElement, ReactNode } from 'react'
import { Button } from './Button.tsx'
import { Dialog } from './Dialog.tsx'
import { useKitText } from './text.ts'

/** Properties of a confirmation. */
export interface ConfirmDialogProps {
  title: string
  /** What will happen, in a sentence, and whether it can be undone. */
  children: ReactNode
  /** The verb on the button: "Delete 3 contacts", never "OK". */
  action: string
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
  return (
    <Dialog
      title={title}
      size="sm"
      {...(trigger === undefined ? {} : { trigger })}
      {...(isOpen === undefined ? {} : { isOpen })}
      {...(onOpenChange === undefined ? {} : { onOpenChange })}
      footer={(close) => (
        <>
          <Button onPress={close}>{t('actions.cancel')}</Button>
          <Button
            variant={isDangerous ? 'danger' : 'primary'}
            isPending={isPending ?? false}
            autoFocus={!isDangerous}
            onPress={() => {
              // A promise keeps the dialog open until the work is done, so that a refusal is seen in place.
              void Promise.resolve(onConfirm()).then(close, () => undefined)
            }}
          >
            {action}
          </Button>
        </>
      )}
    >
      <div className="text-muted">{children}</div>
    </Dialog>
  )
}
