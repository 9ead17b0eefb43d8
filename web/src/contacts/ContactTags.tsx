import { useTranslations } from 'use-intl'
import { useRefusal } from '../platform/session.ts'
import { Section } from '../ui/Card.tsx'
import { Tags } from '../ui/Tag.tsx'
import { TagInput } from '../ui/TagInput.tsx'
import { useErrorToast } from '../ui/use-error-toast.ts'
import { useTags, useUpdateContact } from './api.ts'
import type { Contact } from './api.ts'

/** The tags of a person; each change is kept at once. */
export function ContactTags({ contact }: { contact: Contact }) {
  const t = useTranslations('contacts')
  const refusal = useRefusal('contacts.write')
  const known = useTags().data ?? []
  const update = useUpdateContact(contact.id)
  const sayWhy = useErrorToast()
  // What was just chosen is shown while it is on its way.
  const tags = update.isPending ? (update.variables.tags ?? contact.tags) : contact.tags
  return (
    <Section title={t('fields.tags')}>
      {refusal === undefined ? (
        <TagInput
          label={t('fields.tags')}
          isLabelHidden
          value={tags}
          suggestions={known}
          onChange={(next) => update.mutate({ tags: next }, { onError: sayWhy })}
        />
      ) : contact.tags.length === 0 ? (
        <p className="text-muted">{t('noTags')}</p>
      ) : (
        <Tags label={t('fields.tags')} tags={contact.tags} />
      )}
    </Section>
  )
}
