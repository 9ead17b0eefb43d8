import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useShortcut, useShortcuts, useShortcutsSwitch } from '../platform/shortcuts.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { Switch } from '../ui/Switch.tsx'
import { usePlaces } from './navigation.ts'
import type { Place } from './navigation.ts'

const helpEvent = 'fanfare:shortcuts'

/** Opens the list of shortcuts from anywhere. */
export function showShortcutsHelp(): void {
  document.dispatchEvent(new CustomEvent(helpEvent))
}

/** The shell's own keys, and the help that lists all. */
export function ShellShortcuts({ onPalette }: { onPalette: () => void }) {
  const t = useTranslations('app.shortcuts')
  const [isHelpOpen, setHelpOpen] = useState(false)
  useShortcut('?', t('help'), () => setHelpOpen(true))
  useShortcut('/', t('search'), focusSearch)
  useEffect(() => {
    const open = () => setHelpOpen(true)
    const onKey = (event: KeyboardEvent) => {
      if (
        event.key.toLowerCase() !== 'k' ||
        !(event.ctrlKey || event.metaKey) ||
        event.shiftKey ||
        event.altKey
      )
        return
      event.preventDefault()
      onPalette()
    }
    document.addEventListener(helpEvent, open)
    document.addEventListener('keydown', onKey)
    return () => {
      document.removeEventListener(helpEvent, open)
      document.removeEventListener('keydown', onKey)
    }
  }, [onPalette])
  return (
    <>
      {usePlaces().map((place) => (
        <PlaceShortcut key={place.id} place={place} />
      ))}
      <Dialog title={t('title')} size="sm" isOpen={isHelpOpen} onOpenChange={setHelpOpen}>
        <ShortcutsHelp />
      </Dialog>
    </>
  )
}

function PlaceShortcut({ place }: { place: Place }) {
  const t = useTranslations('app')
  const navigate = useNavigate()
  useShortcut(place.keys, t('shortcuts.goTo', { place: t(`navigation.${place.id}`) }), () => {
    void navigate({ to: place.href })
  })
  return null
}

function ShortcutsHelp() {
  const t = useTranslations('app.shortcuts')
  const shortcuts = useShortcuts()
  const [isOn, setOn] = useShortcutsSwitch()
  return (
    <div className="grid gap-4">
      <Switch isSelected={isOn} onChange={setOn} note={t('onNote')}>
        {t('on')}
      </Switch>
      <dl className="grid gap-1.5">
        {[{ keys: 'Ctrl K', label: t('palette') }, ...shortcuts].map(({ keys, label }) => (
          <div key={keys + label} className="flex items-center justify-between gap-4">
            <dt>{label}</dt>
            <dd className="flex gap-1">
              {keys.split(' ').map((key, index) => (
                <kbd
                  key={index}
                  className="min-w-6 rounded-sm border border-line bg-soft px-1.5 text-center font-sans text-sm"
                >
                  {key.length === 1 ? key.toUpperCase() : key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

function focusSearch(): void {
  const field = document.querySelector('[data-shortcut-search]')
  if (field instanceof HTMLElement) field.focus()
}
