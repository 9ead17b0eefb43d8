import type { ReactNode } from 'react'

/** Facts about one thing: `<KeyValue items={[{ label: t('from'), value: sender }]} />`. */
export function KeyValue({
  items,
}: {
  items: readonly { label: string; value: ReactNode; isFigure?: boolean }[]
}) {
  return (
    <dl className="grid gap-y-2">
      {items.map(({ label, value, isFigure }) => (
        <div key={label} className="flex items-baseline justify-between gap-4">
          <dt className="shrink-0 text-muted">{label}</dt>
          <dd className={isFigure ? 'figures text-right' : 'min-w-0 text-right break-words'}>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
