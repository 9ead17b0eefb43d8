import type { ReactNode } from 'react'
import { cx } from './cx.ts'
import { useKitText } from './text.ts'

/** The tints of the house: each means one thing, and none means anything without its word. */
export type Tone = 'green' | 'blue' | 'grey' | 'amber' | 'violet' | 'red'

/** States that many rooms share, with the kit's words and tints. */
export const statusTones = {
  active: 'green',
  archived: 'grey',
  cancelled: 'grey',
  completed: 'violet',
  deleted: 'grey',
  draft: 'grey',
  failed: 'red',
  off: 'grey',
  on: 'green',
  paused: 'amber',
  pending: 'blue',
  running: 'green',
  scheduled: 'blue',
} as const satisfies Record<string, Tone>

/** A state that the kit has a word for. */
export type Status = keyof typeof statusTones

/** A shared state: `<StatusBadge status="running" />`. */
export function StatusBadge({ status }: { status: Status }) {
  const t = useKitText()
  return <Badge tone={statusTones[status]}>{t(`status.${status}`)}</Badge>
}

/** A state of your own: `<Badge tone="amber">{t('unverified')}</Badge>`. */
export function Badge({ tone = 'grey', children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span
      className={cx(
        'inline-flex h-5 items-center rounded-full px-2 text-sm font-medium whitespace-nowrap',
        tints[tone],
      )}
    >
      {children}
    </span>
  )
}

/** A dot and a sentence, for the line under a title: `<StatusLine tone="green">Sending · 62 %</StatusLine>`. */
export function StatusLine({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <p className="flex items-center gap-2 text-muted">
      <span aria-hidden className={cx('size-2 shrink-0 rounded-full', dots[tone])} />
      {children}
    </p>
  )
}

const tints: Record<Tone, string> = {
  green: 'bg-green-soft text-green',
  blue: 'bg-blue-soft text-blue',
  grey: 'bg-grey-soft text-grey',
  amber: 'bg-amber-soft text-amber',
  violet: 'bg-violet-soft text-violet',
  red: 'bg-red-soft text-red',
}

const dots: Record<Tone, string> = {
  green: 'bg-green',
  blue: 'bg-blue',
  grey: 'bg-grey',
  amber: 'bg-amber',
  violet: 'bg-violet',
  red: 'bg-red',
}
