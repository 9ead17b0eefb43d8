import { Breadcrumb, Breadcrumbs as AriaBreadcrumbs, Link } from 'react-aria-components'
import { useKitText } from './text.ts'

/** One step of the way; the last has no `href`. */
export interface Crumb {
  label: string
  href?: string
}

/** Where this page lies: `<Breadcrumbs items={[{ label: t('campaigns'), href: '/campaigns' }, { label: name }]} />`. */
export function Breadcrumbs({ items }: { items: readonly Crumb[] }) {
  const t = useKitText()
  return (
    <nav aria-label={t('breadcrumbs')} className="mb-1">
      <AriaBreadcrumbs className="flex flex-wrap items-center gap-1.5 text-muted">
        {items.map((item) => (
          <Breadcrumb key={item.label} className="flex items-center gap-1.5">
            {item.href === undefined ? (
              <span>{item.label}</span>
            ) : (
              <>
                <Link
                  href={item.href}
                  className="rounded-sm underline-offset-2 hover:text-text hover:underline"
                >
                  {item.label}
                </Link>
                <span aria-hidden className="in-[li:last-child]:hidden">
                  /
                </span>
              </>
            )}
          </Breadcrumb>
        ))}
      </AriaBreadcrumbs>
    </nav>
  )
}
