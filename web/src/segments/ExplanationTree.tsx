import type { Explanation } from '@fanfare/server/segments/schema'
import { Check, X } from 'lucide-react'
import { useTranslations } from 'use-intl'

/** Each condition of a rule with its answer for one person, as deep as the rule. */
export function ExplanationTree({ part }: { part: Explanation }) {
  const t = useTranslations('segments.why')
  return (
    <div className="grid gap-1.5">
      <div className="flex items-start gap-2">
        <Mark holds={part.holds} />
        {part.kind === 'condition' ? (
          <span className="min-w-0">
            {part.text}
            {part.found !== null && (
              <span className="block text-sm text-muted">{t('found', { found: part.found })}</span>
            )}
          </span>
        ) : (
          <span className="text-muted">{t(part.mode)}</span>
        )}
      </div>
      {part.kind === 'group' && (
        <ul className="grid gap-1.5 border-l-2 border-line pl-4">
          {part.parts.map((child, index) => (
            // The parts of a rule have no identity beyond their place.
            <li key={`${index}`}>
              <ExplanationTree part={child} />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function Mark({ holds }: { holds: boolean }) {
  const t = useTranslations('segments.why')
  return (
    <span className="mt-0.5 flex shrink-0 items-center">
      {holds ? (
        <Check aria-hidden className="size-4 text-success" />
      ) : (
        <X aria-hidden className="size-4 text-danger" />
      )}
      <span className="sr-only">{t(holds ? 'holds' : 'fails')}</span>
    </span>
  )
}
