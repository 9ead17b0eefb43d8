/** An address on this site and nowhere else: whoever wrote the link must not choose where one ends up. */
export function ownPath(to: string | undefined): string {
  if (to === undefined || !to.startsWith('/')) return '/'
  const url = new URL(to, location.origin)
  return url.origin === location.origin ? url.pathname + url.search + url.hash : '/'
}
