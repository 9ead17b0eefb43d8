import { CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react'
import { useTranslations } from 'use-intl'
import type { LaunchSummary } from './api.ts'

const looks = {
  block: { icon: CircleAlert, tone: 'text-danger' },
  warn: { icon: TriangleAlert, tone: 'text-amber' },
  ok: { icon: CircleCheck, tone: 'text-green' },
}

/** The points to put right before launch; each leads to its field when `onGo` is given. */
export function Checks({
  checks,
  onGo,
}: {
  checks: LaunchSummary['checks']
  onGo?: (check: LaunchSummary['checks'][number]) => void
}) {
  const t = useTranslations('campaigns')
  return (
    <ul className="grid gap-2.5">
      {checks.map((check, index) => {
        const { icon: Icon, tone } = looks[check.level]
        return (
          <li key={`${check.id}:${index}`} className="flex items-start gap-2">
            <Icon
              role="img"
              aria-label={t(`checks.${check.level}`)}
              className={`mt-0.5 size-4 shrink-0 ${tone}`}
            />
            <div className="min-w-0">
              {onGo ? (
                <button
                  type="button"
                  className="text-left underline-offset-2 hover:underline"
                  onClick={() => onGo(check)}
                >
                  {check.message}
                </button>
              ) : (
                <p>{check.message}</p>
              )}
              {check.hint !== null && <p className="text-sm text-muted">{check.hint}</p>}
            </div>
          </li>
        )
      })}
    </ul>
  )
}
