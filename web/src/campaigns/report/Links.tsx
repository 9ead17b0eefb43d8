import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { Section } from '../../ui/Card.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { NamedLink } from '../../ui/NamedLink.tsx'
import { Table } from '../../ui/Table.tsx'
import type { Report } from '../api.ts'
import { useLinkMoney } from './api.ts'
import { useChannelColumn } from './channel-column.ts'
import { CHANNELS } from './channels.ts'
import type { PeopleBehind } from './PeopleSheet.tsx'
import { endOfScale, RateValue } from './RateValue.tsx'
import type { RowRate } from './RateValue.tsx'

interface Row {
  id: string
  /** Null for what was bought without following a link. */
  link: Report['links'][number] | null
  /** Undefined until it is known. */
  revenue: number | undefined
}

/** Where people went, and what came of it: what was bought without following one of these stands in a line of its own. */
export function Links({
  report,
  runId,
  onPeople,
}: {
  report: Report
  /** One run, of which money is not told apart; all of the campaign when absent. */
  runId?: string | undefined
  onPeople: (people: PeopleBehind) => void
}) {
  const t = useTranslations('campaigns')
  const format = useFormat()
  const money = useLinkMoney(report.campaignId, runId === undefined).data
  const rows: Row[] = report.links.map((link) => ({
    id: `${link.channel}-${link.linkNo}`,
    link,
    revenue: money?.links.find((one) => one.channel === link.channel && one.linkNo === link.linkNo)?.revenue,
  }))
  const amount = (revenue: number | undefined): string =>
    format.number(revenue, { style: 'currency', currency: money?.currency ?? 'EUR' })
  // Two channels may lead to one address.
  const channelColumn = useChannelColumn<Row>(
    report.links.map(({ channel }) => channel),
    ({ link }) => link?.channel ?? null,
  )
  const endOfShares = endOfScale(report.links.map(shareOf))
  const hasMoney = runId === undefined && money !== undefined && money.revenue !== 0
  if (hasMoney && rows.length > 0) rows.push({ id: 'none', link: null, revenue: money.noLink.revenue })
  return (
    <Section title={t('report.links.title')} isFlush>
      <Table
        label={t('report.links.title')}
        className="rounded-t-none border-x-0 border-b-0"
        rows={rows}
        rowKey={({ id }) => id}
        empty={<EmptyState title={t('report.links.none')} />}
        columns={[
          {
            id: 'link',
            title: t('report.links.link'),
            isRowHeader: true,
            cell: ({ link }) =>
              link === null ? t('report.links.noLink') : <NamedLink url={link.url} label={link.label} />,
          },
          ...channelColumn,
          {
            id: 'people',
            title: t('report.links.people'),
            align: 'end',
            cell: ({ link }) =>
              link === null ? format.number(null) : <LinkPeople link={link} onPeople={onPeople} />,
          },
          {
            id: 'share',
            title: t('report.links.share'),
            align: 'end',
            cell: ({ link }) =>
              link === null ? format.number(null) : <RateValue rate={shareOf(link)} max={endOfShares} />,
          },
          {
            id: 'machine',
            title: t('report.links.machine'),
            align: 'end',
            isWideOnly: true,
            cell: ({ link }) => format.number(link?.machineTimes),
          },
          ...(hasMoney
            ? [
                {
                  id: 'revenue',
                  title: t('report.links.revenue'),
                  align: 'end' as const,
                  cell: ({ revenue }: Row) => amount(revenue),
                },
              ]
            : []),
        ]}
      />
    </Section>
  )
}

/** No link is usual: another campaign's is another link. */
const shareOf = ({ share, interval }: Report['links'][number]): RowRate => ({ ratio: share, interval })

/** How many followed a link; pressing it shows them. */
function LinkPeople({
  link: { channel, linkNo, people, label, url },
  onPeople,
}: {
  link: Report['links'][number]
  onPeople: (people: PeopleBehind) => void
}) {
  const format = useFormat()
  const known = CHANNELS.find((one) => one === channel)
  if (people === 0 || known === undefined) return format.number(people)
  return (
    <button
      type="button"
      className="min-h-6 rounded-sm underline underline-offset-2"
      onClick={() =>
        onPeople({ of: 'clicked', channel: known, link: linkNo, title: label === '' ? url : label })
      }
    >
      {format.number(people)}
    </button>
  )
}
