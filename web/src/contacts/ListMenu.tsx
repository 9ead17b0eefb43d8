import { Columns3, Download, Ellipsis, ListPlus } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { url } from '../platform/api/url.ts'
import { useRefusal } from '../platform/session.ts'
import { CheckboxGroup } from '../ui/Checkbox.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Menu } from '../ui/Menu.tsx'
import { useKitText } from '../ui/text.ts'
import { useFields } from './api.ts'
import type { ContactQuery } from './api.ts'
import { listColumns } from './use-shown-columns.ts'

/** Where the CSV of a filter, or of some people, is fetched. */
export function exportAddress(query: Omit<ContactQuery, 'sort'> & { ids?: string }): string {
  return url('/api/contacts/export', { query })
}

/** What else one may do with the whole list: columns, export, fields. */
export function ListMenu({
  filter,
  shown,
  onShown,
}: {
  filter: Omit<ContactQuery, 'sort'>
  shown: readonly string[]
  onShown: (shown: string[]) => void
}) {
  const t = useTranslations('contacts')
  const common = useKitText()
  const exportRefusal = useRefusal('contacts.export')
  const [isChoosing, setChoosing] = useState(false)
  return (
    <>
      <Menu
        label={common('actions.more')}
        placement="bottom end"
        trigger={
          <IconButton label={common('actions.more')}>
            <Ellipsis aria-hidden />
          </IconButton>
        }
        entries={[
          {
            id: 'columns',
            label: t('menu.columns'),
            icon: <Columns3 aria-hidden />,
            onAction: () => setChoosing(true),
          },
          { id: 'fields', label: t('menu.fields'), icon: <ListPlus aria-hidden />, href: '/audience/fields' },
          'separator',
          {
            id: 'export',
            label: t('menu.export'),
            icon: <Download aria-hidden />,
            note: t('menu.exportNote'),
            disabledReason: exportRefusal,
            onAction: () => location.assign(exportAddress(filter)),
          },
        ]}
      />
      <Dialog title={t('menu.columns')} size="sm" isOpen={isChoosing} onOpenChange={setChoosing}>
        <ColumnChoice shown={shown} onShown={onShown} />
      </Dialog>
    </>
  )
}

function ColumnChoice({ shown, onShown }: { shown: readonly string[]; onShown: (shown: string[]) => void }) {
  const t = useTranslations('contacts')
  const fields = useFields().data ?? []
  return (
    <CheckboxGroup
      label={t('menu.columnsLabel')}
      direction="column"
      value={shown}
      onChange={onShown}
      options={[
        ...listColumns.map((column) => ({ value: column as string, label: t(`fields.${column}`) })),
        ...fields.map(({ key, name }) => ({ value: `custom:${key}`, label: name })),
      ]}
    />
  )
}
