/** An address on this site and nowhere else: whoever wrote the link must not choose where one ends up. */
export function ownPath(to: string | undefined, origin: string = location.origin): string {
  if (to === undefined || !to.startsWith('/')) return '/'
  const url = new URL(to, origin)
  return url.origin === origin ? url.pathname + url.search + url.hash : '/'
}
