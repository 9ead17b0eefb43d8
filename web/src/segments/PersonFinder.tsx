import type { routes } from '@fanfare/server/contacts/schema'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../platform/api/client.ts'
import { useSettled } from '../platform/use-settled.ts'
import { ComboBox } from '../ui/ComboBox.tsx'

const call = client<typeof routes>()
const SEARCH_AFTER_MS = 200
const SHOWN = 8

interface PersonFinderProps {
  label: string
  isLabelHidden?: boolean
  placeholder: string
  onChoose: (person: { id: string; name: string }) => void
}

/** Finds a contact by name, e-mail or phone; empties itself after each choice and keeps the focus. */
export function PersonFinder({ label, isLabelHidden = false, placeholder, onChoose }: PersonFinderProps) {
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
  const options = (q === '' ? [] : (found.data?.items ?? [])).map((person) => {
    const name = [person.firstName, person.lastName].filter(Boolean).join(' ')
    const address = person.email ?? person.phone ?? ''
    return {
      value: person.id,
      label: name === '' ? address : name,
      ...(name === '' ? {} : { note: address }),
    }
  })
  return (
    <ComboBox
      label={label}
      isLabelHidden={isLabelHidden}
      className="w-60 max-w-full"
      placeholder={placeholder}
      key={round}
      autoFocus={round > 0}
      opensOn="input"
      value={null}
      onSearch={setText}
      options={options}
      onChange={(id) => {
        const chosen = options.find(({ value }) => value === id)
        if (chosen === undefined) return
        setText('')
        setRound(round + 1)
        onChoose({ id: chosen.value, name: chosen.label })
      }}
    />
  )
}
