import { Check, ChevronDown, UserRound } from 'lucide-react'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '../ui/Button.tsx'
import { cx } from '../ui/cx.ts'
import { Popover } from '../ui/Popover.tsx'
import { SearchField } from '../ui/SearchField.tsx'
import { useContactsLike } from './api.ts'
import type { PreviewAs } from './api.ts'
import { useSettled } from '../platform/use-settled.ts'

const SAMPLES = ['typical', 'no_name', 'long_name', 'right_to_left'] as const

/** Somebody to look at the mail as; `name` is a contact's, so that it need not be asked for again. */
export interface PreviewPerson {
  as: PreviewAs
  name: string
}

/** As whom the mail is looked at: people who are not there first, then real contacts by search. */
export function PreviewAsPicker({
  person,
  onChange,
}: {
  person: PreviewPerson
  onChange: (person: PreviewPerson) => void
}) {
  const t = useTranslations('content')
  const name = 'sample' in person.as ? t(`preview.samples.${person.as.sample}`) : person.name
  return (
    <Popover
      label={t('preview.as')}
      trigger={
        <Button icon={<UserRound aria-hidden />} aria-label={t('preview.asNamed', { name })}>
          <span className="max-w-52 truncate">{name}</span>
          <ChevronDown aria-hidden />
        </Button>
      }
    >
      {({ close }) => (
        <Choices
          value={person.as}
          onChoose={(as, chosenName) => {
            onChange({ as, name: chosenName })
            close()
          }}
        />
      )}
    </Popover>
  )
}

function Choices({ value, onChoose }: { value: PreviewAs; onChoose: (as: PreviewAs, name: string) => void }) {
  const t = useTranslations('content')
  const [text, setText] = useState('')
  const { data } = useContactsLike(useSettled(text.trim()))
  const contacts = data?.items ?? []
  return (
    <div className="grid gap-4">
      <List title={t('preview.edgeCases')}>
        {SAMPLES.map((sample) => (
          <Choice
            key={sample}
            name={t(`preview.samples.${sample}`)}
            isChosen={'sample' in value && value.sample === sample}
            onPress={() => onChoose({ sample }, '')}
          />
        ))}
      </List>
      <List title={t('preview.contacts')}>
        <li className="px-2 pb-1">
          <SearchField label={t('preview.searchContacts')} value={text} onChange={setText} />
        </li>
        {contacts.map((contact) => {
          const name = [contact.firstName, contact.lastName].filter(Boolean).join(' ')
          const shown = name === '' ? (contact.email ?? contact.id) : name
          return (
            <Choice
              key={contact.id}
              name={shown}
              note={name === '' ? null : contact.email}
              isChosen={'contactId' in value && value.contactId === contact.id}
              onPress={() => onChoose({ contactId: contact.id }, shown)}
            />
          )
        })}
        {data && contacts.length === 0 && <li className="px-2 text-muted">{t('preview.noContacts')}</li>}
      </List>
    </div>
  )
}

function List({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h3 className="px-2 pb-1 text-sm text-muted">{title}</h3>
      <ul className="grid gap-0.5">{children}</ul>
    </section>
  )
}

function Choice({
  name,
  note,
  isChosen,
  onPress,
}: {
  name: string
  note?: string | null
  isChosen: boolean
  onPress: () => void
}) {
  return (
    <li>
      <button
        type="button"
        aria-pressed={isChosen}
        onClick={onPress}
        className={cx(
          'flex w-full items-center gap-2 rounded-md px-2 py-1.5 text-left hover:bg-soft',
          isChosen && 'bg-soft',
        )}
      >
        <span className="min-w-0 flex-1">
          <span className="block truncate">{name}</span>
          {note !== undefined && note !== null && (
            <span className="block truncate text-sm text-muted">{note}</span>
          )}
        </span>
        {isChosen && <Check aria-hidden className="size-4 shrink-0 text-accent-text" />}
      </button>
    </li>
  )
}
