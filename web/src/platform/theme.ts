/** Light, dark, or as the system says. `public/first-paint.js` applies the same choice before the first paint. */
import { useSyncExternalStore } from 'react'

/** The reader's choice. */
export type Theme = 'system' | 'light' | 'dark'

/** All choices, in the order of the switch. */
export const themes: readonly Theme[] = ['system', 'light', 'dark']

const storageKey = 'fanfare.theme'
const listeners = new Set<() => void>()
const systemDark = matchMedia('(prefers-color-scheme: dark)')
let theme: Theme = readTheme()

systemDark.addEventListener('change', apply)

/** The present choice. */
export function useTheme(): Theme {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => theme,
  )
}

/** Chooses and remembers a theme. */
export function chooseTheme(next: Theme): void {
  theme = next
  try {
    localStorage.setItem(storageKey, next)
  } catch {
    // Storage may be forbidden: the choice then lasts as long as the tab.
  }
  apply()
  for (const listener of listeners) listener()
}

function apply(): void {
  const isDark = theme === 'dark' || (theme === 'system' && systemDark.matches)
  document.documentElement.classList.toggle('dark', isDark)
}

function readTheme(): Theme {
  try {
    const stored = localStorage.getItem(storageKey)
    return stored === 'light' || stored === 'dark' ? stored : 'system'
  } catch {
    return 'system'
  }
}
