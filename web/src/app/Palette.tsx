import { useQuery } from '@tanstack/react-query'
import { Search } from 'lucide-react'
import { useState } from 'react'
import {
  Autocomplete,
  Dialog,
  Header,
  Input,
  Menu,
  MenuItem,
  MenuSection,
  Modal,
  ModalOverlay,
  SearchField,
  Text,
  useFilter,
} from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { useSession } from '../platform/session.ts'
import { optionStyle } from '../ui/Option.tsx'
import type { PaletteEntry } from './palette-entries.ts'
import { findEntries, usePaletteEntries } from './palette-entries.ts'

/** Actions, places and things in one box (Ctrl K). */
export function Palette({
  isOpen,
  onOpenChange,
}: {
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
}) {
  const t = useTranslations('app.palette')
  return (
    <ModalOverlay
      isDismissable
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      className="fixed inset-0 z-50 flex items-start justify-center bg-shade p-4 pt-[10vh]"
    >
      <Modal className="rise w-full max-w-[600px] overflow-hidden rounded-xl border border-line bg-panel shadow-pop">
        <Dialog aria-label={t('label')} className="outline-none">
          <PaletteBox onDone={() => onOpenChange(false)} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

function PaletteBox({ onDone }: { onDone: () => void }) {
  const t = useTranslations('app.palette')
  const { can } = useSession()
  const { contains } = useFilter({ sensitivity: 'base' })
  const [text, setText] = useState('')
  const { actions, places, translate } = usePaletteEntries()
  const { data: groups = [] } = useQuery({
    queryKey: ['palette', text],
    queryFn: ({ signal }) => findEntries(text, can, signal),
    enabled: text.trim().length >= 2,
    placeholderData: (previous) => previous,
  })
  const match = (entries: readonly PaletteEntry[]) =>
    entries.filter((entry) => contains(entry.label, text.trim()))
  return (
    <Autocomplete inputValue={text} onInputChange={setText}>
      <SearchField
        aria-label={t('open')}
        autoFocus
        className="flex items-center gap-2 border-b border-line px-4"
      >
        <Search aria-hidden className="size-4 text-muted" />
        <Input
          placeholder={t('open')}
          className="h-12 w-full bg-transparent text-lg outline-none placeholder:text-muted [&::-webkit-search-cancel-button]:hidden"
        />
      </SearchField>
      <Menu
        aria-label={t('label')}
        onAction={onDone}
        className="max-h-[min(60vh,420px)] overflow-auto p-2 outline-none"
        renderEmptyState={() => <p className="px-2 py-6 text-center text-muted">{t('empty')}</p>}
      >
        {section('actions', t('actions'), match(actions))}
        {section('places', t('places'), match(places))}
        {text.trim().length >= 2 &&
          groups.map((group) => section(group.id, translate(group.heading), group.entries))}
      </Menu>
    </Autocomplete>
  )
}

function section(id: string, heading: string, entries: readonly PaletteEntry[]) {
  if (entries.length === 0) return null
  return (
    <MenuSection key={id} id={id}>
      <Header className="px-2 pt-2 pb-1 text-sm text-muted">{heading}</Header>
      {entries.map(({ icon: Icon, ...entry }) => (
        <MenuItem
          key={entry.id}
          id={entry.id}
          textValue={entry.label}
          href={entry.href}
          className={optionStyle}
        >
          <Icon aria-hidden className="text-muted" />
          <Text slot="label" className="flex min-w-0 flex-1 items-center justify-between gap-4">
            <span className="truncate">{entry.label}</span>
            {entry.keys !== undefined && (
              <kbd className="font-sans text-sm text-muted uppercase">{entry.keys}</kbd>
            )}
          </Text>
        </MenuItem>
      ))}
    </MenuSection>
  )
}
