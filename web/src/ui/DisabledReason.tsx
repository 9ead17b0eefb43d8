import type { ReactElement, ReactNode } from 'react'
import { cloneElement, isValidElement, useId } from 'react'
import { Focusable, TooltipTrigger, VisuallyHidden } from 'react-aria-components'
import { TooltipBubble } from './Tooltip.tsx'

/**
 * Wraps a control that cannot be used now and says why, by hover, focus and to screen readers.
 *
 *     <DisabledReason reason={can('campaigns.write') ? undefined : t('viewer')}><Switch …/></DisabledReason>
 */
export function DisabledReason({
  reason,
  children,
}: {
  reason: string | undefined
  children: ReactElement<object>
}) {
  const id = useId()
  if (reason === undefined) return children
  return (
    <TooltipTrigger delay={150}>
      <Focusable>
        {/* The wrapper takes the focus that a disabled control refuses, so that the reason can be read by keyboard. */}
        <span
          role="group"
          tabIndex={0}
          aria-describedby={id}
          className="inline-flex cursor-not-allowed rounded-md"
        >
          <span className="pointer-events-none inline-flex w-full">{disabled(children)}</span>
          <VisuallyHidden id={id}>{reason}</VisuallyHidden>
        </span>
      </Focusable>
      <TooltipBubble>{reason}</TooltipBubble>
    </TooltipTrigger>
  )
}

function disabled(child: ReactNode): ReactNode {
  // Every control of the kit takes isDisabled; React does not say so in the type of a child.
  return isValidElement<{ isDisabled?: boolean }>(child) ? cloneElement(child, { isDisabled: true }) : child
}
