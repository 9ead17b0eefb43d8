import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { Section } from '../ui/Card.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { NamedLink } from '../ui/NamedLink.tsx'
import { Table } from '../ui/Table.tsx'
import type { Roi } from './api.ts'

interface Row {
  id: string
  /** Null for what came by none of the links. */
  link: Roi['links'][number] | null
  conversions: number
  revenue: number
}

/** What each link brought, by the last one that was followed before a conversion; all lines add up to the cent. */
export function ByLink({ roi, money }: { roi: Roi; money: (amount: number) => string }) {
  const t = useTranslations('reports.byLink')
  const format = useFormat()
  const rows: Row[] = [
    ...roi.links.map((link) => ({ ...link, id: `${link.channel} ${link.linkNo}`, link })),
    { ...roi.noLink, id: 'none', link: null },
  ]
  return (
    <Section title={t('title')} note={t('note')} isFlush>
      <Table
        label={t('title')}
        className="rounded-t-none border-x-0 border-b-0"
        rows={roi.links.length === 0 ? [] : rows}
        rowKey={({ id }) => id}
        empty={<EmptyState title={t('empty')} />}
        columns={[
          {
            id: 'link',
            title: t('link'),
            isRowHeader: true,
            cell: ({ link }) => (link === null ? t('none') : <NamedLink url={link.url} label={link.label} />),
          },
          {
            id: 'conversions',
            title: t('conversions'),
            align: 'end',
            isWideOnly: true,
            cell: ({ conversions }) => format.number(conversions, { maximumFractionDigits: 1 }),
          },
          { id: 'revenue', title: t('revenue'), align: 'end', cell: ({ revenue }) => money(revenue) },
        ]}
      />
    </Section>
  )
}
