/** Single-key shortcuts: off in fields and dialogs, and off altogether for those who wish (WCAG 2.1.4). */
import { useEffect, useEffectEvent, useSyncExternalStore } from 'react'

/** A key and what it does, as the help lists it. */
export interface Shortcut {
  /** `c`, `/`, `?`, or two after one another: `g c`. */
  keys: string
  /** For the help, translated; `null` for keys that the help lists by other means. */
  label: string | null
  action: () => void
}

const storageKey = 'fanfare.shortcuts'
const sequenceMs = 1_200
const registered = new Set<Shortcut>()
const listeners = new Set<() => void>()
let snapshot: readonly Shortcut[] = []
let isOn = readIsOn()
let pending = ''
let pendingUntil = 0

/** Offers a shortcut while the component is shown. */
export function useShortcut(keys: string, label: string | null, action: () => void): void {
  const act = useEffectEvent(action)
  useEffect(() => {
    const shortcut: Shortcut = { keys, label, action: () => act() }
    registered.add(shortcut)
    changed()
    return () => {
      registered.delete(shortcut)
      changed()
    }
  }, [keys, label])
}

/** All shortcuts of the present screen, for the help. */
export function useShortcuts(): readonly Shortcut[] {
  return useSyncExternalStore(subscribe, () => snapshot)
}

/** Are single keys on, and the switch for it. */
export function useShortcutsSwitch(): [boolean, (on: boolean) => void] {
  return [useSyncExternalStore(subscribe, () => isOn), switchShortcuts]
}

/** Begins to listen; once, at start. */
export function listenToShortcuts(): void {
  document.addEventListener('keydown', (event) => {
    if (!isOn || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    if (
      isTyping(event.target) ||
      document.querySelector('[role="dialog"],[role="alertdialog"],[role="menu"]')
    )
      return
    const keys = event.timeStamp < pendingUntil ? `${pending} ${event.key}` : event.key
    const found = [...registered].findLast((shortcut) => shortcut.keys === keys)
    const begins = [...registered].some((shortcut) => shortcut.keys.startsWith(`${keys} `))
    pending = begins ? keys : ''
    pendingUntil = begins ? event.timeStamp + sequenceMs : 0
    if (!found) return
    event.preventDefault()
    found.action()
  })
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  // Lists and grids search by typed letters; number-like widgets step by keys.
  return (
    target.isContentEditable ||
    target.matches(
      'input, textarea, select, [role="textbox"], [role="combobox"], [role="spinbutton"], [role="option"]',
    )
  )
}

function switchShortcuts(on: boolean): void {
  isOn = on
  try {
    localStorage.setItem(storageKey, on ? 'on' : 'off')
  } catch {
    // Storage may be forbidden: the choice then lasts as long as the tab.
  }
  changed()
}

function readIsOn(): boolean {
  try {
    return localStorage.getItem(storageKey) !== 'off'
  } catch {
    return true
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function changed(): void {
  snapshot = [...registered]
  for (const listener of listeners) listener()
}
