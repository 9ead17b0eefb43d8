import { X } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { Dialog as AriaDialog, DialogTrigger, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { cx } from './cx.ts'
import { IconButton } from './IconButton.tsx'
import { useKitText } from './text.ts'

/** What opens and closes a dialog: either a `trigger` button, or `isOpen` and `onOpenChange`. */
export interface OverlayProps {
  title: string
  /** A button of the kit; leave it out when you control `isOpen`. */
  trigger?: ReactElement
  isOpen?: boolean
  onOpenChange?: (isOpen: boolean) => void
  children: ReactNode | ((close: () => void) => ReactNode)
  /** The buttons at the bottom, the primary one last. */
  footer?: ReactNode | ((close: () => void) => ReactNode)
  /** For work that a click beside must not lose. */
  isKeptOpen?: boolean
}

/** A question or a small form in the middle of the screen, with one primary action. */
export function Dialog({ size = 'md', ...props }: OverlayProps & { size?: 'sm' | 'md' | 'lg' }) {
  return (
    <Overlay
      {...props}
      overlayClass="items-center justify-center p-4"
      panelClass={cx('rise max-h-[calc(100dvh-2rem)] rounded-xl', sizes[size])}
    />
  )
}

/** A panel at the right edge for reading or editing beside the page; full width on a telephone. */
export function Sheet({ size = 'md', ...props }: OverlayProps & { size?: 'md' | 'lg' }) {
  return (
    <Overlay
      {...props}
      overlayClass="justify-end"
      panelClass={cx('slide h-dvh border-y-0 border-r-0', size === 'md' ? 'max-w-lg' : 'max-w-3xl')}
    />
  )
}

const sizes = { sm: 'max-w-sm', md: 'max-w-[560px]', lg: 'max-w-3xl' }

function Overlay(props: OverlayProps & { overlayClass: string; panelClass: string }) {
  const { title, trigger, isOpen, onOpenChange, children, footer, isKeptOpen } = props
  const t = useKitText()
  const overlay = (
    <ModalOverlay
      isDismissable={!isKeptOpen}
      {...(trigger === undefined && isOpen !== undefined ? { isOpen } : {})}
      {...(trigger === undefined && onOpenChange ? { onOpenChange } : {})}
      className={cx('fixed inset-0 z-50 flex bg-shade', props.overlayClass)}
    >
      <Modal className={cx('flex w-full flex-col border border-line bg-panel shadow-pop', props.panelClass)}>
        <AriaDialog className="flex min-h-0 flex-1 flex-col outline-none">
          {({ close }) => (
            <>
              <header className="flex items-center justify-between gap-4 border-b border-line py-3 pr-3 pl-5">
                <Heading slot="title" className="min-w-0 text-lg font-semibold">
                  {title}
                </Heading>
                <IconButton label={t('actions.close')} onPress={close}>
                  <X aria-hidden />
                </IconButton>
              </header>
              <div className="min-h-0 flex-1 overflow-y-auto p-5">
                {typeof children === 'function' ? children(close) : children}
              </div>
              {footer !== undefined && (
                <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">
                  {typeof footer === 'function' ? footer(close) : footer}
                </footer>
              )}
            </>
          )}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
  if (trigger === undefined) return overlay
  return (
    <DialogTrigger {...(isOpen === undefined ? {} : { isOpen })} {...(onOpenChange ? { onOpenChange } : {})}>
      {trigger}
      {overlay}
    </DialogTrigger>
  )
}
