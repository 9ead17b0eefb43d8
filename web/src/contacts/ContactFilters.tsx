import { SlidersHorizontal } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { Button } from '../ui/Button.tsx'
import { ComboBox } from '../ui/ComboBox.tsx'
import { FieldStack } from '../ui/Field.tsx'
import { FilterBar } from '../ui/Page.tsx'
import { Popover } from '../ui/Popover.tsx'
import { SearchField } from '../ui/SearchField.tsx'
import { Select } from '../ui/Select.tsx'
import { Tags } from '../ui/Tag.tsx'
import { TagInput } from '../ui/TagInput.tsx'
import { useTags } from './api.ts'
import type { Refinement } from './ContactList.tsx'
import { useChoices, useNames } from './person.ts'
import type { ContactSearch } from './routes.tsx'

interface FilterProps {
  search: ContactSearch
  onRefine: (change: Refinement) => void
}

/** Search, filters, and what is filtered by, each with its cross. */
export function ContactFilters({ search, onRefine }: FilterProps) {
  const t = useTranslations('contacts')
  return (
    <div className="grid gap-2">
      <FilterBar>
        <SearchField
          label={t('list.search')}
          className="w-full sm:w-80"
          value={search.q ?? ''}
          onChange={(q) => onRefine({ q: q === '' ? undefined : q })}
        />
        <Popover
          label={t('filters.title')}
          trigger={<Button icon={<SlidersHorizontal aria-hidden />}>{t('filters.title')}</Button>}
        >
          <FilterFields search={search} onRefine={onRefine} />
        </Popover>
      </FilterBar>
      <ActiveFilters search={search} onRefine={onRefine} />
    </div>
  )
}

function FilterFields({ search, onRefine }: FilterProps) {
  const t = useTranslations('contacts')
  const { countries } = useChoices()
  const known = useTags().data ?? []
  const tags = search.tags?.split(',') ?? []
  return (
    <FieldStack>
      <TagInput
        label={t('filters.tags')}
        value={tags}
        suggestions={known}
        onChange={(next) => onRefine({ tags: next.length === 0 ? undefined : next.join(',') })}
      />
      <ComboBox
        label={t('fields.country')}
        options={countries}
        value={search.country ?? null}
        onChange={(country) => onRefine({ country: country ?? undefined })}
      />
      <Select
        label={t('filters.reach')}
        options={(['any', 'email', 'phone', 'none'] as const).map((value) => ({
          value,
          label: t(`filters.reaches.${value}`),
        }))}
        value={search.reach ?? 'any'}
        onChange={(reach) => onRefine({ reach: reach === 'any' ? undefined : reach })}
      />
    </FieldStack>
  )
}

/** Each filter in a word; its cross takes it off. */
function ActiveFilters({ search, onRefine }: FilterProps) {
  const t = useTranslations('contacts')
  const names = useNames()
  const active: { text: string; without: Refinement }[] = [
    ...(search.tags?.split(',') ?? []).map((tag) => {
      const rest = (search.tags?.split(',') ?? []).filter((other) => other !== tag)
      return {
        text: t('filters.tag', { tag }),
        without: { tags: rest.length === 0 ? undefined : rest.join(',') },
      }
    }),
    ...(search.country === undefined
      ? []
      : [{ text: names.country(search.country), without: { country: undefined } }]),
    ...(search.reach === undefined
      ? []
      : [{ text: t(`filters.reaches.${search.reach}`), without: { reach: undefined } }]),
    ...(search.import === undefined ? [] : [{ text: t('filters.import'), without: { import: undefined } }]),
    ...(search.attribute === undefined
      ? []
      : [{ text: search.attribute.replace(':', ' = '), without: { attribute: undefined } }]),
  ]
  if (active.length === 0) return null
  return (
    <Tags
      label={t('filters.active')}
      tags={active.map(({ text }) => text)}
      onRemove={(text) => {
        const filter = active.find((candidate) => candidate.text === text)
        if (filter) onRefine(filter.without)
      }}
    />
  )
}
