import type { ReactNode } from 'react'
import { Button as AriaButton } from 'react-aria-components'
import type { ButtonProps as AriaButtonProps } from 'react-aria-components'
import { refused } from './Button.tsx'
import { cx } from './cx.ts'
import { Tooltip } from './Tooltip.tsx'

/** Properties of an icon button. */
export interface IconButtonProps extends Omit<
  AriaButtonProps,
  'className' | 'style' | 'children' | 'aria-label'
> {
  /** Its name, also shown as a tooltip. */
  label: string
  children: ReactNode
  size?: 'md' | 'sm'
  isActive?: boolean
  disabledReason?: string | undefined
}

/** A button with a picture only: `<IconButton label={t('actions.delete')} onPress={remove}><Trash2 /></IconButton>`. */
export function IconButton({
  label,
  children,
  size = 'md',
  isActive,
  disabledReason,
  ...props
}: IconButtonProps) {
  const text = disabledReason === undefined ? label : `${label} · ${disabledReason}`
  const button = (
    <AriaButton
      {...(disabledReason === undefined ? props : refused(props))}
      aria-label={label}
      className={cx(
        'inline-flex shrink-0 items-center justify-center rounded-md border border-transparent text-muted transition-colors hover:bg-soft hover:text-text aria-disabled:cursor-not-allowed aria-disabled:opacity-45 data-[disabled]:opacity-45 data-[pressed]:bg-soft [&_svg]:size-4',
        size === 'md' ? 'size-8' : 'size-7',
        isActive && 'bg-soft text-text',
      )}
    >
      {children}
    </AriaButton>
  )
  return <Tooltip text={text}>{button}</Tooltip>
}
