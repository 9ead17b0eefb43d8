import { Menu as MenuIcon, Search } from 'lucide-react'
import { useState } from 'react'
import { Dialog, Modal, ModalOverlay } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { useSession } from '../platform/session.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { Sidebar } from './Sidebar.tsx'

/** On narrow screens: the bar at the top, and the sidebar behind its button. */
export function MobileBar({ onSearch }: { onSearch: () => void }) {
  const t = useTranslations('app')
  const { organization } = useSession()
  const [isOpen, setOpen] = useState(false)
  const close = () => setOpen(false)
  return (
    <header className="sticky top-0 z-30 flex h-12 items-center gap-2 border-b border-line bg-ground px-2 md:hidden">
      <IconButton label={t('navigation.open')} onPress={() => setOpen(true)}>
        <MenuIcon aria-hidden />
      </IconButton>
      <p className="min-w-0 flex-1 truncate font-semibold">{organization?.name ?? 'Fanfare'}</p>
      <IconButton label={t('palette.open')} onPress={onSearch}>
        <Search aria-hidden />
      </IconButton>
      <ModalOverlay
        isDismissable
        isOpen={isOpen}
        onOpenChange={setOpen}
        className="fixed inset-0 z-50 bg-shade"
      >
        <Modal className="h-dvh w-64 max-w-[85vw] border-r border-line bg-ground shadow-pop">
          <Dialog aria-label={t('navigation.label')} className="h-full outline-none">
            <Sidebar
              onNavigate={close}
              onSearch={() => {
                close()
                onSearch()
              }}
            />
          </Dialog>
        </Modal>
      </ModalOverlay>
    </header>
  )
}
