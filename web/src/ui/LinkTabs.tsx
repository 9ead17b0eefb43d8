import { Link } from 'react-aria-components'
import { cx } from './cx.ts'
import { showInRow } from './show-in-row.ts'

/** One page of a family. */
export interface LinkTab {
  href: string
  label: string
  isCurrent: boolean
}

/** Pages of one family side by side; looks like Tabs, but each has an address: `<LinkTabs label={t('parts')} items={[…]} />`. */
export function LinkTabs({ label, items }: { label: string; items: readonly LinkTab[] }) {
  return (
    <nav aria-label={label} className="mb-5 flex gap-5 overflow-x-auto border-b border-line">
      {items.map(({ href, label: name, isCurrent }) => (
        <Link
          key={href}
          href={href}
          {...(isCurrent ? { 'aria-current': 'page' } : {})}
          className={cx(
            '-mb-px flex h-9 shrink-0 items-center rounded-t-sm border-b-2 outline-none data-[focus-visible]:bg-soft',
            isCurrent
              ? 'border-accent font-medium text-text'
              : 'border-transparent text-muted data-[hovered]:text-text',
          )}
        >
          {name}
          {isCurrent && <span ref={showInRow} hidden />}
        </Link>
      ))}
    </nav>
  )
}
