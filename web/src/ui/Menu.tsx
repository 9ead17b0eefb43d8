import { Check, Ellipsis } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { Menu as AriaMenu, MenuItem as AriaMenuItem, MenuTrigger, Separator } from 'react-aria-components'
import { cx } from './cx.ts'
import { IconButton } from './IconButton.tsx'
import { PopoverPanel } from './Popover.tsx'
import { OptionText, optionStyle } from './Option.tsx'
import { useKitText } from './text.ts'

/** One entry of a menu, or a line between entries. */
export type MenuEntry =
  | 'separator'
  | {
      id: string
      label: string
      icon?: ReactNode
      note?: string
      /** Acts here … */
      onAction?: () => void
      /** … or goes there. */
      href?: string
      isDangerous?: boolean
      isSelected?: boolean
      /** Why it cannot be used now; the entry stays readable. */
      disabledReason?: string | undefined
    }

/** A menu at a button: `<Menu label={t('account')} trigger={<Button>…</Button>} entries={[…]} />`. */
export function Menu({
  label,
  trigger,
  entries,
  placement = 'bottom start',
}: {
  label: string
  trigger: ReactElement
  entries: readonly MenuEntry[]
  placement?: 'bottom start' | 'bottom end' | 'top start' | 'top end'
}) {
  return (
    <MenuTrigger>
      {trigger}
      <PopoverPanel placement={placement} className="min-w-48 max-w-80">
        <AriaMenu aria-label={label} className="max-h-[60vh] overflow-auto p-1 outline-none">
          {entries.map((entry, index) =>
            entry === 'separator' ? (
              <Separator key={`separator-${index}`} className="my-1 h-px bg-line" />
            ) : (
              <Entry key={entry.id} entry={entry} />
            ),
          )}
        </AriaMenu>
      </PopoverPanel>
    </MenuTrigger>
  )
}

/** The three dots at the end of a row: `<RowMenu entries={[…]} />`. */
export function RowMenu({ label, entries }: { label?: string; entries: readonly MenuEntry[] }) {
  const t = useKitText()
  const name = label ?? t('actions.more')
  return (
    <Menu
      label={name}
      placement="bottom end"
      entries={entries}
      trigger={
        <IconButton label={name} size="sm">
          <Ellipsis aria-hidden />
        </IconButton>
      }
    />
  )
}

function Entry({ entry }: { entry: Exclude<MenuEntry, 'separator'> }) {
  return (
    <AriaMenuItem
      id={entry.id}
      textValue={entry.label}
      isDisabled={entry.disabledReason !== undefined}
      {...(entry.onAction ? { onAction: entry.onAction } : {})}
      {...(entry.href === undefined ? {} : { href: entry.href })}
      className={cx(optionStyle, entry.isDangerous && 'text-danger')}
    >
      {entry.icon}
      <OptionText label={entry.label} note={entry.disabledReason ?? entry.note} />
      {entry.isSelected && <Check aria-hidden className="size-4 text-accent-text" />}
    </AriaMenuItem>
  )
}
