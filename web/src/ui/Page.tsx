import type { ReactNode } from 'react'
import { useEffect } from 'react'
import { Breadcrumbs } from './Breadcrumbs.tsx'
import type { Crumb } from './Breadcrumbs.tsx'

/** Properties of a page. */
export interface PageProps {
  /** The heading, and the title of the tab. */
  title: string
  /** Shown instead of the title in the heading, when it is more than a text. */
  heading?: ReactNode
  /** One line under the title: the state in a sentence. */
  subtitle?: ReactNode
  /** Top right; at most one primary button. */
  actions?: ReactNode
  /** The way back up. */
  crumbs?: readonly Crumb[]
  /** `narrow` for forms and settings. */
  width?: 'full' | 'narrow'
  children: ReactNode
}

/** Every page: title, one primary action, content. Sets the tab's title; the shell announces it. */
export function Page({ title, heading, subtitle, actions, crumbs, width = 'full', children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Fanfare`
  }, [title])
  return (
    <div className={width === 'narrow' ? 'w-full max-w-3xl' : 'w-full'}>
      {crumbs && <Breadcrumbs items={crumbs} />}
      <header className="mb-5 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <h1 className="text-xl leading-8 font-semibold tracking-tight break-words">{heading ?? title}</h1>
          {subtitle !== undefined && <div className="text-muted">{subtitle}</div>}
        </div>
        {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      <div className="grid grid-cols-1 gap-5">{children}</div>
    </div>
  )
}

/** The row of search and filters above a list. */
export function FilterBar({ children }: { children: ReactNode }) {
  return <div className="flex flex-wrap items-center gap-2">{children}</div>
}
