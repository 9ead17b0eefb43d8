import { useTranslations } from 'use-intl'

const MEANINGS = [
  'revenue',
  'orders',
  'engagement',
  'lifetimeValue',
  'rfm',
  'spending',
  'messages',
  'hours',
] as const

/** What each figure means, for whoever asks. */
export function Definitions() {
  const t = useTranslations('analytics.meanings')
  return (
    <details>
      <summary className="cursor-pointer text-sm font-medium text-accent-text">{t('title')}</summary>
      <dl className="mt-2 grid gap-2 text-sm">
        {MEANINGS.map((name) => (
          <div key={name}>
            <dt className="font-medium">{t(`${name}.name`)}</dt>
            <dd className="text-muted">{t(`${name}.text`)}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
