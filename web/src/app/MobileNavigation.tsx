import { Dialog, Modal, ModalOverlay } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { Sidebar } from './Sidebar.tsx'

/** The sidebar as a sheet from the left, on narrow screens. */
export function MobileNavigation({ onClose, onSearch }: { onClose: () => void; onSearch: () => void }) {
  const t = useTranslations('app')
  return (
    <ModalOverlay
      isDismissable
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      className="fixed inset-0 z-50 bg-shade"
    >
      <Modal className="h-dvh w-64 max-w-[85vw] border-r border-line bg-ground shadow-pop">
        <Dialog aria-label={t('navigation.label')} className="h-full outline-none">
          <Sidebar
            onNavigate={onClose}
            onSearch={() => {
              onClose()
              onSearch()
            }}
          />
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
