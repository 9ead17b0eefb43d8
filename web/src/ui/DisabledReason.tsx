import type { ReactElement } from 'react'
import { cloneElement, useId, useRef, useState } from 'react'
import { VisuallyHidden } from 'react-aria-components'
import { TooltipBubble } from './Tooltip.tsx'

/**
 * Wraps a control that cannot be used now and says why, by hover, focus and to screen readers.
 * Buttons have `disabledReason` of their own.
 *
 *     <DisabledReason reason={can('campaigns.write') ? undefined : t('viewer')}><Switch …/></DisabledReason>
 */
export function DisabledReason({
  reason,
  children,
}: {
  reason: string | undefined
  children: ReactElement<{ isDisabled?: boolean }>
}) {
  const id = useId()
  const ref = useRef<HTMLSpanElement>(null)
  const [isOpen, setOpen] = useState(false)
  if (reason === undefined) return children
  return (
    // The wrapper takes the focus that a disabled control refuses, so that the reason can be read by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- it only shows a tooltip
    <span
      ref={ref}
      role="group"
      tabIndex={0}
      aria-describedby={id}
      onMouseEnter={() => setOpen(true)}
      onMouseLeave={() => setOpen(false)}
      onFocus={() => setOpen(true)}
      onBlur={() => setOpen(false)}
      className="inline-flex cursor-not-allowed rounded-md"
    >
      <span className="pointer-events-none inline-flex w-full">
        {cloneElement(children, { isDisabled: true })}
      </span>
      <VisuallyHidden id={id}>{reason}</VisuallyHidden>
      <TooltipBubble triggerRef={ref} isOpen={isOpen} onOpenChange={setOpen}>
        {reason}
      </TooltipBubble>
    </span>
  )
}
