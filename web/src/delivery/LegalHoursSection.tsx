import { useLocale, useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { Section } from '../ui/Card.tsx'
import { Table } from '../ui/Table.tsx'
import type { LegalHours } from './api.ts'

/** 2024-01-01 was a Monday. */
const MONDAY = Date.UTC(2024, 0, 1)
const DAY_MS = 86_400_000

/** The hours of law and operators, with what each rests on. */
export function LegalHoursSection({ legalHours }: { legalHours: readonly LegalHours[] }) {
  const t = useTranslations('delivery.hours')
  const locale = useLocale()
  const regions = new Intl.DisplayNames(locale, { type: 'region' })
  const format = useFormat()
  const placeName = (place: string): string => {
    if (place === '*') return t('elsewhere')
    const [country = '', region] = place.split('-')
    const name = regions.of(country) ?? country
    return region === undefined ? name : `${name}, ${region}`
  }
  return (
    <Section title={t('legalTitle')} note={t('legalNote')} isFlush>
      <Table
        label={t('legalTitle')}
        rows={legalHours}
        rowKey={({ place }) => place}
        columns={[
          { id: 'place', title: t('place'), cell: ({ place }) => placeName(place), isRowHeader: true },
          { id: 'hours', title: t('allowed'), cell: (row) => weekInWords(row, locale, t('none')) },
          {
            id: 'holidays',
            title: t('holidays'),
            cell: ({ skipsHolidays }) => (skipsHolidays ? t('yes') : '–'),
          },
          {
            id: 'source',
            title: t('source'),
            cell: ({ basis, source, reviewedOn }) =>
              t('restsOn', {
                basis: t(`bases.${basis}`),
                source: locale.startsWith('fr') ? source.fr : source.en,
                date: format.day(reviewedOn),
              }),
          },
        ]}
      />
    </Section>
  )
}

/** “Mon–Sat 08:00–22:00; Sun none”: days of the same hours are told together. */
function weekInWords({ week }: LegalHours, locale: string, none: string): string {
  const name = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' })
  const dayName = (day: number): string => name.format(MONDAY + day * DAY_MS)
  const groups: { from: number; to: number; text: string }[] = []
  for (const [day, spans] of week.entries()) {
    const text = spans.length === 0 ? none : spans.map(({ from, to }) => `${from}–${to}`).join(', ')
    const last = groups.at(-1)
    if (last?.text === text) last.to = day
    else groups.push({ from: day, to: day, text })
  }
  return groups
    .map(({ from, to, text }) => `${from === to ? dayName(from) : `${dayName(from)}–${dayName(to)}`} ${text}`)
    .join('; ')
}
