import { Check } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { useSession } from '../../platform/session.ts'
import { Section } from '../../ui/Card.tsx'
import { cx } from '../../ui/cx.ts'
import { HrefLink } from '../../ui/Link.tsx'

/** The way to a first campaign, one link per step; each tells whether it is done. */
export function NextSteps({ hasContacts, hasDraft }: { hasContacts: boolean; hasDraft: boolean }) {
  const t = useTranslations('app.home.steps')
  const { organization, installation } = useSession()
  const steps = [
    { id: 'contacts', href: '/audience/imports', isDone: hasContacts },
    { id: 'address', href: '/settings', isDone: Boolean(organization?.postalAddress) },
    { id: 'campaign', href: '/campaigns?new=true', isDone: hasDraft },
    { id: 'launch', href: '/campaigns', isDone: false },
  ] as const
  const current = steps.find((step) => !step.isDone)?.id
  return (
    <Section title={t('title')} note={installation.mailStaysHere ? t('safe') : t('note')} isFlush>
      <ol>
        {steps.map(({ id, href, isDone }, index) => (
          <li key={id} className="flex items-start gap-3 border-t border-line px-5 py-3">
            <span
              className={cx(
                'figures flex size-6 shrink-0 items-center justify-center rounded-full text-sm font-medium',
                isDone
                  ? 'bg-green-soft text-green'
                  : id === current
                    ? 'bg-accent text-on-accent'
                    : 'bg-soft text-muted',
              )}
            >
              {isDone ? <Check role="img" aria-label={t('done')} className="size-3.5" /> : index + 1}
            </span>
            <div className="min-w-0">
              <p className={cx('leading-6', isDone ? 'text-muted' : 'font-medium')}>
                {isDone ? t(`${id}.title`) : <HrefLink href={href}>{t(`${id}.title`)}</HrefLink>}
              </p>
              {!isDone && <p className="text-muted">{t(`${id}.text`)}</p>}
            </div>
          </li>
        ))}
      </ol>
    </Section>
  )
}
