import { useNavigate } from '@tanstack/react-router'
import { ClipboardList, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { useRefusal } from '../platform/session.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorState, useErrorText } from '../ui/ErrorState.tsx'
import { FormDialog } from '../ui/FormDialog.tsx'
import { RowMenu } from '../ui/Menu.tsx'
import { Page } from '../ui/Page.tsx'
import { Pagination } from '../ui/Pagination.tsx'
import { Badge } from '../ui/StatusBadge.tsx'
import { Table } from '../ui/Table.tsx'
import { TextField } from '../ui/TextField.tsx'
import { toast } from '../ui/Toast.tsx'
import type { FormDraft, ListedForm } from './api.ts'
import { useArchiveForm, useCreateForm, useForms } from './api.ts'

/** All sign-up forms. */
export function FormList() {
  const t = useTranslations('pages')
  const format = useFormat()
  const refusal = useRefusal('pages.write')
  const query = useForms()
  const archive = useArchiveForm()
  const [isMaking, setMaking] = useState(false)
  const [archiving, setArchiving] = useState<ListedForm | null>(null)
  const rows = query.data?.pages.flatMap((page) => page.items)
  return (
    <Page
      title={t('title')}
      subtitle={t('subtitle')}
      actions={
        <Button
          variant="primary"
          icon={<Plus aria-hidden />}
          disabledReason={refusal}
          onPress={() => setMaking(true)}
        >
          {t('new')}
        </Button>
      }
    >
      {query.isError ? (
        <ErrorState error={query.error} onRetry={query.refetch} />
      ) : (
        <Table
          label={t('title')}
          rows={rows}
          rowKey={({ id }) => id}
          rowHref={({ id }) => `/forms/${id}`}
          rowActions={(form) => (
            <RowMenu
              entries={[
                {
                  id: 'archive',
                  label: t('archive'),
                  isDangerous: true,
                  disabledReason: refusal,
                  onAction: () => setArchiving(form),
                },
              ]}
            />
          )}
          columns={[
            { id: 'name', title: t('name'), isRowHeader: true, cell: ({ name }) => name },
            {
              id: 'state',
              title: t('state'),
              cell: ({ state }) => (
                <Badge tone={state === 'published' ? 'green' : 'grey'}>{t(`states.${state}`)}</Badge>
              ),
            },
            {
              id: 'optIn',
              title: t('optIn'),
              isWideOnly: true,
              cell: ({ definition }) => (
                <span className="text-muted">
                  {definition.doubleOptIn ? t('doubleOptIn') : t('singleOptIn')}
                </span>
              ),
            },
            {
              id: 'version',
              title: t('version'),
              isWideOnly: true,
              cell: ({ version }) => <span className="figures">{format.number(version)}</span>,
            },
            {
              id: 'updated',
              title: t('updated'),
              cell: ({ updatedAt }) => (
                <span className="whitespace-nowrap text-muted">{format.dateTime(updatedAt)}</span>
              ),
            },
          ]}
          empty={
            <EmptyState icon={<ClipboardList />} title={t('empty')}>
              {t('emptyText')}
            </EmptyState>
          }
        />
      )}
      <Pagination shown={rows?.length ?? 0} pages={query} number={format.number} />
      {isMaking && <NewForm onClose={() => setMaking(false)} />}
      <ConfirmDialog
        title={t('archiveTitle')}
        action={t('archiveAction')}
        isDangerous
        isOpen={archiving !== null}
        isPending={archive.isPending}
        onOpenChange={(isOpen) => !isOpen && setArchiving(null)}
        onConfirm={() =>
          archiving &&
          archive.mutateAsync(archiving.id).then(() => {
            toast({ text: t('archived') })
            setArchiving(null)
          })
        }
      >
        {t('archiveText', { name: archiving?.name ?? '' })}
      </ConfirmDialog>
    </Page>
  )
}

/** A form to begin with: an address, a first name, one box for the newsletter. */
const FIRST_DRAFT: FormDraft = {
  languages: ['en', 'fr'],
  title: { en: 'Our newsletter', fr: 'Notre lettre d’information' },
  fields: [{ field: 'email', isRequired: true }, { field: 'firstName' }],
  boxes: [
    {
      key: 'newsletter',
      channel: 'email',
      wording: {
        en: 'I would like to receive the newsletter by e-mail. I can leave at any time.',
        fr: 'Je souhaite recevoir la lettre d’information par e-mail. Je peux me désabonner à tout moment.',
      },
    },
  ],
  doubleOptIn: true,
}

function NewForm({ onClose }: { onClose: () => void }) {
  const t = useTranslations('pages')
  const navigate = useNavigate()
  const create = useCreateForm()
  const [name, setName] = useState('')
  const message = useErrorText(create.error)?.message
  const submit = () =>
    create.mutate(
      { name, definition: FIRST_DRAFT },
      { onSuccess: ({ id }) => void navigate({ to: '/forms/$id', params: { id } }) },
    )
  return (
    <FormDialog
      title={t('new')}
      size="sm"
      action={t('create')}
      isPending={create.isPending}
      isDisabled={name.trim() === ''}
      onSubmit={submit}
      onClose={onClose}
    >
      {create.error && <Banner tone="error">{message}</Banner>}
      <TextField
        label={t('name')}
        hint={t('nameHint')}
        value={name}
        onChange={setName}
        maxLength={120}
        autoFocus
        isRequired
      />
    </FormDialog>
  )
}
