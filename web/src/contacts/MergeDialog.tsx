import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { ComboBox } from '../ui/ComboBox.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { useErrorText } from '../ui/ErrorState.tsx'
import { FieldStack } from '../ui/Field.tsx'
import { RadioGroup } from '../ui/RadioGroup.tsx'
import { toast } from '../ui/Toast.tsx'
import { useKitText } from '../ui/text.ts'
import { findContacts, useFields, useMergeContacts } from './api.ts'
import type { Contact } from './api.ts'
import { nameOf, standardFields, useAttributeText, useFieldValue } from './person.ts'

/** Finds the second profile of this person, asks only where both say something else, and makes one of two. */
export function MergeDialog({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const t = useTranslations('contacts.merge')
  const common = useKitText()
  const [other, setOther] = useState<Contact | null>(null)
  const [fromMerged, setFromMerged] = useState<readonly string[]>([])
  const merge = useMergeContacts(contact.id)
  const { message } = useErrorText(merge.error)
  const confirm = () =>
    other &&
    merge.mutate(
      { mergedId: other.id, fromMerged: [...fromMerged] },
      {
        onSuccess: () => {
          toast({ text: t('done') })
          onClose()
        },
      },
    )
  return (
    <Dialog
      title={t('title')}
      isOpen
      isKeptOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      footer={
        <>
          <Button onPress={onClose}>{common('actions.cancel')}</Button>
          <Button variant="primary" isDisabled={other === null} isPending={merge.isPending} onPress={confirm}>
            {t('confirm')}
          </Button>
        </>
      }
    >
      <FieldStack>
        <p className="text-muted">{t('about')}</p>
        {merge.isError && <Banner tone="error">{message}</Banner>}
        <OtherPerson contact={contact} other={other} onChange={setOther} />
        {other && (
          <>
            <Conflicts kept={contact} merged={other} fromMerged={fromMerged} onChange={setFromMerged} />
            <Banner tone="warning">{t('final', { name: nameOf(other) ?? other.id })}</Banner>
          </>
        )}
      </FieldStack>
    </Dialog>
  )
}

function OtherPerson({
  contact,
  other,
  onChange,
}: {
  contact: Contact
  other: Contact | null
  onChange: (other: Contact | null) => void
}) {
  const t = useTranslations('contacts.merge')
  const [text, setText] = useState('')
  const found = useQuery({
    queryKey: ['contacts', 'find', text],
    queryFn: ({ signal }) => findContacts(text, signal),
    enabled: text.trim() !== '',
    placeholderData: keepPreviousData,
  })
  const people = (found.data?.items ?? []).filter(({ id }) => id !== contact.id)
  const listed = other && !people.some(({ id }) => id === other.id) ? [other, ...people] : people
  return (
    <ComboBox
      label={t('other')}
      hint={t('otherHint')}
      opensOn="input"
      autoFocus
      onSearch={setText}
      value={other?.id ?? null}
      options={listed.map((person) => ({
        value: person.id,
        label: nameOf(person) ?? person.id,
        note: [person.email, person.phone].filter(Boolean).join(' · '),
      }))}
      onChange={(id) => onChange(listed.find((person) => person.id === id) ?? null)}
    />
  )
}

/** The fields in which the two differ; everything else is united without asking. */
function Conflicts({
  kept,
  merged,
  fromMerged,
  onChange,
}: {
  kept: Contact
  merged: Contact
  fromMerged: readonly string[]
  onChange: (fromMerged: readonly string[]) => void
}) {
  const t = useTranslations('contacts')
  const show = useFieldValue()
  const showAttribute = useAttributeText()
  const fields = useFields().data ?? []
  const pairs = [
    ...standardFields.map((field) => ({
      field: field as string,
      label: t(`fields.${field}`),
      own: show(field, kept[field]),
      other: show(field, merged[field]),
    })),
    ...fields.map(({ key, name, type }) => ({
      field: `custom:${key}`,
      label: name,
      own: showAttribute(kept.attributes[key], type),
      other: showAttribute(merged.attributes[key], type),
    })),
  ].flatMap(({ own, other, ...pair }) =>
    own !== null && other !== null && own !== other ? [{ ...pair, own, other }] : [],
  )
  if (pairs.length === 0) return <p className="text-muted">{t('merge.noConflict')}</p>
  return (
    <>
      {pairs.map(({ field, label, own, other }) => (
        <RadioGroup
          key={field}
          label={label}
          options={[
            { value: 'kept' as const, label: own },
            { value: 'merged' as const, label: other },
          ]}
          value={fromMerged.includes(field) ? 'merged' : 'kept'}
          onChange={(choice) =>
            onChange(
              choice === 'merged'
                ? [...fromMerged, field]
                : fromMerged.filter((candidate) => candidate !== field),
            )
          }
        />
      ))}
    </>
  )
}
