import type { ReactElement, ReactNode } from 'react'
import { Tooltip as AriaTooltip, TooltipTrigger } from 'react-aria-components'
import type { TooltipProps } from 'react-aria-components'

/** A word for a control on hover and focus: `<Tooltip text="Undo"><IconButton …/></Tooltip>`. */
export function Tooltip({ text, children }: { text: ReactNode; children: ReactElement }) {
  return (
    <TooltipTrigger delay={400} closeDelay={80}>
      {children}
      <TooltipBubble>{text}</TooltipBubble>
    </TooltipTrigger>
  )
}

/** The dark bubble itself, for triggers with rules of their own. */
export function TooltipBubble({
  children,
  ...props
}: Omit<TooltipProps, 'children'> & { children: ReactNode }) {
  return (
    <AriaTooltip
      {...props}
      offset={6}
      className="rise max-w-64 rounded-md bg-text px-2 py-1 text-sm text-ground shadow-pop"
    >
      {children}
    </AriaTooltip>
  )
}
