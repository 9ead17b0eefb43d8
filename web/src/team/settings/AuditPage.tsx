import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { ScrollText, ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { Button } from '../../ui/Button.tsx'
import { DateField } from '../../ui/DateField.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { FilterBar } from '../../ui/Page.tsx'
import { Pagination } from '../../ui/Pagination.tsx'
import { Select } from '../../ui/Select.tsx'
import { Table } from '../../ui/Table.tsx'
import { useKitText } from '../../ui/text.ts'
import { useAuditLog, useMembers, useVerifyAudit } from '../api.ts'
import type { AuditEntry, AuditFilter } from '../api.ts'
import type { AuditSearch } from '../routes.tsx'
import { useRefusalText } from '../refusals.ts'
import { AuditSheet } from './AuditSheet.tsx'
import { SettingsFrame } from './SettingsFrame.tsx'

const auditRoute = getRouteApi('/shell/settings/audit')

/** Beginnings of actions that the filter offers. */
const ROOMS = [
  'account',
  'api_key',
  'campaign',
  'consent',
  'contact',
  'import',
  'invitation',
  'member',
  'organization',
  'segment',
  'session',
  'template',
] as const

/** Who changed what, and when; and whether the log is whole. */
export function AuditPage() {
  const t = useTranslations('team.audit')
  return (
    <SettingsFrame title={t('title')} subtitle={t('subtitle')} actions={<Verify />}>
      <AuditLog />
    </SettingsFrame>
  )
}

function Verify() {
  const t = useTranslations('team.audit')
  const verify = useVerifyAudit()
  const error = useRefusalText(verify.error)
  const verdict = verify.data
  return (
    <div className="flex flex-wrap items-center justify-end gap-3" aria-live="polite">
      {error !== undefined && <span className="text-danger">{error}</span>}
      {verdict && (
        <span className={verdict.intact ? 'text-green' : 'text-danger'}>
          {verdict.intact
            ? t('intact', { count: verdict.entries })
            : t('broken', { seq: String(verdict.brokenAt), problem: verdict.problem ?? '' })}
        </span>
      )}
      <Button icon={<ShieldCheck aria-hidden />} isPending={verify.isPending} onPress={() => verify.mutate()}>
        {t('verify')}
      </Button>
    </div>
  )
}

function AuditLog() {
  const t = useTranslations('team.audit')
  const format = useFormat()
  const search = auditRoute.useSearch()
  const log = useAuditLog(filterOf(search))
  const [open, setOpen] = useState<AuditEntry | null>(null)
  const rows = log.data?.pages.flatMap((page) => page.items)
  return (
    <>
      <Filters search={search} />
      {log.error ? (
        <ErrorState error={log.error} onRetry={log.refetch} />
      ) : (
        <Table
          label={t('title')}
          rows={rows}
          rowKey={(entry) => String(entry.seq)}
          onRowAction={setOpen}
          empty={
            <EmptyState icon={<ScrollText />} title={t('emptyTitle')}>
              {t('empty')}
            </EmptyState>
          }
          columns={[
            {
              id: 'what',
              title: t('what'),
              isRowHeader: true,
              cell: (entry) => <span className="font-mono text-sm">{entry.action}</span>,
            },
            { id: 'who', title: t('who'), cell: (entry) => <Actor entry={entry} /> },
            { id: 'when', title: t('when'), cell: (entry) => format.dateTime(entry.at) },
            {
              id: 'subject',
              title: t('subject'),
              isWideOnly: true,
              cell: (entry) => <span className="font-mono text-sm break-all">{entry.subject.id}</span>,
            },
          ]}
        />
      )}
      <Pagination shown={rows?.length ?? 0} pages={log} number={format.number} />
      <AuditSheet entry={open} onClose={() => setOpen(null)} />
    </>
  )
}

function Filters({ search }: { search: AuditSearch }) {
  const t = useTranslations('team.audit')
  const common = useKitText()
  const navigate = useNavigate({ from: '/settings/audit' })
  const members = useMembers()
  const set = (part: { [key in keyof AuditSearch]: string | null }) => {
    const next = Object.entries({ ...search, ...part }).filter(([, value]) => value !== null && value !== '')
    void navigate({ search: Object.fromEntries(next), replace: true })
  }
  return (
    <FilterBar>
      <Select
        label={t('action')}
        isLabelHidden
        isCompact
        options={[
          { value: '', label: common('labelled', { label: t('action'), text: t('actionAll') }) },
          ...ROOMS.map((room) => ({ value: `${room}.`, label: t(`rooms.${room}`) })),
        ]}
        value={search.action ?? ''}
        onChange={(action) => set({ action })}
      />
      <Select
        label={t('actor')}
        isLabelHidden
        isCompact
        options={[
          { value: '', label: common('labelled', { label: t('actor'), text: t('actorAll') }) },
          { value: 'system', label: t('system') },
          ...(members.data ?? []).map((member) => ({ value: member.personId, label: member.name })),
        ]}
        value={search.actor ?? ''}
        onChange={(actor) => set({ actor })}
      />
      <DateField
        label={t('from')}
        isLabelHidden
        value={search.from ?? null}
        onChange={(from) => set({ from })}
      />
      <DateField
        label={t('until')}
        isLabelHidden
        value={search.until ?? null}
        onChange={(until) => set({ until })}
      />
    </FilterBar>
  )
}

function Actor({ entry }: { entry: AuditEntry }) {
  const t = useTranslations('team.audit')
  const { kind, name } = entry.actor
  if (kind === 'system') return t('system')
  if (kind === 'contact') return t('recipient')
  return kind === 'api_key' ? `${t('key')} ${name ?? ''}` : (name ?? entry.actor.id)
}

/** Days of the address as instants: from the first one's beginning to the last one's end, where the reader is. */
function filterOf({ action, actor, from, until }: AuditSearch): AuditFilter {
  return {
    ...(action === undefined ? {} : { action }),
    ...(actor === undefined ? {} : { actor }),
    ...(from === undefined ? {} : { from: startOfDay(from, 0) }),
    ...(until === undefined ? {} : { until: startOfDay(until, 1) }),
  }
}

function startOfDay(day: string, daysLater: number): string {
  const [year = 1970, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(year, month - 1, date + daysLater).toISOString()
}
