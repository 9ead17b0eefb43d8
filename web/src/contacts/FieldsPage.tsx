import { Archive, ListPlus, Pencil, Plus, RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useRefusal } from '../platform/session.ts'
import { Button } from '../ui/Button.tsx'
import { InlineCode } from '../ui/CodeBlock.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { RowMenu } from '../ui/Menu.tsx'
import { Page } from '../ui/Page.tsx'
import { StatusBadge } from '../ui/StatusBadge.tsx'
import { Table } from '../ui/Table.tsx'
import type { TableColumn } from '../ui/Table.tsx'
import { toast } from '../ui/Toast.tsx'
import { useErrorToast } from '../ui/use-error-toast.ts'
import { useKitText } from '../ui/text.ts'
import { useChangeField, useFields } from './api.ts'
import type { CustomField } from './api.ts'
import { FieldDialog } from './FieldDialog.tsx'

/** The organization's own fields: what it wants to know of people beside what everybody has. */
export function FieldsPage() {
  const t = useTranslations('contacts.fieldsPage')
  const contacts = useTranslations('contacts')
  const refusal = useRefusal('contacts.write')
  const query = useFields({ archived: true })
  const [edited, setEdited] = useState<CustomField | 'new' | null>(null)
  const columns = useColumns()
  const add = (
    <Button
      variant="primary"
      icon={<Plus aria-hidden />}
      disabledReason={refusal}
      onPress={() => setEdited('new')}
    >
      {t('add')}
    </Button>
  )
  return (
    <Page
      title={t('title')}
      subtitle={t('about')}
      crumbs={[{ label: contacts('title'), href: '/audience/contacts' }]}
      actions={add}
    >
      {query.isError ? (
        <ErrorState error={query.error} onRetry={query.refetch} />
      ) : (
        <Table
          label={t('title')}
          columns={columns}
          rows={query.data}
          rowKey={({ id }) => id}
          rowActions={(field) => <FieldMenu field={field} onEdit={() => setEdited(field)} />}
          empty={
            <EmptyState icon={<ListPlus />} title={t('empty')}>
              {t('emptyText')}
            </EmptyState>
          }
        />
      )}
      {edited !== null && (
        <FieldDialog field={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />
      )}
    </Page>
  )
}

function FieldMenu({ field, onEdit }: { field: CustomField; onEdit: () => void }) {
  const t = useTranslations('contacts.fieldsPage')
  const common = useKitText()
  const refusal = useRefusal('contacts.write')
  const change = useChangeField()
  const sayWhy = useErrorToast()
  const isArchived = field.archivedAt !== null
  const archive = () =>
    change.mutate(
      { id: field.id, isArchived: true },
      {
        onSuccess: () =>
          toast({
            text: t('archived', { name: field.name }),
            onUndo: () => change.mutateAsync({ id: field.id, isArchived: false }),
          }),
        onError: sayWhy,
      },
    )
  return (
    <RowMenu
      entries={[
        {
          id: 'edit',
          label: common('actions.edit'),
          icon: <Pencil aria-hidden />,
          disabledReason: refusal,
          onAction: onEdit,
        },
        isArchived
          ? {
              id: 'restore',
              label: common('actions.restore'),
              icon: <RotateCcw aria-hidden />,
              disabledReason: refusal,
              onAction: () => change.mutate({ id: field.id, isArchived: false }, { onError: sayWhy }),
            }
          : {
              id: 'archive',
              label: t('archive'),
              icon: <Archive aria-hidden />,
              disabledReason: refusal,
              onAction: archive,
            },
      ]}
    />
  )
}

function useColumns(): TableColumn<CustomField>[] {
  const t = useTranslations('contacts.fieldsPage')
  return [
    { id: 'name', title: t('name'), isRowHeader: true, cell: ({ name }) => name },
    { id: 'type', title: t('type'), cell: ({ type }) => t(`types.${type}`) },
    {
      id: 'choices',
      title: t('choices'),
      isWideOnly: true,
      cell: ({ choices }) => (
        <span className="line-clamp-1 text-muted">{choices.length === 0 ? '—' : choices.join(' · ')}</span>
      ),
    },
    { id: 'key', title: t('key'), isWideOnly: true, cell: ({ key }) => <InlineCode>{key}</InlineCode> },
    {
      id: 'state',
      title: t('state'),
      cell: ({ archivedAt }) => <StatusBadge status={archivedAt === null ? 'active' : 'archived'} />,
    },
  ]
}
