import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useShortcut } from '../platform/shortcuts.ts'
import { useSession } from '../platform/session.ts'
import { places } from './navigation.ts'
import { commands, loadCommandTexts } from './rooms.ts'
import type { Place } from './navigation.ts'

const ShortcutsHelp = lazy(async () => {
  const [module] = await Promise.all([import('./ShortcutsHelp.tsx'), loadCommandTexts()])
  return { default: module.ShortcutsHelp }
})

const helpEvent = 'fanfare:shortcuts'

/** Opens the list of shortcuts from anywhere. */
export function showShortcutsHelp(): void {
  document.dispatchEvent(new CustomEvent(helpEvent))
}

/** The shell's own keys, and the help that lists all. */
export function ShellShortcuts({ onPalette }: { onPalette: () => void }) {
  const t = useTranslations('app.shortcuts')
  const { can } = useSession()
  const [isHelpOpen, setHelpOpen] = useState(false)
  const [wasHelpOpened, setHelpOpened] = useState(false)
  if (isHelpOpen && !wasHelpOpened) setHelpOpened(true)
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
      {places.map((place) => (
        <PlaceShortcut key={place.id} place={place} />
      ))}
      {commands.map(
        ({ id, shortcut, href, permission }) =>
          shortcut !== undefined &&
          (permission === undefined || can(permission)) && (
            <CommandShortcut key={id} keys={shortcut} href={href} />
          ),
      )}
      {wasHelpOpened && (
        <Suspense fallback={null}>
          <ShortcutsHelp isOpen={isHelpOpen} onOpenChange={setHelpOpen} />
        </Suspense>
      )}
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

function CommandShortcut({ keys, href }: { keys: string; href: string }) {
  const navigate = useNavigate()
  // The help lists commands itself: their words belong to rooms and are loaded with it.
  useShortcut(keys, null, () => void navigate({ href }))
  return null
}

function focusSearch(): void {
  const field = document.querySelector('[data-shortcut-search]')
  if (field instanceof HTMLElement) field.focus()
}
