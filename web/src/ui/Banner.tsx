import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { cx } from './cx.ts'

/** How serious a banner is. */
export type BannerTone = 'info' | 'success' | 'warning' | 'error'

/** A sentence that stays until its reason is gone: `<Banner tone="warning" action={<Button>…</Button>}>…</Banner>`. */
export function Banner({
  tone = 'info',
  title,
  children,
  action,
}: {
  tone?: BannerTone
  title?: string
  children?: ReactNode
  action?: ReactNode
}) {
  const { icon: Icon, style } = looks[tone]
  return (
    <div
      role={tone === 'error' ? 'alert' : 'status'}
      className={cx('flex flex-wrap items-center gap-x-3 gap-y-2 rounded-lg px-4 py-2.5', style)}
    >
      <Icon aria-hidden className="size-4 shrink-0" />
      <div className="min-w-0 flex-1 basis-48 [&_a]:text-inherit">
        {title !== undefined && <p className="font-medium">{title}</p>}
        {children}
      </div>
      {action}
    </div>
  )
}

const looks = {
  info: { icon: Info, style: 'bg-blue-soft text-blue' },
  success: { icon: CircleCheck, style: 'bg-green-soft text-green' },
  warning: { icon: TriangleAlert, style: 'bg-amber-soft text-amber' },
  error: { icon: CircleAlert, style: 'bg-red-soft text-red' },
}
