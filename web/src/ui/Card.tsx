import type { ReactNode } from 'react'
import { useId } from 'react'
import { cx } from './cx.ts'

/** A framed section with its heading: `<Section title={t('links')} actions={…}>…</Section>`. */
export function Section({
  title,
  note,
  actions,
  children,
  isFlush,
}: {
  title: string
  note?: ReactNode
  actions?: ReactNode
  children: ReactNode
  /** No padding around the content, for tables and lists; a table inside gives up its own frame. */
  isFlush?: boolean
}) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="min-w-0 rounded-xl border border-line bg-panel">
      <header
        className={cx(
          'flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-5 pt-4',
          isFlush && 'pb-3',
        )}
      >
        <div className="min-w-0">
          <h2 id={id} className="text-base font-semibold">
            {title}
          </h2>
          {note !== undefined && <p className="text-sm text-muted">{note}</p>}
        </div>
        {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      <div data-flush={isFlush ? '' : undefined} className={cx(!isFlush && 'px-5 pt-3 pb-5')}>
        {children}
      </div>
    </section>
  )
}

/** A plain frame. */
export function Card({ children, className }: { children: ReactNode; className?: string }) {
  return <div className={cx('min-w-0 rounded-xl border border-line bg-panel p-5', className)}>{children}</div>
}
