import { useId, type ReactNode } from 'react'
import { Button } from './Button.tsx'
import { Dialog } from './Dialog.tsx'
import { FieldStack } from './Field.tsx'
import { useKitText } from './text.ts'

/** Properties of a form in a dialog. It is open for as long as it is drawn. */
export interface FormDialogProps {
  title: string
  /** Fields, and above them what went wrong. */
  children: ReactNode
  /** The verb on the button that submits. */
  action: string
  /** Called by the button and by Enter. */
  onSubmit: () => void
  onClose: () => void
  size?: 'sm' | 'md' | 'lg'
  isPending?: boolean
  isDangerous?: boolean
  isDisabled?: boolean
  /** Why nothing can be submitted yet. */
  disabledReason?: string | undefined
  /** Buttons before the two. */
  extra?: ReactNode
  /** For work that a click beside must not lose. */
  isKeptOpen?: boolean
}

/** A small form in the middle of the screen, with a way out and one primary action. */
export function FormDialog({
  title,
  children,
  action,
  onSubmit,
  onClose,
  size = 'md',
  isPending = false,
  isDangerous = false,
  isDisabled = false,
  disabledReason,
  extra,
  isKeptOpen = false,
}: FormDialogProps) {
  const t = useKitText()
  const form = useId()
  return (
    <Dialog
      title={title}
      size={size}
      isOpen
      isKeptOpen={isKeptOpen}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      footer={
        <>
          {extra}
          <Button onPress={onClose}>{t('actions.cancel')}</Button>
          <Button
            variant={isDangerous ? 'danger' : 'primary'}
            type="submit"
            form={form}
            isPending={isPending}
            isDisabled={isDisabled}
            disabledReason={disabledReason}
          >
            {action}
          </Button>
        </>
      }
    >
      <form
        id={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          onSubmit()
        }}
      >
        <FieldStack>{children}</FieldStack>
      </form>
    </Dialog>
  )
}
