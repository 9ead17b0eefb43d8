/** What to paste where, so that events come. Pure. */

/** Ways to send events. */
export type Way = 'script' | 'segmentBrowser' | 'node' | 'curl'

/** The ways that fit a source: the key of a server must not stand in a page. */
export const waysOf = (kind: 'browser' | 'server'): readonly Way[] =>
  kind === 'browser' ? ['script', 'segmentBrowser', 'curl'] : ['node', 'curl']

/** The text to paste. */
export function snippetOf(way: Way, { key, origin }: { key: string; origin: string }): string {
  switch (way) {
    case 'script':
      return `<script>
  window.fanfare = window.fanfare || { q: [] }
  for (const name of ['track', 'page', 'identify', 'group', 'consent', 'reset'])
    fanfare[name] ??= (...values) => fanfare.q.push([name, ...values])
</script>
<script async src="${origin}/tracker.js" data-key="${key}"></script>`
    case 'segmentBrowser':
      return `import { AnalyticsBrowser } from '@segment/analytics-next'

export const analytics = AnalyticsBrowser.load({
  writeKey: '${key}',
  cdnURL: '${origin}',
})

analytics.identify('user-1', { email: 'ada@example.com' })
analytics.track('Order Completed', { order_id: 'o-1', revenue: 14.99, currency: 'EUR' })`
    case 'node':
      return `import { Analytics } from '@segment/analytics-node'

const analytics = new Analytics({
  writeKey: process.env.FANFARE_WRITE_KEY,
  host: '${origin}',
})

analytics.track({
  userId: 'user-1',
  event: 'Order Completed',
  properties: { order_id: 'o-1', revenue: 14.99, currency: 'EUR' },
})
await analytics.closeAndFlush()`
    case 'curl':
      return `curl ${origin}/v1/track -u ${key}: \\
  -H 'content-type: application/json' \\
  -d '{"userId":"user-1","event":"Order Completed","properties":{"order_id":"o-1","revenue":14.99,"currency":"EUR"}}'`
  }
}
