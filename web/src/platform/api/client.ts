/**
 * The typed way to the API. A room binds it to its own route map, of which only the types reach the browser:
 *
 *     import type { routes } from '@fanfare/server/campaigns/schema'
 *     const call = client<typeof routes>()
 *     await call('POST /api/campaigns', { body: { name: 'Noël' } })
 */
import { currentI18n } from '../i18n/store.ts'
import { problemFrom, unreachable } from './problem.ts'
import { randomKey } from './random-key.ts'
import { url } from './url.ts'
import type { Address } from './url.ts'
import type { Answered, Sent } from './wire.ts'

/** A room's route map; each route may have `params`, `query`, `body` and `ok`. */
export type RouteMap = Record<string, object>

/** What a route takes; parts without required fields may be left out. */
export type RequestOf<Route> = Part<Route, 'params'> &
  Part<Route, 'query'> &
  Part<Route, 'body'> & { signal?: AbortSignal; idempotencyKey?: string }

/** What a route answers, on the wire: ids and instants are strings. */
export type AnswerOf<Route> = Route extends { ok: infer Schema }
  ? Schema extends { contentType: string }
    ? string
    : Answered<Schema>
  : undefined

/** The answer of one route of a map: `Answer<typeof routes, 'GET /api/campaigns/:id'>`. */
export type Answer<Routes extends RouteMap, Key extends keyof Routes> = AnswerOf<Routes[Key]>

/** The query of one route of a map. */
export type QueryOf<Routes extends RouteMap, Key extends keyof Routes> = Routes[Key] extends {
  query: infer Schema
}
  ? Sent<Schema>
  : never

/** The body of one route of a map. */
export type BodyOf<Routes extends RouteMap, Key extends keyof Routes> = Routes[Key] extends {
  body: infer Schema
}
  ? Sent<Schema>
  : never

type Part<Route, Name extends 'params' | 'query' | 'body'> =
  Route extends Record<Name, infer Schema>
    ? [Sent<Schema>] extends [never]
      ? { [key in Name]?: undefined }
      : Record<string, never> extends Sent<Schema>
        ? { [key in Name]?: Sent<Schema> }
        : { [key in Name]: Sent<Schema> }
    : { [key in Name]?: undefined }

type Arguments<Request> = object extends Request ? [request?: Request] : [request: Request]

/** Binds the client to the route map of a room. Costs nothing at run time: all rooms share one function. */
export function client<Routes extends RouteMap>() {
  return <Key extends keyof Routes & string>(key: Key, ...[request]: Arguments<RequestOf<Routes[Key]>>) =>
    // The server validates what it sends against the same map, and both are built from one commit.
    send(key, request ?? {}) as Promise<AnswerOf<Routes[Key]>>
}

interface LooseRequest extends Address {
  body?: unknown
  signal?: AbortSignal
  idempotencyKey?: string
}

const repeatAfterMs = 1_000

/**
 * Sends one request. A POST whose answer was lost is sent once more under the same key: the server knows it again.
 *
 * @throws ApiError  for every answer that is not 2xx, and `network.unreachable` when there was none
 */
async function send(key: string, request: LooseRequest): Promise<unknown> {
  const [method = 'GET', template = ''] = key.split(' ')
  const attempt = prepare(method, url(template, request), request)
  const response = await attempt().catch(async (cause: unknown) => {
    if (request.signal?.aborted) throw cause
    if (method !== 'POST' || isRaw(request.body)) throw unreachable()
    await new Promise((resolve) => setTimeout(resolve, repeatAfterMs))
    return attempt().catch(() => {
      throw unreachable()
    })
  })
  if (!response.ok) throw await problemFrom(response)
  if (response.status === 204) return undefined
  return response.headers.get('content-type')?.includes('json') ? response.json() : response.text()
}

function prepare(method: string, address: string, request: LooseRequest): () => Promise<Response> {
  const init: RequestInit = {
    method,
    credentials: 'same-origin',
    headers: headers(method, request),
    ...(request.body === undefined ? {} : { body: encode(request.body) }),
    ...(request.signal ? { signal: request.signal } : {}),
  }
  return () => fetch(address, init)
}

function headers(method: string, { body, idempotencyKey }: LooseRequest): Record<string, string> {
  return {
    accept: 'application/json',
    'accept-language': currentI18n().language,
    ...(body === undefined || isRaw(body) ? {} : { 'content-type': 'application/json' }),
    ...(method === 'POST' ? { 'idempotency-key': idempotencyKey ?? randomKey() } : {}),
  }
}

function isRaw(body: unknown): body is FormData | Blob {
  return body instanceof FormData || body instanceof Blob
}

function encode(body: unknown): BodyInit {
  return isRaw(body) ? body : JSON.stringify(body)
}
