import type { ReactNode } from 'react'

/** Nothing here yet: says what will appear, and offers the one step that makes it so. */
export function EmptyState({
  icon,
  title,
  children,
  action,
}: {
  icon?: ReactNode
  title: string
  /** One or two sentences that teach. */
  children?: ReactNode
  /** A primary button or link. */
  action?: ReactNode
}) {
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-2 px-6 py-14 text-center">
      {icon !== undefined && (
        <span
          aria-hidden
          className="mb-1 flex size-10 items-center justify-center rounded-xl bg-soft text-muted [&_svg]:size-5"
        >
          {icon}
        </span>
      )}
      <h2 className="text-lg font-semibold">{title}</h2>
      {children !== undefined && <div className="text-muted">{children}</div>}
      {action !== undefined && <div className="mt-3 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  )
}
