import { useFormat } from '../../platform/format.ts'
import { BarList } from '../../ui/BarList.tsx'
import { Section } from '../../ui/Card.tsx'
import { Funnel } from '../../ui/Funnel.tsx'
import { Progress } from '../../ui/Progress.tsx'
import { StatusLine } from '../../ui/StatusBadge.tsx'
import { Stats } from '../../ui/Stat.tsx'
import { TimeChart } from '../../ui/TimeChart.tsx'

const times = Array.from({ length: 60 }, (_, minute) => new Date(Date.UTC(2026, 10, 20, 9, minute * 2)))
const wave = (scale: number) =>
  times.map((_, at) => Math.round(scale * (1.2 + Math.sin(at / 8)) * Math.exp(-at / 60)))
const trend = wave(100).slice(0, 20)

/** Charts and figures of the kit. */
export function KitFigures() {
  const format = useFormat()
  return (
    <div className="grid grid-cols-1 gap-5">
      <StatusLine tone="green">Sending · 62 % · about 14 min left · updated 2 s ago</StatusLine>
      <Stats
        label="Figures"
        items={[
          { label: 'Sent', value: format.number(48216), of: `of ${format.number(78000)}`, trend },
          { label: 'Delivered', value: format.percent(0.987), of: '632 bounced', trend },
          {
            label: 'Opened',
            value: format.percent(0.421),
            of: '20,312 of 48,210',
            note: '+3.1 pts vs. usual',
            onPress: () => undefined,
          },
          { label: 'Clicked', value: format.rate(0, 0), of: '0 of 0' },
          {
            label: 'Revenue',
            value: format.money({ amountMinor: 1248000, currency: 'EUR' }),
            note: 'CPA 4.10 €',
          },
        ]}
      />
      <TimeChart
        title="Activity per minute"
        times={times}
        series={[
          { id: 'sent', label: 'Sent', values: wave(600) },
          { id: 'opened', label: 'Opened', values: wave(230) },
          { id: 'clicked', label: 'Clicked', values: wave(40) },
        ]}
        formatTime={format.dateTime}
        formatAxisTime={format.time}
        formatValue={format.number}
      />
      <Progress
        label="Importing customers.csv"
        value={12400}
        max={64000}
        text={`${format.number(12400)} / ${format.number(64000)}`}
      />
      <Progress label="Looking at the file" value={null} />
      <div className="grid gap-5 md:grid-cols-2">
        <Section title="Links">
          <BarList
            label="Links by clicks"
            items={[
              {
                label: 'https://shop.example/women',
                value: 1204,
                text: '1,204 · 12.5%',
                href: 'https://shop.example/women',
              },
              {
                label: 'https://shop.example/sale?utm_source=fanfare&utm_campaign=noel',
                value: 480,
                text: '480 · 5%',
              },
            ]}
          />
        </Section>
        <Section title="Estimated audience">
          <Funnel
            label="Audience"
            steps={[
              { kind: 'start', label: 'Matching', value: format.number(22206) },
              { kind: 'minus', label: 'No consent', value: format.number(1904), onPress: () => undefined },
              { kind: 'minus', label: 'Suppressed or bounced', value: format.number(307) },
              { kind: 'result', label: 'Will receive it', value: format.number(19995) },
            ]}
          />
        </Section>
      </div>
    </div>
  )
}
