/** One bar. */
export interface BarItem {
  label: string
  value: number
  /** Formatted value, with its rate: "1,204 · 12.5%". */
  text: string
  href?: string
}

/** Ranked amounts: links by clicks, reasons by people. `<BarList label={t('links')} items={[…]} />` */
export function BarList({
  label,
  items,
  whole,
}: {
  label: string
  items: readonly BarItem[]
  /** What the values are shares of: a full bar then is all of it, not the largest. */
  whole?: number
}) {
  const full = Math.max(1, whole ?? Math.max(...items.map((item) => item.value)))
  return (
    <ul aria-label={label} className="grid grid-cols-1 gap-1">
      {items.map((item) => (
        <li key={item.label} className="relative flex min-h-8 items-center justify-between gap-4 px-2">
          <span
            aria-hidden
            className="absolute inset-y-0.5 left-0 rounded-sm bg-accent-soft"
            style={{ width: `${Math.max(0.5, (100 * item.value) / full)}%` }}
          />
          <span className="relative min-w-0 truncate" title={item.label}>
            {item.href === undefined ? (
              item.label
            ) : (
              <a
                href={item.href}
                target="_blank"
                rel="noreferrer"
                className="underline-offset-2 hover:underline"
              >
                {item.label}
              </a>
            )}
          </span>
          <span className="figures relative shrink-0">{item.text}</span>
        </li>
      ))}
    </ul>
  )
}
