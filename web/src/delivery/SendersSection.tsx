import { AtSign, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { fieldErrors } from '../platform/api/problem.ts'
import { useRefusal } from '../platform/session.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { Section } from '../ui/Card.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorState, useErrorText } from '../ui/ErrorState.tsx'
import { FormDialog } from '../ui/FormDialog.tsx'
import { RowMenu } from '../ui/Menu.tsx'
import { Table } from '../ui/Table.tsx'
import { TextField } from '../ui/TextField.tsx'
import { toast } from '../ui/Toast.tsx'
import { useErrorToast } from '../ui/use-error-toast.ts'
import type { Sender } from './api.ts'
import { useAddSender, useRemoveSender, useSenders } from './api.ts'

/** Who mails may come from. */
export function SendersSection() {
  const t = useTranslations('delivery.senders')
  const refusal = useRefusal('delivery.write')
  const senders = useSenders()
  const remove = useRemove()
  const [isAdding, setAdding] = useState(false)
  return (
    <Section
      title={t('title')}
      note={t('note')}
      isFlush
      actions={
        <Button icon={<Plus aria-hidden />} disabledReason={refusal} onPress={() => setAdding(true)}>
          {t('add')}
        </Button>
      }
    >
      {senders.isError ? (
        <ErrorState error={senders.error} onRetry={senders.refetch} />
      ) : (
        <Table
          label={t('title')}
          rows={senders.data}
          rowKey={({ id }) => id}
          empty={
            <EmptyState icon={<AtSign />} title={t('emptyTitle')}>
              {t('empty')}
            </EmptyState>
          }
          columns={[
            {
              id: 'name',
              title: t('name'),
              isRowHeader: true,
              cell: ({ name }) => <span className="font-medium">{name}</span>,
            },
            { id: 'email', title: t('email'), cell: ({ email }) => email },
            { id: 'replyTo', title: t('replyTo'), cell: ({ replyTo }) => replyTo ?? '—' },
          ]}
          rowActions={(sender) => (
            <RowMenu
              entries={[
                {
                  id: 'remove',
                  label: t('remove'),
                  isDangerous: true,
                  disabledReason: refusal,
                  onAction: () => remove(sender),
                },
              ]}
            />
          )}
        />
      )}
      {isAdding && <AddSender onClose={() => setAdding(false)} />}
    </Section>
  )
}

/** Removes at once; undoing adds the same sender again. */
function useRemove() {
  const t = useTranslations('delivery.senders')
  const remove = useRemoveSender()
  const add = useAddSender()
  const sayWhy = useErrorToast()
  return ({ id, name, email, replyTo }: Sender) =>
    remove.mutate(id, {
      onSuccess: () =>
        toast({ text: t('removed', { name }), onUndo: () => add.mutateAsync({ name, email, replyTo }) }),
      onError: sayWhy,
    })
}

function AddSender({ onClose }: { onClose: () => void }) {
  const t = useTranslations('delivery.senders')
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [replyTo, setReplyTo] = useState('')
  const add = useAddSender()
  const issues = fieldErrors(add.error)
  const message = useErrorText(add.error)?.message
  return (
    <FormDialog
      title={t('add')}
      size="sm"
      action={t('add')}
      isPending={add.isPending}
      onSubmit={() =>
        add.mutate({ name, email, replyTo: replyTo === '' ? null : replyTo }, { onSuccess: onClose })
      }
      onClose={onClose}
    >
      {add.isError && Object.keys(issues).length === 0 && <Banner tone="error">{message}</Banner>}
      <TextField
        label={t('name')}
        hint={t('nameHint')}
        value={name}
        onChange={setName}
        error={issues['name']}
        isRequired
        autoFocus
      />
      <TextField
        label={t('email')}
        type="email"
        value={email}
        onChange={setEmail}
        error={issues['email']}
        isRequired
      />
      <TextField
        label={t('replyTo')}
        type="email"
        isOptional
        hint={t('replyToHint')}
        value={replyTo}
        onChange={setReplyTo}
        error={issues['replyTo']}
      />
    </FormDialog>
  )
}
