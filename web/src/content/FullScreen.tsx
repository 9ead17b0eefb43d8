import { Minimize2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { Button } from '../ui/Button.tsx'

/** The whole window for the work at hand; Escape inside the code belongs to the code, so a button closes. */
export function FullScreen({
  title,
  onClose,
  children,
}: {
  title: string
  onClose: () => void
  children: ReactNode
}) {
  const t = useTranslations('content')
  return (
    <ModalOverlay
      isOpen
      isKeyboardDismissDisabled
      onOpenChange={(isOpen) => !isOpen && onClose()}
      className="fixed inset-0 z-50 bg-ground"
    >
      <Modal className="h-dvh w-full">
        <Dialog className="flex h-full flex-col outline-none">
          <header className="flex items-center justify-between gap-4 border-b border-line px-5 py-2.5">
            <Heading slot="title" className="min-w-0 truncate text-lg font-semibold">
              {title}
            </Heading>
            <Button icon={<Minimize2 aria-hidden />} onPress={onClose}>
              {t('editor.notFull')}
            </Button>
          </header>
          <div className="min-h-0 flex-1 overflow-auto p-5">{children}</div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
