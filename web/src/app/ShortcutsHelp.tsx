import { useTranslations } from 'use-intl'
import { useShortcuts, useShortcutsSwitch } from '../platform/shortcuts.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { Switch } from '../ui/Switch.tsx'
import { usePaletteEntries } from './palette-entries.ts'

/** All keys of the present screen, and the switch that turns single keys off. */
export function ShortcutsHelp(props: { isOpen: boolean; onOpenChange: (isOpen: boolean) => void }) {
  const t = useTranslations('app.shortcuts')
  const [isOn, setOn] = useShortcutsSwitch()
  const { actions } = usePaletteEntries()
  const rows = [
    { keys: 'Ctrl K', label: t('palette') },
    ...actions.map(({ keys, label }) => ({ keys, label })),
    ...useShortcuts(),
  ]
  return (
    <Dialog title={t('title')} size="sm" {...props}>
      <div className="grid gap-4">
        <Switch isSelected={isOn} onChange={setOn} note={t('onNote')}>
          {t('on')}
        </Switch>
        <dl className="grid gap-1.5">
          {rows.map(
            ({ keys, label }) =>
              keys &&
              label && (
                <div key={keys + label} className="flex items-center justify-between gap-4">
                  <dt>{label}</dt>
                  <dd className="flex gap-1">{keys.split(' ').map(keyCap)}</dd>
                </div>
              ),
          )}
        </dl>
      </div>
    </Dialog>
  )
}

function keyCap(key: string, index: number) {
  return (
    <kbd
      key={index}
      className="min-w-6 rounded-sm border border-line bg-soft px-1.5 text-center font-sans text-sm"
    >
      {key.length === 1 ? key.toUpperCase() : key}
    </kbd>
  )
}
