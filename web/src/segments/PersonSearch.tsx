import type { routes } from '@fanfare/server/contacts/schema'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { client } from '../platform/api/client.ts'
import { ComboBox } from '../ui/ComboBox.tsx'
import { toast } from '../ui/Toast.tsx'
import { useAddMembers } from './api.ts'
import { useSettled } from '../platform/use-settled.ts'

const call = client<typeof routes>()
const SEARCH_AFTER_MS = 200
const SHOWN = 8

/** Finds a contact by name, e-mail or phone and puts them on the list. */
export function PersonSearch({ segmentId }: { segmentId: string }) {
  const t = useTranslations('segments')
  const [text, setText] = useState('')
  // A new key empties the box after each choice and keeps the focus in it, as the kit's TagInput does.
  const [round, setRound] = useState(0)
  const q = useSettled(text.trim(), SEARCH_AFTER_MS)
  const found = useQuery({
    queryKey: ['contacts', 'list', { q, limit: SHOWN }],
    queryFn: ({ signal }) => call('GET /api/contacts', { query: { q, limit: SHOWN }, signal }),
    enabled: q !== '',
    placeholderData: keepPreviousData,
  })
  const add = useAddMembers(segmentId)
  const people = q === '' ? [] : (found.data?.items ?? [])
  return (
    <ComboBox
      label={t('members.search')}
      isLabelHidden
      className="w-60"
      placeholder={t('members.searchPlaceholder')}
      key={round}
      autoFocus={round > 0}
      opensOn="input"
      value={null}
      onSearch={setText}
      options={people.map((person) => {
        const name = [person.firstName, person.lastName].filter(Boolean).join(' ')
        const address = person.email ?? person.phone ?? ''
        return {
          value: person.id,
          label: name === '' ? address : name,
          ...(name === '' ? {} : { note: address }),
        }
      })}
      onChange={(contactId) => {
        if (contactId === null) return
        setText('')
        setRound(round + 1)
        add.mutate(
          { contactIds: [contactId] },
          { onSuccess: ({ added, alreadyIn }) => toast({ text: t('members.added', { added, alreadyIn }) }) },
        )
      }}
    />
  )
}
