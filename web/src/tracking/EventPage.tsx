import { getRouteApi } from '@tanstack/react-router'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { useRefusal } from '../platform/session.ts'
import { Section } from '../ui/Card.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { KeyValue } from '../ui/KeyValue.tsx'
import { Page } from '../ui/Page.tsx'
import { Select } from '../ui/Select.tsx'
import { TableSkeleton } from '../ui/Skeleton.tsx'
import { Badge } from '../ui/StatusBadge.tsx'
import { Switch } from '../ui/Switch.tsx'
import { Table } from '../ui/Table.tsx'
import { toast } from '../ui/Toast.tsx'
import { useErrorToast } from '../ui/use-error-toast.ts'
import type { EventDetails, EventRole } from './api.ts'
import { useDefine, useDefinition, useMarkPersonal } from './api.ts'
import { useEventName } from './event-name.ts'

const route = getRouteApi('/shell/audience/events/$type')

/** One type of event: how often, what it means, which properties it has. */
export function EventPage() {
  const t = useTranslations('tracking')
  const nameOf = useEventName()
  const { type } = route.useParams()
  const query = useDefinition(type)
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  if (query.data === undefined) return <TableSkeleton columns={4} />
  const event = query.data
  return (
    <Page
      title={nameOf(event)}
      crumbs={[{ label: t('events.title'), href: '/audience/events' }]}
      subtitle={t('event.subtitle', { count: event.volume })}
    >
      <div className="grid grid-cols-1 gap-5 lg:grid-cols-[2fr_1fr]">
        <Properties event={event} />
        <div className="grid content-start gap-5">
          <Facts event={event} />
          {event.type.startsWith('track:') && <Meaning event={event} />}
        </div>
      </div>
    </Page>
  )
}

function Facts({ event }: { event: EventDetails }) {
  const t = useTranslations('tracking.event')
  const format = useFormat()
  return (
    <Section title={t('facts')}>
      <KeyValue
        items={[
          { label: t('volume'), value: format.number(event.volume), isFigure: true },
          { label: t('firstSeen'), value: format.dateTime(event.firstSeenAt) },
          { label: t('lastSeen'), value: format.dateTime(event.lastSeenAt) },
        ]}
      />
    </Section>
  )
}

/** Options stand for "none" by a word: a select knows no null. */
const NONE = 'none' as const

function Meaning({ event }: { event: EventDetails }) {
  const t = useTranslations('tracking')
  const refusal = useRefusal('tracking.write')
  const define = useDefine(event.type)
  const amounts = event.properties
    .filter(({ kinds }) => kinds.some(({ kind }) => kind === 'number' || kind === 'text'))
    .map(({ name }) => name)
  const chosen = event.valueProperty
  const save = (change: { role?: EventRole | null; valueProperty?: string | null }) =>
    define.mutate(
      { role: event.role, valueProperty: chosen, ...change },
      { onSuccess: () => toast({ text: t('event.saved') }) },
    )
  return (
    <Section title={t('event.meaning')} note={t('event.meaningNote')}>
      <div className="grid gap-4">
        <Select
          label={t('events.role')}
          options={[
            { value: NONE, label: t('event.noRole') },
            ...(['purchase', 'refund', 'subscription_started', 'subscription_ended'] as const).map(
              (role) => ({ value: role, label: t(`roles.${role}`) }),
            ),
          ]}
          value={event.role ?? NONE}
          onChange={(role) => save({ role: role === NONE ? null : role })}
          isDisabled={refusal !== undefined}
          hint={refusal}
        />
        <Select
          label={t('event.amount')}
          hint={t('event.amountHint')}
          options={[
            { value: '', label: t('event.usualAmount') },
            ...[...new Set([...amounts, ...(chosen === null ? [] : [chosen])])].map((name) => ({
              value: name,
              label: name,
            })),
          ]}
          value={chosen ?? ''}
          onChange={(name) => save({ valueProperty: name === '' ? null : name })}
          isDisabled={refusal !== undefined}
        />
        {define.isError && <ErrorState error={define.error} />}
      </div>
    </Section>
  )
}

function Properties({ event }: { event: EventDetails }) {
  const t = useTranslations('tracking')
  const format = useFormat()
  const refusal = useRefusal('tracking.write')
  const mark = useMarkPersonal(event.type)
  const sayWhy = useErrorToast()
  return (
    <Section title={t('event.properties')} note={t('event.propertiesNote')} isFlush>
      <Table
        label={t('event.properties')}
        rows={event.properties}
        rowKey={({ name }) => name}
        empty={<EmptyState title={t('event.noProperties')}>{t('event.noPropertiesText')}</EmptyState>}
        columns={[
          {
            id: 'name',
            title: t('event.property'),
            isRowHeader: true,
            cell: ({ name }) => <span className="font-medium break-all">{name}</span>,
          },
          {
            id: 'kinds',
            title: t('event.kinds'),
            cell: ({ kinds, isMixed }) => (
              <span className="inline-flex flex-wrap items-center gap-x-3 gap-y-1">
                {kinds.map(({ kind, count }) => (
                  <span key={kind} className="whitespace-nowrap">
                    {t(`kinds.${kind}`)} <span className="figures text-muted">{format.number(count)}</span>
                  </span>
                ))}
                {isMixed && <Badge tone="amber">{t('event.mixed')}</Badge>}
              </span>
            ),
          },
          {
            id: 'last',
            title: t('events.last'),
            isWideOnly: true,
            cell: ({ lastSeenAt }) => (
              <span className="whitespace-nowrap text-muted">{format.relative(lastSeenAt)}</span>
            ),
          },
          {
            id: 'personal',
            title: t('event.personal'),
            cell: ({ name, isPersonal }) => (
              <Switch
                isSelected={isPersonal}
                isDisabled={refusal !== undefined || mark.isPending}
                onChange={(isOn) => mark.mutate({ property: name, isPersonal: isOn }, { onError: sayWhy })}
              >
                <span className="sr-only">{t('event.isPersonal', { name })}</span>
              </Switch>
            ),
          },
        ]}
      />
    </Section>
  )
}
