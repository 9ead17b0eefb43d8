/**
 * Brings the chosen one of a row that scrolls sideways into view; the `ref` of a mark that is drawn within the chosen one
 * alone. The row alone is moved, and at once: scrollIntoView would move the page as well, and an animation would be
 * motion that nobody asked for.
 */
export function showInRow(mark: HTMLElement | null): void {
  const chosen = mark?.parentElement
  const row = chosen?.parentElement
  if (!chosen || !row) return
  const [inner, outer] = [chosen.getBoundingClientRect(), row.getBoundingClientRect()]
  if (inner.left < outer.left) row.scrollLeft -= outer.left - inner.left
  else if (inner.right > outer.right) row.scrollLeft += inner.right - outer.right
}
