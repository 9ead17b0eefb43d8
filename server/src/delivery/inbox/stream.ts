/**
 * An inbox as a stream of server-sent events: `changed` whenever there is something new to fetch, and on each connection,
 * because nobody keeps what came while a browser was cut off.
 */
import { Readable } from 'node:stream'
import { every } from '../../platform/clock.ts'
import type { Platform } from '../../platform/platform.ts'
import { watchInbox } from './inbox.ts'

const KEEP_ALIVE_MS = 20_000

/** @throws delivery.inbox_not_found */
export function inboxStream(platform: Platform, key: string): Readable {
  const stream = new Readable({ read: () => undefined })
  const sayChanged = (): void => void stream.push('event: changed\ndata: {}\n\n')
  const end = watchInbox(platform, key, sayChanged)
  const keepAlive = every(KEEP_ALIVE_MS, () => void stream.push(': still here\n\n'))
  stream.push('retry: 3000\n\n')
  sayChanged()
  stream.once('close', () => {
    end()
    keepAlive.stop()
  })
  return stream
}
