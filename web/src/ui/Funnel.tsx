import { cx } from './cx.ts'

/** One line of a subtraction. */
export interface FunnelStep {
  label: string
  /** Formatted; for `minus` without its sign. */
  value: string
  kind: 'start' | 'minus' | 'result'
  note?: string
  /** Opens the people behind the number. */
  onPress?: () => void
}

/** Who will get it and who will not, as a subtraction: `<Funnel label={t('audience')} steps={[…]} />`. */
export function Funnel({ label, steps }: { label: string; steps: readonly FunnelStep[] }) {
  return (
    <ol aria-label={label} className="grid">
      {steps.map((step) => (
        <li
          key={step.label}
          className={cx(
            'flex min-h-7 items-baseline justify-between gap-4 py-0.5',
            step.kind === 'minus' && 'text-muted',
            step.kind === 'result' && 'mt-1 border-t border-line pt-2 font-semibold',
          )}
        >
          <span className="min-w-0">
            {step.onPress ? (
              <button
                type="button"
                onClick={step.onPress}
                className="min-h-6 rounded-sm text-left underline underline-offset-2"
              >
                {step.label}
              </button>
            ) : (
              step.label
            )}
            {step.note !== undefined && (
              <span className="block text-sm font-normal text-muted">{step.note}</span>
            )}
          </span>
          <span className="figures shrink-0">{step.kind === 'minus' ? `− ${step.value}` : step.value}</span>
        </li>
      ))}
    </ol>
  )
}
