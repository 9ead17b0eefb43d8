import { useTranslations } from 'use-intl'
import { LinkButton } from '../ui/Link.tsx'
import { Section } from '../ui/Card.tsx'
import { useFields } from './api.ts'
import type { Contact } from './api.ts'
import { EditableValue } from './EditableValue.tsx'
import { standardFields, useAttributeText, useFieldValue } from './person.ts'

/** The fields that every contact has, each changed in its place. */
export function ContactDetails({ contact }: { contact: Contact }) {
  const t = useTranslations('contacts')
  const show = useFieldValue()
  return (
    <Section title={t('details')}>
      <dl className="grid grid-cols-1">
        {standardFields.map((field) => (
          <EditableValue
            key={field}
            contactId={contact.id}
            label={t(`fields.${field}`)}
            field={field}
            value={contact[field]}
            text={show(field, contact[field])}
          />
        ))}
      </dl>
    </Section>
  )
}

/** The organization's own fields. */
export function CustomDetails({ contact }: { contact: Contact }) {
  const t = useTranslations('contacts')
  const show = useAttributeText()
  const fields = useFields().data ?? []
  return (
    <Section
      title={t('fieldsPage.title')}
      actions={
        <LinkButton to="/audience/fields" size="sm" variant="quiet">
          {t('fieldsPage.manage')}
        </LinkButton>
      }
    >
      {fields.length === 0 ? (
        <p className="text-muted">{t('fieldsPage.none')}</p>
      ) : (
        <dl className="grid grid-cols-1">
          {fields.map((custom) => (
            <EditableValue
              key={custom.id}
              contactId={contact.id}
              label={custom.name}
              field={`custom:${custom.key}`}
              custom={custom}
              value={contact.attributes[custom.key] ?? null}
              text={show(contact.attributes[custom.key], custom.type)}
            />
          ))}
        </dl>
      )}
    </Section>
  )
}
