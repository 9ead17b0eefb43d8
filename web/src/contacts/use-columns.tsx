import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import type { TableColumn } from '../ui/Table.tsx'
import { Tag } from '../ui/Tag.tsx'
import { useFields } from './api.ts'
import type { Contact, CustomField } from './api.ts'
import { nameOf, useAttributeText, useNames } from './person.ts'
import { listColumns } from './use-shown-columns.ts'
import type { ListColumn } from './use-shown-columns.ts'

const TAGS_SHOWN = 3
const dash = <span className="text-muted">—</span>

/** The columns of the list: the name, then those that the reader wants. */
export function useColumns(shown: readonly string[]): TableColumn<Contact>[] {
  const t = useTranslations('contacts')
  const standard = useStandardColumns()
  const attributeText = useAttributeText()
  const fields = useFields().data ?? []
  const custom = fields
    .filter(({ key }) => shown.includes(`custom:${key}`))
    .map((field) => customColumn(field, attributeText))
  return [
    {
      id: 'name',
      title: t('fields.name'),
      isRowHeader: true,
      isSortable: true,
      cell: (contact) => nameOf(contact) ?? t('nameless'),
    },
    ...listColumns.filter((column) => shown.includes(column)).map((column) => standard[column]),
    ...custom,
  ]
}

function customColumn(field: CustomField, text: ReturnType<typeof useAttributeText>): TableColumn<Contact> {
  return {
    id: `custom:${field.key}`,
    title: field.name,
    isWideOnly: true,
    ...(field.type === 'number' ? { align: 'end' as const } : {}),
    cell: ({ attributes }) => text(attributes[field.key], field.type) ?? dash,
  }
}

function useStandardColumns(): Record<ListColumn, TableColumn<Contact>> {
  const t = useTranslations('contacts')
  const format = useFormat()
  const names = useNames()
  const plain = (id: 'city' | 'subscriptionTier' | 'subscriptionStatus'): TableColumn<Contact> => ({
    id,
    title: t(`fields.${id}`),
    isWideOnly: true,
    cell: (contact) => contact[id] ?? dash,
  })
  return {
    email: {
      id: 'email',
      title: t('fields.email'),
      isSortable: true,
      cell: ({ email }) => (email === null ? dash : <span className="break-all">{email}</span>),
    },
    phone: {
      id: 'phone',
      title: t('fields.phone'),
      cell: ({ phone }) =>
        phone === null ? dash : <span className="figures whitespace-nowrap">{phone}</span>,
    },
    tags: {
      id: 'tags',
      title: t('fields.tags'),
      isWideOnly: true,
      cell: ({ tags }) => <TagWords tags={tags} />,
    },
    country: {
      id: 'country',
      title: t('fields.country'),
      isWideOnly: true,
      cell: ({ country }) => (country === null ? dash : names.country(country)),
    },
    city: plain('city'),
    language: {
      id: 'language',
      title: t('fields.language'),
      isWideOnly: true,
      cell: ({ language }) => (language === null ? dash : names.language(language)),
    },
    subscriptionTier: plain('subscriptionTier'),
    subscriptionStatus: plain('subscriptionStatus'),
    source: {
      id: 'source',
      title: t('fields.source'),
      isWideOnly: true,
      cell: ({ source }) => <SourceWord source={source} />,
    },
    createdAt: {
      id: 'createdAt',
      title: t('fields.createdAt'),
      isSortable: true,
      isWideOnly: true,
      cell: ({ createdAt }) => <span className="whitespace-nowrap text-muted">{format.date(createdAt)}</span>,
    },
  }
}

function TagWords({ tags }: { tags: readonly string[] }) {
  if (tags.length === 0) return dash
  return (
    <span className="flex flex-wrap gap-1">
      {tags.slice(0, TAGS_SHOWN).map((tag) => (
        <Tag key={tag}>{tag}</Tag>
      ))}
      {tags.length > TAGS_SHOWN && <span className="text-sm text-muted">+{tags.length - TAGS_SHOWN}</span>}
    </span>
  )
}

/** Where a contact came from, in words; connectors by their own name. */
export function SourceWord({ source }: { source: string }) {
  const t = useTranslations('contacts')
  switch (source) {
    case 'manual':
    case 'api':
    case 'import':
    case 'form':
    case 'sample':
    case 'tracking':
      return <>{t(`sources.${source}`)}</>
    default:
      return <>{source}</>
  }
}
