import type { ReactNode } from 'react'
import { Switch as AriaSwitch } from 'react-aria-components'
import type { SwitchProps as AriaProps } from 'react-aria-components'

/** Properties of a switch. */
export interface SwitchProps extends Omit<AriaProps, 'className' | 'style' | 'children'> {
  children: ReactNode
  note?: ReactNode
}

/** On or off at once: `<Switch isSelected={on} onChange={setOn} note={t('why')}>{t('tracking')}</Switch>`. */
export function Switch({ children, note, ...props }: SwitchProps) {
  return (
    <AriaSwitch
      {...props}
      className="group inline-flex min-h-6 items-start gap-2.5 text-base data-[disabled]:cursor-not-allowed data-[disabled]:text-muted"
    >
      <span className="mt-0.5 flex h-4.5 w-8 shrink-0 items-center rounded-full border border-edge bg-soft p-px transition-colors group-data-[disabled]:opacity-50 group-data-[focus-visible]:outline-2 group-data-[focus-visible]:outline-offset-2 group-data-[focus-visible]:outline-accent group-data-[selected]:border-accent group-data-[selected]:bg-accent">
        <span className="size-3.5 rounded-full bg-edge transition-transform group-data-[selected]:translate-x-3.5 group-data-[selected]:bg-on-accent" />
      </span>
      <span className="grid">
        <span>{children}</span>
        {note !== undefined && <span className="text-sm text-muted">{note}</span>}
      </span>
    </AriaSwitch>
  )
}
