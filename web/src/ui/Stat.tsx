import type { ReactNode } from 'react'
import { cx } from './cx.ts'
import { Sparkline } from './Sparkline.tsx'

/** One figure with what it is a part of. */
export interface StatItem {
  label: string
  /** Formatted: `format.rate(opened, delivered)`; a dash for none. */
  value: string
  /** Its count or denominator, always shown beside a rate: "1,204 of 2,860". */
  of?: string
  /** Beside "usual", or what to know before trusting it. */
  note?: ReactNode
  /** Recent values, oldest first. */
  trend?: readonly number[]
  /** The people behind the number. */
  onPress?: () => void
}

/** Tiles of one row with hairlines between: `<Stats label={t('figures')} items={[…]} />`. */
export function Stats({ label, items }: { label: string; items: readonly StatItem[] }) {
  return (
    // Every tile draws its right and lower line; the frame hides the outermost, also of a last row that is not full.
    <div className="overflow-hidden rounded-xl border border-line bg-panel">
      <dl
        aria-label={label}
        className="-mr-px -mb-px grid grid-cols-[repeat(auto-fit,minmax(min(100%,150px),1fr))] *:border-r *:border-b *:border-line"
      >
        {items.map((item) => (
          <Stat key={item.label} {...item} />
        ))}
      </dl>
    </div>
  )
}

/** So many characters fit beside another tile on a telephone; longer ones, such as `4 189,76 £GB`, are set smaller. */
const CHARS_OF_HALF_A_PHONE = 9

function Stat({ label, value, of, note, trend, onPress }: StatItem) {
  return (
    <div className={cx('relative flex min-w-0 flex-col bg-panel p-4', onPress && 'hover:bg-soft')}>
      <dt className="text-sm text-muted">{label}</dt>
      <dd className="flex min-w-0 flex-1 flex-col">
        <span
          className={cx(
            'figures text-2xl font-semibold tracking-tight',
            value.length > CHARS_OF_HALF_A_PHONE && 'max-sm:text-xl',
          )}
        >
          {onPress ? (
            // The whole tile is the target; the button carries its name.
            <button type="button" onClick={onPress} className="after:absolute after:inset-0">
              {value}
            </button>
          ) : (
            value
          )}
        </span>
        <span className="mt-auto flex items-end justify-between gap-2">
          <span className="grid min-w-0 text-sm text-muted">
            {of !== undefined && <span className="figures">{of}</span>}
            {note !== undefined && <span>{note}</span>}
          </span>
          {trend && <Sparkline values={trend} />}
        </span>
      </dd>
    </div>
  )
}
