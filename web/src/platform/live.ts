/**
 * Live figures: one stream of server-sent events per tab, shared by everything on the screen.
 * A hidden tab closes it; while it is down, interested queries are asked again every five seconds. While it is up, they
 * are once a minute: a word may be lost on its way, and a campaign that has ended must not be shown as running for ever.
 */
import { useQueryClient } from '@tanstack/react-query'
import type { QueryKey } from '@tanstack/react-query'
import { useEffect, useEffectEvent } from 'react'

const pollMs = 5_000
const lostWordMs = 60_000
const streamUrl = '/api/stream'

type Listener = (data: unknown) => void

/** What a page wants of a topic: to hear it, and what to ask again while nothing can be heard. */
interface Interest {
  topic: string
  onMessage: Listener
  onPoll: () => void
}

const interests = new Set<Interest>()
const topics = new Set<string>()
let source: EventSource | null = null
let poll: ReturnType<typeof setInterval> | null = null
let lookAgain: ReturnType<typeof setInterval> | null = null

/**
 * Listens to a topic while the component is shown.
 *
 *     useLive(`campaign:${id}`, (figures, cache) => cache.setQueryData(['campaigns', id, 'report'], figures), ['campaigns', id])
 *
 * @param onMessage  patches the query cache; without it the queries of `queryKey` are asked again
 * @param queryKey   asked again on every poll while the stream is down, and when the tab comes back
 */
export function useLive(
  topic: string,
  onMessage: ((data: unknown, cache: ReturnType<typeof useQueryClient>) => void) | null,
  queryKey: QueryKey,
): void {
  const cache = useQueryClient()
  const heard = useEffectEvent((data: unknown) =>
    onMessage ? onMessage(data, cache) : void cache.invalidateQueries({ queryKey }),
  )
  const polled = useEffectEvent(() => void cache.invalidateQueries({ queryKey }))
  useEffect(() => {
    const interest: Interest = { topic, onMessage: (data) => heard(data), onPoll: () => polled() }
    interests.add(interest)
    open()
    listenTo(topic)
    return () => {
      interests.delete(interest)
      if (interests.size === 0) close()
    }
  }, [topic])
}

function open(): void {
  if (source || document.hidden || interests.size === 0) return
  source = new EventSource(streamUrl)
  source.addEventListener('open', heardAgain)
  // The browser reconnects by itself after a network error, but not after an HTTP error; polling bridges both.
  source.addEventListener('error', startPolling)
  for (const topic of topics) attach(topic)
  lookAgain ??= setInterval(askAgain, lostWordMs)
}

function close(): void {
  source?.close()
  source = null
  stopPolling()
  if (lookAgain !== null) clearInterval(lookAgain)
  lookAgain = null
}

function listenTo(topic: string): void {
  if (topics.has(topic)) return
  topics.add(topic)
  attach(topic)
}

function attach(topic: string): void {
  source?.addEventListener(topic, (event) => {
    const data: unknown = JSON.parse(event.data)
    for (const interest of interests) if (interest.topic === topic) interest.onMessage(data)
  })
}

function startPolling(): void {
  poll ??= setInterval(() => {
    if (source?.readyState === EventSource.CLOSED) {
      close()
      open()
    }
    askAgain()
  }, pollMs)
}

/** What was said between the last poll and the stream’s return reached nobody. */
function heardAgain(): void {
  if (poll === null) return
  stopPolling()
  askAgain()
}

function stopPolling(): void {
  if (poll !== null) clearInterval(poll)
  poll = null
}

function askAgain(): void {
  for (const interest of interests) interest.onPoll()
}

document.addEventListener('visibilitychange', () => {
  if (document.hidden) return close()
  if (interests.size === 0) return
  open()
  askAgain()
})
