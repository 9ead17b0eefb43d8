import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { Stats } from '../../ui/Stat.tsx'
import type { Report } from '../api.ts'
import type { Usual } from './api.ts'
import type { PeopleBehind } from './PeopleSheet.tsx'

type Figures = Report['figures']

/** Each figure beside its denominator; opens by machines apart and said to be so. Pressing one shows its people. */
export function FigureTiles({
  figures,
  usual,
  usualOf,
  onPeople,
}: {
  figures: Figures
  /** Rates of earlier campaigns or runs; absent until they are known. */
  usual: Usual | undefined
  usualOf: 'campaigns' | 'runs'
  onPeople: (people: PeopleBehind) => void
}) {
  const t = useTranslations('campaigns')
  const format = useFormat()
  const { rates } = figures
  const of = ({ part, whole }: Figures['rates']['open'], name: keyof Usual) => {
    const text = t('report.of', { part: format.number(part), whole: format.number(whole) })
    const spread = usual?.[name] ?? null
    if (spread === null) return text
    const said = t(usualOf === 'runs' ? 'report.usualOfRuns' : 'report.usual', {
      median: format.percent(spread.median),
      low: format.percent(spread.low),
      high: format.percent(spread.high),
      count: spread.campaigns,
    })
    return `${text} · ${said}`
  }
  const open = (of: PeopleBehind['of'], title: string) => () => onPeople({ of, title })
  const machines = t('report.machineNote', { count: figures.opened.machinePeople })
  // Whoever did not agree to be measured cannot be seen opening: the whole of the rate says so.
  const openNote =
    figures.measured < figures.delivered ? (
      <span className="grid">
        <span>{t('report.measuredNote', { count: figures.measured })}</span>
        <span>{machines}</span>
      </span>
    ) : (
      machines
    )
  return (
    <Stats
      label={t('report.figures')}
      items={[
        {
          label: t('report.sent'),
          value: format.number(figures.handedOver),
          of: t('report.ofAudience', { audience: format.number(figures.audience) }),
          onPress: open('delivered', t('report.sent')),
        },
        {
          label: t('report.delivered'),
          value: format.percent(rates.delivery.ratio),
          of: of(rates.delivery, 'delivery'),
          note: t('report.bouncedNote', { count: figures.bounced }),
          onPress: open('delivered', t('report.delivered')),
        },
        {
          label: t('report.clicked'),
          value: format.percent(rates.click.ratio),
          of: of(rates.click, 'click'),
          note: t('report.machineNote', { count: figures.clicked.machinePeople }),
          onPress: open('clicked', t('report.clicked')),
        },
        {
          label: t('report.opened'),
          value: format.percent(rates.open.ratio),
          of: of(rates.open, 'open'),
          note: openNote,
          onPress: open('opened', t('report.opened')),
        },
        // Where nobody wrote back, the channel may have no way to: nothing is said of it.
        ...(figures.replied.people === 0
          ? []
          : [
              {
                label: t('report.replied'),
                value: format.percent(rates.reply.ratio),
                of: t('report.of', {
                  part: format.number(rates.reply.part),
                  whole: format.number(rates.reply.whole),
                }),
                note: t('report.repliedNote', { count: figures.replied.times }),
                onPress: open('replied', t('report.replied')),
              },
            ]),
        {
          label: t('report.converted'),
          value: format.percent(rates.conversion.ratio),
          of: of(rates.conversion, 'conversion'),
          onPress: open('converted', t('report.converted')),
        },
        {
          label: t('report.unsubscribed'),
          value: format.number(figures.unsubscribed),
          of: `${format.percent(rates.unsubscribe.ratio)} · ${of(rates.unsubscribe, 'unsubscribe')}`,
          onPress: open('unsubscribed', t('report.unsubscribed')),
        },
      ]}
    />
  )
}
