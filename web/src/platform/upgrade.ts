/** A new release removes the files of the old one: a tab that misses one of them loads the whole page anew, once. */
const storageKey = 'fanfare.reloadedAt'
const reloadEveryMs = 60_000

/** Begins to watch for missing files; once, at start. */
export function reloadAfterUpgrade(): void {
  addEventListener('vite:preloadError', (event) => {
    const last = Number(sessionStorage.getItem(storageKey) ?? 0)
    // Still missing right after a reload: something else is wrong, and the page's error state says so.
    if (Date.now() - last < reloadEveryMs) return
    event.preventDefault()
    sessionStorage.setItem(storageKey, String(Date.now()))
    location.reload()
  })
}
