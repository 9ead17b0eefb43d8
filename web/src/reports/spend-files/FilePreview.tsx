import { useId, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Section } from '../../ui/Card.tsx'
import { Checkbox } from '../../ui/Checkbox.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { Select } from '../../ui/Select.tsx'
import { SectionSkeleton } from '../../ui/Skeleton.tsx'
import { Stats } from '../../ui/Stat.tsx'
import { Table } from '../../ui/Table.tsx'
import { toast } from '../../ui/Toast.tsx'
import { CHANNELS, PLATFORMS } from '../parts.ts'
import { usePreview, useTakeFile } from './api.ts'
import type { Preview } from './api.ts'

const ORDERS = ['auto', 'dmy', 'mdy'] as const

/** What a file holds, what is wrong with it, and how it is to be taken. */
export function FilePreview({
  file,
  onClose,
}: {
  file: { fileName: string; text: string }
  onClose: () => void
}) {
  const t = useTranslations('reports.spendFiles')
  const [order, setOrder] = useState<(typeof ORDERS)[number]>('auto')
  const [leavesOutWrong, setLeavesOutWrong] = useState(false)
  const [repeatsKnown, setRepeatsKnown] = useState(false)
  const asked = { ...file, order, repeatsKnown }
  const id = useId()
  const query = usePreview(id, asked)
  const take = useTakeFile()
  if (query.isError)
    return (
      <>
        <ErrorState error={query.error} onRetry={query.refetch} />
        <Button onPress={onClose}>{t('again')}</Button>
      </>
    )
  if (!query.data) return <SectionSkeleton />
  const { counts, missing } = query.data
  const isHeldUp = missing.length === 0 && counts.taken > 0 && counts.wrong > 0 && !leavesOutWrong
  const isReady = missing.length === 0 && counts.taken > 0 && !isHeldUp
  const submit = (): void =>
    take.mutate(
      { ...asked, leavesOutWrong },
      {
        onSuccess: ({ spends }) => {
          toast({ text: t('done', { count: spends }) })
          onClose()
        },
      },
    )
  return (
    <>
      {take.isError && <ErrorState error={take.error} />}
      {missing.length > 0 ? (
        <Banner
          tone="error"
          title={t('missing', { columns: missing.map((column) => t(`names.${column}`)).join(', ') })}
        />
      ) : (
        <Figures found={query.data} />
      )}
      <Section
        title={file.fileName}
        note={t('readAs', { order: query.data.order })}
        actions={<Button onPress={onClose}>{t('again')}</Button>}
      >
        <div className="flex flex-wrap items-end gap-x-6 gap-y-3">
          <Select
            label={t('order')}
            options={ORDERS.map((value) => ({ value, label: t(`orders.${value}`) }))}
            value={order}
            onChange={setOrder}
          />
          {counts.wrong > 0 && (
            <Checkbox isSelected={leavesOutWrong} onChange={setLeavesOutWrong}>
              {t('leaveOut')}
            </Checkbox>
          )}
          {counts.known > 0 && (
            <Checkbox isSelected={repeatsKnown} onChange={setRepeatsKnown}>
              {t('repeat')}
            </Checkbox>
          )}
          <Button
            variant="primary"
            isDisabled={!isReady}
            isPending={take.isPending}
            onPress={submit}
            aria-describedby={isHeldUp ? `${id}-why` : undefined}
          >
            {t('take', { count: missing.length > 0 ? 0 : counts.taken })}
          </Button>
        </div>
        {isHeldUp && (
          <p id={`${id}-why`} className="mt-3 text-sm">
            {t('heldUp', { count: counts.wrong })}
          </p>
        )}
        <p className="mt-3 text-sm text-muted">
          {query.data.columns
            .map(({ name, column }) => `${name} → ${column === null ? t('ignored') : t(`names.${column}`)}`)
            .join(' · ')}
        </p>
      </Section>
      {missing.length === 0 && <Rows found={query.data} />}
    </>
  )
}

function Figures({ found: { counts, total, currency } }: { found: Preview }) {
  const t = useTranslations('reports.spendFiles')
  const format = useFormat()
  return (
    <Stats
      label={t('figures')}
      items={[
        { label: t('rows'), value: format.number(counts.rows) },
        { label: t('wrong'), value: format.number(counts.wrong) },
        { label: t('known'), value: format.number(counts.known) },
        {
          label: t('taken'),
          value: format.number(counts.taken),
          of: format.number(total, { style: 'currency', currency }),
        },
      ]}
    />
  )
}

function Rows({ found: { rows, currency, counts } }: { found: Preview }) {
  const t = useTranslations('reports.spendFiles')
  const format = useFormat()
  const money = (amount: number): string => format.number(amount, { style: 'currency', currency })
  const subject = useSubject()
  return (
    <Section title={t('rows')} {...(counts.rows > rows.length ? { note: t('shown') } : {})} isFlush>
      <Table
        label={t('rows')}
        className="rounded-t-none border-x-0 border-b-0"
        rows={rows}
        rowKey={({ row }) => String(row)}
        columns={[
          { id: 'row', title: t('row'), isRowHeader: true, cell: ({ row }) => format.number(row) },
          {
            id: 'what',
            title: t('what'),
            cell: ({ spend }) =>
              spend === null
                ? ''
                : [
                    spend.spentUntil === null
                      ? format.day(spend.spentOn)
                      : `${format.day(spend.spentOn)} – ${format.day(spend.spentUntil)}`,
                    subject(spend),
                    ...(spend.note === '' ? [] : [spend.note]),
                  ].join(' · '),
          },
          {
            id: 'amount',
            title: t('names.amount'),
            align: 'end',
            cell: ({ spend }) => (spend === null ? '' : money(spend.amount)),
          },
          {
            id: 'problem',
            title: t('problem'),
            cell: ({ problems, isKnown }) =>
              problems.length === 0 ? (
                t(isKnown ? 'isKnown' : 'fine')
              ) : (
                <ul className="text-danger">
                  {problems.map(({ column, code, value }) => (
                    <li key={`${column} ${code}`}>{t(`problems.${code}`, { value })}</li>
                  ))}
                </ul>
              ),
          },
        ]}
      />
    </Section>
  )
}

/** What a spend is for, in the reader's words. */
function useSubject(): (spend: {
  campaign: string | null
  channel: string | null
  platform: string | null
}) => string {
  const t = useTranslations('reports')
  const channels = useTranslations('analytics.channels')
  return ({ campaign, channel, platform }) => {
    const knownChannel = CHANNELS.find((one) => one === channel)
    const knownPlatform = PLATFORMS.find((one) => one === platform)
    return [
      campaign ?? t('spendFiles.noCampaign'),
      ...(knownChannel === undefined ? [] : [channels(knownChannel)]),
      ...(knownPlatform === undefined ? [] : [t(`platforms.${knownPlatform}`)]),
    ].join(' · ')
  }
}
