/**
 * Word between processes: hints that something moved, and live figures for screens. Coalesced, because a NOTIFY in
 * every transaction halves the rate of commits (measured); lost ones cost a poll, never a fact.
 */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { z } from 'zod'
import { every, pause } from './clock.ts'
import type { Connection } from './db/index.ts'
import type { OrgId } from './ids.ts'
import type { Log } from './log.ts'

export type HintTopic = 'work' | 'log'

/** A message for screens: ids and figures, nothing personal. */
export interface LiveMessage {
  orgId: OrgId
  topic: string
  data: unknown
}

export interface Hub {
  /** Says that an organization has new work or events. */
  hint(topic: HintTopic, orgId: OrgId): void
  onHint(topic: HintTopic, listener: (orgId: OrgId) => void): () => void
  /** Sends the latest state of a topic to screens; within a flush only the last one per topic travels. */
  publish(orgId: OrgId, topic: string, data: unknown): void
  subscribe(orgId: OrgId, listener: (message: LiveMessage) => void): () => void
  close(): Promise<void>
}

const CHANNEL = 'fanfare'
const FLUSH_MS = 25
/** PostgreSQL's limit for one notification is 8,000 bytes. */
const NOTIFICATION_BYTES_MAX = 7_500
const RECONNECT_MS = 500

const notificationSchema = z.object({
  from: z.string(),
  hints: z.array(z.tuple([z.enum(['work', 'log']), z.string()])),
  live: z.array(z.object({ orgId: z.string(), topic: z.string(), data: z.unknown() })),
})

/** Opens the hub of a process. It reconnects by itself when the database restarts. */
export function createHub(connection: Connection, log: Log): Hub {
  const self = randomUUID()
  const hintListeners = new Map<HintTopic, Set<(orgId: OrgId) => void>>([
    ['work', new Set()],
    ['log', new Set()],
  ])
  const liveListeners = new Map<OrgId, Set<(message: LiveMessage) => void>>()
  let hints = new Map<string, [HintTopic, OrgId]>()
  let live = new Map<string, LiveMessage>()
  let client: pg.Client | null = null
  let closed = false

  const deliver = (message: LiveMessage): void => {
    for (const listener of liveListeners.get(message.orgId) ?? []) listener(message)
  }
  const receive = (text: string | undefined): void => {
    const parsed = notificationSchema.safeParse(JSON.parse(text ?? '{}'))
    if (!parsed.success || parsed.data.from === self) return
    for (const [topic, orgId] of parsed.data.hints)
      for (const listener of hintListeners.get(topic) ?? []) listener(orgId as OrgId)
    for (const message of parsed.data.live) deliver({ ...message, orgId: message.orgId as OrgId })
  }
  const connect = async (): Promise<void> => {
    while (!closed) {
      const next = new pg.Client({ ...connection, application_name: 'fanfare hub', keepAlive: true })
      try {
        next.on('error', (error) => log.warn({ error }, 'the hub lost its connection'))
        await next.connect()
        await next.query(`listen ${CHANNEL}`)
        // Closed while it was connecting: nobody else would end this connection.
        if (closed) {
          await next.end()
          return
        }
        next.on('notification', (message) => receive(message.payload))
        client = next
        await new Promise<void>((resolve) => next.on('end', resolve))
        client = null
      } catch (error) {
        log.warn({ error }, 'the hub cannot reach the database; trying again')
      }
      if (!closed) await pause(RECONNECT_MS)
    }
  }
  const connected = connect()

  const flush = async (): Promise<void> => {
    if (!client || (hints.size === 0 && live.size === 0)) return
    const batches = inBatches(self, [...hints.values()], [...live.values()])
    hints = new Map()
    live = new Map()
    for (const batch of batches)
      await client
        .query('select pg_notify($1, $2)', [CHANNEL, batch])
        .catch((error: unknown) =>
          log.warn({ error }, 'a notification was not sent; polls will find the work'),
        )
  }
  const timer = every(FLUSH_MS, flush)

  return {
    hint: (topic, orgId) => {
      hints.set(`${topic}:${orgId}`, [topic, orgId])
      for (const listener of hintListeners.get(topic) ?? []) listener(orgId)
    },
    onHint: (topic, listener) => {
      hintListeners.get(topic)?.add(listener)
      return () => hintListeners.get(topic)?.delete(listener)
    },
    publish: (orgId, topic, data) => {
      const message = { orgId, topic, data }
      live.set(`${orgId}:${topic}`, message)
      deliver(message)
    },
    subscribe: (orgId, listener) => {
      const listeners = liveListeners.get(orgId) ?? new Set()
      liveListeners.set(orgId, listeners.add(listener))
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) liveListeners.delete(orgId)
      }
    },
    close: async () => {
      timer.stop()
      await flush()
      closed = true
      await client?.end()
      await connected
    },
  }
}

/** Splits what is to be said into notifications that PostgreSQL takes. */
function inBatches(from: string, hints: [HintTopic, OrgId][], live: LiveMessage[]): string[] {
  const whole = JSON.stringify({ from, hints, live })
  if (Buffer.byteLength(whole) <= NOTIFICATION_BYTES_MAX) return [whole]
  if (hints.length + live.length <= 1) return [] // a single message that large is for a page to fetch, not to be pushed
  const half = (list: readonly unknown[]): number => Math.ceil(list.length / 2)
  return [
    ...inBatches(from, hints.slice(0, half(hints)), live.slice(0, half(live))),
    ...inBatches(from, hints.slice(half(hints)), live.slice(half(live))),
  ]
}
