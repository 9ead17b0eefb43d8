import type { ReactElement, ReactNode } from 'react'
import { Dialog, DialogTrigger, Popover as AriaPopover } from 'react-aria-components'
import type { PopoverProps } from 'react-aria-components'
import { cx } from './cx.ts'

/** The floating panel under menus, selects and calendars. */
export function PopoverPanel({
  className,
  ...props
}: Omit<PopoverProps, 'className'> & { className?: string }) {
  return (
    <AriaPopover
      offset={4}
      {...props}
      className={cx(
        'rise overflow-hidden rounded-lg border border-line bg-panel text-text shadow-pop outline-none',
        className,
      )}
    />
  )
}

/** A small panel at a button: `<Popover label={t('filters')} trigger={<Button>…</Button>}>…</Popover>`. */
export function Popover({
  label,
  trigger,
  children,
  className,
}: {
  label: string
  trigger: ReactElement
  children: ReactNode | ((close: { close: () => void }) => ReactNode)
  className?: string
}) {
  return (
    <DialogTrigger>
      {trigger}
      <PopoverPanel className={className ?? 'w-80'}>
        <Dialog aria-label={label} className="max-h-[70vh] overflow-auto p-4 outline-none">
          {children}
        </Dialog>
      </PopoverPanel>
    </DialogTrigger>
  )
}
