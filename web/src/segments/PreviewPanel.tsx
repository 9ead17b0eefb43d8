import { Users } from 'lucide-react'
import { Fragment } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { BarList } from '../ui/BarList.tsx'
import { Card } from '../ui/Card.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import type { Preview, Subject } from './api.ts'
import { usePreview } from './api.ts'
import { PeopleLinks } from './PeopleLinks.tsx'
import { SizeText } from './SizeText.tsx'
import { useSettled } from '../platform/use-settled.ts'

/** How long a rule rests before it is counted. */
const COUNT_AFTER_MS = 250

/** Beside a builder: how many match, said in a sentence, what they are, and some of them. Null: nothing complete yet. */
export function PreviewPanel({ subject }: { subject: Subject | null }) {
  const t = useTranslations('segments')
  const preview = usePreview(useSettled(subject, COUNT_AFTER_MS))
  if (preview.error !== null && subject !== null)
    return (
      <Card>
        <ErrorState error={preview.error} />
      </Card>
    )
  if (preview.data === undefined)
    return subject === null ? <Card>{t('preview.incomplete')}</Card> : <SectionSkeleton lines={5} />
  return (
    <div className="grid grid-cols-1 gap-5 lg:sticky lg:top-5">
      <Card className="grid grid-cols-1 gap-3">
        <h2 className="flex items-center gap-2 text-muted">
          <Users aria-hidden className="size-4" />
          {t('preview.size')}
        </h2>
        <SizeText
          size={preview.data.size}
          isStale={preview.isStale}
          isCounting={preview.isCounting && subject !== null}
        />
        <p className={preview.isStale ? 'opacity-60' : ''}>
          {subject === null ? t('preview.incomplete') : preview.data.sentence}
        </p>
      </Card>
      <MakeUp makeUp={preview.data.makeUp} />
      <Card>
        <h2 className="mb-2 font-semibold">{t('preview.people')}</h2>
        <PeopleLinks people={preview.data.people} />
      </Card>
    </div>
  )
}

/** What the people are, as bars; of a sample it says so. */
export function MakeUp({ makeUp }: Pick<Preview, 'makeUp'>) {
  const t = useTranslations('segments')
  const format = useFormat()
  const money = (amount: number): string =>
    format.number(amount, { style: 'currency', currency: makeUp.currency })
  if (makeUp.of === 0) return null
  return (
    <Card className="grid grid-cols-1 gap-4">
      {(['country', 'language', 'tier', 'engagement', 'spending'] as const).map((property) => {
        const { values, others } = makeUp[property]
        // A property that nobody has would be a single bar "Unknown".
        if (values.every(({ value }) => value === null)) return null
        const shown = [
          ...values.map(({ label, count }) => ({ label: label ?? t('preview.unknown'), count })),
          ...(others > 0 ? [{ label: t('preview.others'), count: others }] : []),
        ]
        return (
          <section key={property}>
            <h2 className="mb-1 font-semibold">{t(`preview.${property}`)}</h2>
            <BarList
              label={t(`preview.${property}`)}
              items={shown.map(({ label, count }) => ({
                label,
                value: count,
                text: format.rate(count, makeUp.of, 0),
              }))}
              whole={makeUp.of}
            />
          </section>
        )
      })}
      <dl className="grid grid-cols-[1fr_auto] gap-x-4 gap-y-1">
        {makeUp.reachable.map(({ channel, count, of }) => (
          <Fragment key={channel}>
            <dt className="text-muted">{t(`preview.reachable.${channel}`)}</dt>
            <dd className="figures text-right">{format.rate(count, of, 0)}</dd>
          </Fragment>
        ))}
        <dt className="text-muted">{t('preview.revenue')}</dt>
        <dd className="figures text-right">
          {makeUp.revenueMargin === 0
            ? money(makeUp.revenue)
            : t('preview.about', { value: money(makeUp.revenue), margin: money(makeUp.revenueMargin) })}
        </dd>
      </dl>
      {makeUp.margin > 0 && (
        <p className="text-sm text-muted">
          {t('preview.sampled', {
            count: format.number(makeUp.of),
            margin: format.number(makeUp.margin * 100, { maximumFractionDigits: 1 }),
          })}
        </p>
      )}
    </Card>
  )
}
