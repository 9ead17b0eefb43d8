import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { Plus, Upload, UserRound } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import type { Selection } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { useRefusal, useSession } from '../platform/session.ts'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { Page } from '../ui/Page.tsx'
import { Pagination } from '../ui/Pagination.tsx'
import { Table } from '../ui/Table.tsx'
import { useContactCount, useContacts } from './api.ts'
import type { ContactQuery } from './api.ts'
import { BulkBar } from './BulkBar.tsx'
import type { Chosen } from './BulkBar.tsx'
import { ChangeProgress } from './ChangeProgress.tsx'
import { ContactFilters } from './ContactFilters.tsx'
import { ListMenu } from './ListMenu.tsx'
import type { ContactSearch } from './routes.tsx'
import { useColumns } from './use-columns.tsx'
import { useShownColumns } from './use-shown-columns.ts'

const NewContactDialog = lazy(() =>
  import('./NewContactDialog.tsx').then((module) => ({ default: module.NewContactDialog })),
)

const route = getRouteApi('/shell/audience/contacts')

/** A change of filters; `undefined` takes one out of the address. */
export type Refinement = { [Key in keyof ContactSearch]?: ContactSearch[Key] | undefined }

/** Everybody whom one may reach: found, filtered, chosen, changed. */
export function ContactList() {
  const t = useTranslations('contacts')
  const search = route.useSearch()
  const navigate = useNavigate()
  const filter = useFilter(search)
  const sort = search.sort ?? '-createdAt'
  const query = useContacts({ ...filter, sort })
  const total = useContactCount(filter).data
  const format = useFormat()
  const [selected, setSelected] = useState<Selection>(new Set())
  const [isEverything, setEverything] = useState(false)
  const [changeId, setChangeId] = useState<string | null>(null)
  const [shown, setShown] = useShownColumns()
  const columns = useColumns(shown)
  const rows = query.data?.pages.flatMap((page) => page.items)
  const choose = (next: Selection) => {
    setSelected(next)
    setEverything(false)
  }
  const refine = (change: Refinement) => {
    choose(new Set())
    void navigate({ to: '/audience/contacts', search: { ...search, ...change }, replace: true })
  }
  const chosenIds = selected === 'all' ? (rows ?? []).map(({ id }) => id) : [...selected].map(String)
  const chosen: Chosen = isEverything
    ? { kind: 'matching', count: total ?? 0 }
    : { kind: 'ids', ids: chosenIds, count: chosenIds.length }
  const isFiltered = Object.keys(filter).some((key) => key !== 'timeZone')
  return (
    <Page
      title={t('title')}
      subtitle={
        total === undefined || total === 0
          ? undefined
          : t('list.count', { count: total, number: format.number(total) })
      }
      actions={
        <Actions
          filter={filter}
          shown={shown}
          onShown={setShown}
          isEmpty={rows?.length === 0 && !isFiltered}
          onNew={() => refine({ new: true })}
        />
      }
    >
      <ContactFilters search={search} onRefine={refine} />
      {changeId !== null && <ChangeProgress id={changeId} onEnd={() => setChangeId(null)} />}
      {query.isError ? (
        <ErrorState error={query.error} onRetry={query.refetch} />
      ) : (
        <Table
          label={t('title')}
          columns={columns}
          rows={rows}
          rowKey={({ id }) => id}
          rowHref={({ id }) => `/audience/contacts/${id}`}
          sort={sortDescriptor(sort)}
          onSort={({ column, direction }) => refine({ sort: sortText(String(column), direction) })}
          selected={selected}
          onSelect={choose}
          empty={<Empty isFiltered={isFiltered} onNew={() => refine({ new: true })} />}
        />
      )}
      {rows !== undefined && rows.length > 0 && (
        <Pagination shown={rows.length} total={total} pages={query} number={format.number} />
      )}
      <BulkBar
        chosen={chosen}
        filter={filter}
        canTakeAll={
          chosenIds.length > 0 && chosenIds.length === rows?.length && query.hasNextPage && !isEverything
        }
        total={total ?? 0}
        onTakeAll={() => setEverything(true)}
        onClear={() => choose(new Set())}
        onLargeChange={setChangeId}
      />
      <Suspense>
        <NewContactDialog
          isOpen={search.new === true}
          onOpenChange={(isOpen) => refine({ new: isOpen ? true : undefined })}
        />
      </Suspense>
    </Page>
  )
}

