import { useTranslations } from 'use-intl'
import { HrefLink } from '../ui/Link.tsx'
import type { SegmentPerson } from './api.ts'

/** What a person is called: their name, else an address. */
export function nameOf({ firstName, lastName, email, phone }: SegmentPerson): string | null {
  const name = [firstName, lastName].filter((part) => part !== null && part !== '').join(' ')
  return name === '' ? (email ?? phone) : name
}

/** People by name, each a link to their profile. */
export function PeopleLinks({ people }: { people: readonly SegmentPerson[] }) {
  const t = useTranslations('segments')
  if (people.length === 0) return <p className="text-muted">{t('preview.noPeople')}</p>
  return (
    <ul className="grid grid-cols-1 gap-1">
      {people.map((person) => {
        const name = nameOf(person) ?? t('preview.nameless')
        return (
          <li key={person.id} className="flex min-w-0 items-baseline justify-between gap-3">
            <span className="min-w-0 truncate">
              <HrefLink href={`/audience/contacts/${person.id}`} tone="text">
                {name}
              </HrefLink>
            </span>
            {person.email !== null && person.email !== name && (
              <span className="min-w-0 truncate text-sm text-muted">{person.email}</span>
            )}
          </li>
        )
      })}
    </ul>
  )
}
