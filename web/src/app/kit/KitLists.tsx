import { useState } from 'react'
import type { Selection, SortDescriptor } from 'react-aria-components'
import { useFormat } from '../../platform/format.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { KeyValue } from '../../ui/KeyValue.tsx'
import { RowMenu } from '../../ui/Menu.tsx'
import { FilterBar } from '../../ui/Page.tsx'
import { Pagination } from '../../ui/Pagination.tsx'
import { SearchField } from '../../ui/SearchField.tsx'
import { Select } from '../../ui/Select.tsx'
import { Section } from '../../ui/Card.tsx'
import { StatusBadge, statusTones } from '../../ui/StatusBadge.tsx'
import type { Status } from '../../ui/StatusBadge.tsx'
import { Table } from '../../ui/Table.tsx'
import { Tag } from '../../ui/Tag.tsx'

const rows: { id: string; name: string; status: Status; sent: number; opened: number; at: string | null }[] =
  [
    {
      id: '1',
      name: 'Black Friday — VIP early access',
      status: 'running',
      sent: 48210,
      opened: 20312,
      at: '2026-11-20T09:00:00Z',
    },
    {
      id: '2',
      name: 'October newsletter',
      status: 'completed',
      sent: 90321,
      opened: 34954,
      at: '2026-10-24T07:00:00Z',
    },
    { id: '3', name: 'Cart reminder', status: 'scheduled', sent: 0, opened: 0, at: '2026-11-28T08:00:00Z' },
    {
      id: '4',
      name: 'Win-back after 90 days without a purchase or a visit',
      status: 'draft',
      sent: 0,
      opened: 0,
      at: null,
    },
    {
      id: '5',
      name: 'Product launch: Aurora',
      status: 'paused',
      sent: 12003,
      opened: 3985,
      at: '2026-11-19T15:00:00Z',
    },
  ]

/** As a list of many pages answers. */
const PAGES = { hasNextPage: true, isFetchingNextPage: false, fetchNextPage: () => Promise.resolve() }

/** Tables and lists of the kit. */
export function KitLists() {
  const format = useFormat()
  const [selected, setSelected] = useState<Selection>(new Set(['2']))
  const [sort, setSort] = useState<SortDescriptor>({ column: 'sent', direction: 'descending' })
  const [status, setStatus] = useState<'all' | Status>('all')
  return (
    <div className="grid grid-cols-1 gap-5">
      <FilterBar>
        <SearchField label="Search" />
        <Select
          label="Status"
          isLabelHidden
          isCompact
          value={status}
          onChange={setStatus}
          options={[
            { value: 'all', label: 'All statuses' },
            { value: 'running', label: 'Running' },
          ]}
        />
      </FilterBar>
      <Table
        label="Campaigns"
        rows={rows}
        rowKey={(row) => row.id}
        onRowAction={() => undefined}
        selected={selected}
        onSelect={setSelected}
        sort={sort}
        onSort={setSort}
        rowActions={() => <RowMenu entries={[{ id: 'edit', label: 'Edit' }]} />}
        columns={[
          { id: 'name', title: 'Name', isRowHeader: true, isSortable: true, cell: (row) => row.name },
          { id: 'status', title: 'Status', cell: (row) => <StatusBadge status={row.status} /> },
          {
            id: 'sent',
            title: 'Sent',
            align: 'end',
            isSortable: true,
            cell: (row) => format.number(row.sent || null),
          },
          { id: 'open', title: 'Open', align: 'end', cell: (row) => format.rate(row.opened, row.sent) },
          {
            id: 'when',
            title: 'When',
            isWideOnly: true,
            cell: (row) => <span className="text-muted">{format.dateTime(row.at)}</span>,
          },
        ]}
      />
      <Pagination shown={5} total={64000} pages={PAGES} number={format.number} />
      <Table
        label="Loading"
        rows={undefined}
        rowKey={String}
        columns={[
          { id: 'a', title: 'A', cell: String },
          { id: 'b', title: 'B', cell: String },
        ]}
      />
      <div className="flex flex-wrap gap-2">
        {Object.keys(statusTones).map((name) => (
          // The keys of the table of tones are the states.
          <StatusBadge key={name} status={name as Status} />
        ))}
        <Tag>vip</Tag>
      </div>
      <Section title="Sender" note="As the reader sees it" actions={<Avatar name="Zoé Martin" />}>
        <KeyValue
          items={[
            { label: 'From', value: 'Zoé Martin <zoe@shop.example>' },
            { label: 'Audience', value: format.number(19995), isFigure: true },
          ]}
        />
      </Section>
    </div>
  )
}