/** The filter of the address as the API takes it. */
function useFilter(search: ContactSearch): Omit<ContactQuery, 'sort'> {
  const { organization } = useSession()
  return {
    ...(search.q === undefined
      ? {}
      : { q: search.q, ...(organization ? { timeZone: organization.timeZone } : {}) }),
    ...(search.tags === undefined ? {} : { tags: search.tags }),
    ...(search.country === undefined ? {} : { countries: search.country }),
    ...(search.import === undefined ? {} : { importId: search.import }),
    ...(search.attribute === undefined ? {} : { attribute: search.attribute }),
    ...(search.reach === 'email' ? { hasEmail: 'true' as const } : {}),
    ...(search.reach === 'phone' ? { hasPhone: 'true' as const } : {}),
    ...(search.reach === 'none' ? { hasEmail: 'false' as const, hasPhone: 'false' as const } : {}),
  }
}

function Actions({
  filter,
  shown,
  onShown,
  isEmpty,
  onNew,
}: {
  filter: Omit<ContactQuery, 'sort'>
  shown: readonly string[]
  onShown: (shown: string[]) => void
  /** The empty list offers its own way in, and there is one primary button. */
  isEmpty: boolean
  onNew: () => void
}) {
  const t = useTranslations('contacts')
  const navigate = useNavigate()
  return (
    <>
      <ListMenu filter={filter} shown={shown} onShown={onShown} />
      <Button
        icon={<Upload aria-hidden />}
        disabledReason={useRefusal('contacts.import')}
        onPress={() => void navigate({ to: '/audience/imports' })}
      >
        {t('import')}
      </Button>
      <Button
        variant={isEmpty ? 'secondary' : 'primary'}
        icon={<Plus aria-hidden />}
        disabledReason={useRefusal('contacts.write')}
        onPress={onNew}
      >
        {t('new')}
      </Button>
    </>
  )
}

function Empty({ isFiltered, onNew }: { isFiltered: boolean; onNew: () => void }) {
  const t = useTranslations('contacts')
  const navigate = useNavigate()
  const importRefusal = useRefusal('contacts.import')
  const writeRefusal = useRefusal('contacts.write')
  if (isFiltered)
    return (
      <EmptyState icon={<UserRound />} title={t('list.none')}>
        {t('list.noneText')}
      </EmptyState>
    )
  return (
    <EmptyState
      icon={<UserRound />}
      title={t('list.empty')}
      action={
        <>
          <Button
            variant="primary"
            icon={<Upload aria-hidden />}
            disabledReason={importRefusal}
            onPress={() => void navigate({ to: '/audience/imports' })}
          >
            {t('list.emptyImport')}
          </Button>
          <Button disabledReason={writeRefusal} onPress={onNew}>
            {t('list.emptyNew')}
          </Button>
        </>
      }
    >
      {t('list.emptyText')}
    </EmptyState>
  )
}

const COLUMN_OF_SORT = { createdAt: 'createdAt', name: 'name', email: 'email' } as const

function sortDescriptor(sort: NonNullable<ContactSearch['sort']>) {
  const column = sort.replace('-', '') as keyof typeof COLUMN_OF_SORT // sorts are these with or without a minus
  return {
    column: COLUMN_OF_SORT[column],
    direction: sort.startsWith('-') ? ('descending' as const) : ('ascending' as const),
  }
}

function sortText(column: string, direction: 'ascending' | 'descending' | undefined): ContactSearch['sort'] {
  const sign = direction === 'descending' ? '-' : ''
  switch (column) {
    case 'name':
      return `${sign}name`
    case 'email':
      return `${sign}email`
    default:
      return sign === '-' ? undefined : 'createdAt'
  }
}
