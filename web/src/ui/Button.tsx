import type { ReactNode } from 'react'
import { Button as AriaButton } from 'react-aria-components'
import type { ButtonProps as AriaButtonProps } from 'react-aria-components'
import { cx } from './cx.ts'
import { Spinner } from './Spinner.tsx'
import { Tooltip } from './Tooltip.tsx'

/** How much a button asks for attention: one primary per page or dialog. */
export type ButtonVariant = 'primary' | 'secondary' | 'quiet' | 'danger'

/** Properties of a button. */
export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'style' | 'children'> {
  children: ReactNode
  variant?: ButtonVariant
  /** `sm` is 28 px high, for rows and toolbars. */
  size?: 'md' | 'sm'
  icon?: ReactNode
  /** Why it cannot be used now; the button stays reachable and says it. */
  disabledReason?: string | undefined
  /** Takes the whole width of its parent. */
  isWide?: boolean
}

/** A button of the kit: `<Button variant="primary" icon={<Plus />} onPress={create}>New</Button>`. */
export function Button({ children, icon, variant, size, disabledReason, isWide, ...props }: ButtonProps) {
  const button = (
    <AriaButton
      {...(disabledReason === undefined ? props : refused(props))}
      className={cx(buttonStyle(variant, size), isWide && 'w-full')}
    >
      {({ isPending }) => (
        <>
          {isPending ? <Spinner /> : icon}
          {children}
        </>
      )}
    </AriaButton>
  )
  return disabledReason === undefined ? button : <Tooltip text={disabledReason}>{button}</Tooltip>
}

/** The same button, reachable and named, but doing nothing: a disabled one could not say why. */
export function refused(props: AriaButtonProps): AriaButtonProps {
  const { id, slot, autoFocus } = props
  return {
    ...(id === undefined ? {} : { id }),
    slot: slot ?? null,
    autoFocus: autoFocus ?? false,
    'aria-disabled': true,
  }
}

/** The look of a button, for links that look like one. */
export function buttonStyle(variant: ButtonVariant = 'secondary', size: 'md' | 'sm' = 'md'): string {
  return cx(base, sizes[size], variants[variant])
}

const base =
  'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md border text-base font-medium whitespace-nowrap select-none transition-colors no-underline [&_svg]:size-4 [&_svg]:shrink-0 data-[disabled]:opacity-50 data-[disabled]:cursor-not-allowed aria-disabled:opacity-55 aria-disabled:cursor-not-allowed'

const sizes = { md: 'h-8 px-3', sm: 'h-7 px-2 text-sm' }

const variants: Record<ButtonVariant, string> = {
  primary:
    'border-transparent bg-accent text-on-accent hover:not-aria-disabled:bg-accent-hover data-[pressed]:bg-accent-hover',
  secondary: 'border-line bg-panel text-text hover:not-aria-disabled:bg-soft data-[pressed]:bg-soft',
  quiet: 'border-transparent bg-transparent text-text hover:not-aria-disabled:bg-soft data-[pressed]:bg-soft',
  danger:
    'border-transparent bg-danger text-on-danger hover:not-aria-disabled:bg-danger-hover data-[pressed]:bg-danger-hover',
}
