import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { Merge, Trash2 } from 'lucide-react'
import { Suspense, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { useRefusal } from '../platform/session.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { Button } from '../ui/Button.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { RowMenu } from '../ui/Menu.tsx'
import { Page } from '../ui/Page.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import { toast } from '../ui/Toast.tsx'
import { useErrorToast } from '../ui/use-error-toast.ts'
import { useKitText } from '../ui/text.ts'
import { useChangeContacts, useContact, useUndoChange } from './api.ts'
import type { Contact } from './api.ts'
import { ContactDetails, CustomDetails } from './ContactDetails.tsx'
import { ContactTags } from './ContactTags.tsx'
import { MergeDialog } from './MergeDialog.tsx'
import { contactPanels } from './panels.ts'
import { nameOf } from './person.ts'
import { SourceWord } from './use-columns.tsx'

const route = getRouteApi('/shell/audience/contacts/$id')

/** One person: what is known, what they allowed, what happened. */
export function ContactPage() {
  const t = useTranslations('contacts')
  const { id } = route.useParams()
  const query = useContact(id)
  const crumbs = [{ label: t('title'), href: '/audience/contacts' }]
  if (query.isError)
    return (
      <Page title={t('person')} crumbs={crumbs}>
        <ErrorState error={query.error} onRetry={query.refetch} />
      </Page>
    )
  if (!query.data)
    return (
      <Page title={t('person')} crumbs={crumbs}>
        <SectionSkeleton />
      </Page>
    )
  return <Profile key={id} contact={query.data} />
}

function Profile({ contact }: { contact: Contact }) {
  const t = useTranslations('contacts')
  const name = nameOf(contact) ?? t('nameless')
  return (
    <Page
      title={name}
      crumbs={[{ label: t('title'), href: '/audience/contacts' }, { label: name }]}
      heading={
        <span className="flex min-w-0 items-center gap-3">
          <Avatar name={name} size="lg" />
          <span className="min-w-0">{name}</span>
        </span>
      }
      subtitle={<Origin contact={contact} />}
      actions={<Actions contact={contact} name={name} />}
    >
      <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-[minmax(0,5fr)_minmax(0,6fr)]">
        <div className="grid min-w-0 grid-cols-1 gap-5">
          <ContactDetails contact={contact} />
          <ContactTags contact={contact} />
          <CustomDetails contact={contact} />
        </div>
        <div className="grid min-w-0 grid-cols-1 gap-5">
          {contactPanels().map(({ id, Panel }) => (
            <Suspense key={id} fallback={<SectionSkeleton />}>
              <Panel contactId={contact.id} />
            </Suspense>
          ))}
        </div>
      </div>
    </Page>
  )
}

function Origin({ contact }: { contact: Contact }) {
  const t = useTranslations('contacts')
  const format = useFormat()
  return (
    <>
      {t('addedAt', { date: format.date(contact.createdAt) })} · <SourceWord source={contact.source} />
    </>
  )
}

function Actions({ contact, name }: { contact: Contact; name: string }) {
  const t = useTranslations('contacts')
  const common = useKitText()
  const navigate = useNavigate()
  const writeRefusal = useRefusal('contacts.write')
  const deleteRefusal = useRefusal('contacts.delete')
  const change = useChangeContacts()
  const undo = useUndoChange()
  const sayWhy = useErrorToast()
  const [isMerging, setMerging] = useState(false)
  const remove = () =>
    // A promise, and no callback of the mutation: this page says that nobody is here as soon as it asks again.
    void change
      .mutateAsync({ action: { kind: 'delete' }, selection: { kind: 'ids', ids: [contact.id] } })
      .then(({ id }) => {
        toast({ text: t('deleted', { name }), onUndo: () => undo.mutateAsync(id) })
        return navigate({ to: '/audience/contacts' })
      })
      .catch(sayWhy)
  return (
    <>
      <Button icon={<Merge aria-hidden />} disabledReason={writeRefusal} onPress={() => setMerging(true)}>
        {t('merge.open')}
      </Button>
      <RowMenu
        entries={[
          {
            id: 'delete',
            label: common('actions.delete'),
            icon: <Trash2 aria-hidden />,
            isDangerous: true,
            disabledReason: deleteRefusal,
            onAction: remove,
          },
        ]}
      />
      {isMerging && <MergeDialog contact={contact} onClose={() => setMerging(false)} />}
    </>
  )
}
