import { CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '../ui/Button.tsx'
import type { MailCheck } from './api.ts'

const looks = {
  block: { icon: CircleAlert, tone: 'text-danger' },
  warn: { icon: TriangleAlert, tone: 'text-amber' },
  ok: { icon: CircleCheck, tone: 'text-green' },
}

/** What to put right before the mail leaves; each line leads to its field. What is fine folds away. */
export function Preflight({
  checks,
  onGo,
}: {
  checks: readonly MailCheck[]
  onGo: (check: MailCheck) => void
}) {
  const t = useTranslations('content')
  const [isOpen, setOpen] = useState(false)
  const wrong = checks.filter((check) => check.level !== 'ok')
  const fine = checks.filter((check) => check.level === 'ok')
  const blocks = wrong.filter((check) => check.level === 'block').length
  return (
    <div className="grid gap-3">
      <p role="status" className="text-muted">
        {blocks > 0
          ? t('preflight.blocked', { count: blocks })
          : wrong.length > 0
            ? t('preflight.warned', { count: wrong.length })
            : t('preflight.ready')}
      </p>
      {wrong.length > 0 && <CheckList checks={wrong} onGo={onGo} />}
      {isOpen && <CheckList checks={fine} onGo={onGo} />}
      {fine.length > 0 && (
        <div>
          <Button size="sm" variant="quiet" aria-expanded={isOpen} onPress={() => setOpen(!isOpen)}>
            {isOpen ? t('preflight.hideFine') : t('preflight.showFine', { count: fine.length })}
          </Button>
        </div>
      )}
    </div>
  )
}

function CheckList({ checks, onGo }: { checks: readonly MailCheck[]; onGo: (check: MailCheck) => void }) {
  const t = useTranslations('content')
  return (
    <ul className="grid gap-2.5">
      {checks.map((check, at) => {
        const { icon: Icon, tone } = looks[check.level]
        return (
          <li key={`${check.key}:${at}`} className="flex items-start gap-2">
            <Icon
              role="img"
              aria-label={t(`preflight.levels.${check.level}`)}
              className={`mt-0.5 size-4 shrink-0 ${tone}`}
            />
            <div className="min-w-0">
              <button
                type="button"
                className="text-left break-words underline-offset-2 hover:underline"
                onClick={() => onGo(check)}
              >
                {check.message}
                {check.line !== null && (
                  <span className="ml-1.5 text-muted">{t('preflight.line', { line: check.line })}</span>
                )}
              </button>
              {check.hint !== null && <p className="text-sm break-words text-muted">{check.hint}</p>}
            </div>
          </li>
        )
      })}
    </ul>
  )
}
