/** A room: what it answers, what it does in the background, what it listens to, how it forgets a person. */
import '@fastify/multipart' // gives requests their parts
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Readable } from 'node:stream'
import type { z } from 'zod'
import type { Ctx } from './context.ts'
import type { ConsumerDefinition } from './events/index.ts'
import type { AnyJob, ScheduleDefinition } from './jobs/index.ts'
import type { RetentionPart } from './retention.ts'
import type { AccessPart, EraseStep } from './rights.ts'
import type { FileAnswer, Raw, RouteKey, RouteSpec } from './wire.ts'

type Parsed<T> = T extends z.ZodType ? z.output<T> : undefined

/** What a handler of this route is given: everything parsed, ids in database form. */
export interface RouteInput<S extends RouteSpec> {
  params: Parsed<S['params']>
  query: Parsed<S['query']>
  body: Parsed<S['body']>
  /** For uploads, headers and addresses. */
  request: FastifyRequest
  /** For headers of an answer; the body is what the handler returns. */
  reply: FastifyReply
}

/** What a handler of this route returns. */
export type RouteOutput<S extends RouteSpec> = S['ok'] extends z.ZodType
  ? z.output<S['ok']> | (S extends { files: readonly string[] } ? FileAnswer : never)
  : S['ok'] extends Raw
    ? string | Buffer | Readable
    : void

/** One handler per route of the map: calls one verb. */
export type Handlers<R extends Record<RouteKey, RouteSpec>> = {
  [K in keyof R]: R[K] extends RouteSpec
    ? (ctx: Ctx, input: RouteInput<R[K]>) => Promise<RouteOutput<R[K]>>
    : never
}

/** A route as the server registers it, its types erased after the compiler has checked them. */
export interface RegisteredRoute {
  key: RouteKey
  spec: RouteSpec
  handle(ctx: Ctx, input: RouteInput<RouteSpec>): Promise<unknown>
}

export type { EraseStep } from './rights.ts'

export interface Room {
  readonly name: string
  readonly routes: readonly RegisteredRoute[]
  readonly jobs: readonly AnyJob[]
  readonly schedules: readonly ScheduleDefinition[]
  readonly consumers: readonly ConsumerDefinition[]
  /** The room's tables that name a contact, and how each forgets one. */
  readonly erase: Readonly<Record<string, EraseStep>>
  /** The same tables (and whatever else is held about people): what each gives into a person's archive. */
  readonly access: Readonly<Record<string, AccessPart>>
  /** What of the room's can be forgotten by age, as the organization decides. */
  readonly retention: readonly RetentionPart[]
}

export interface RoomParts {
  routes?: readonly RegisteredRoute[]
  jobs?: readonly AnyJob[]
  schedules?: readonly ScheduleDefinition[]
  consumers?: readonly ConsumerDefinition[]
  erase?: Readonly<Record<string, EraseStep>>
  access?: Readonly<Record<string, AccessPart>>
  retention?: readonly RetentionPart[]
}

/** Puts a room together; app.ts lists them in floor order. */
export function room(name: string, parts: RoomParts): Room {
  return {
    name,
    routes: parts.routes ?? [],
    jobs: parts.jobs ?? [],
    schedules: parts.schedules ?? [],
    consumers: parts.consumers ?? [],
    erase: parts.erase ?? {},
    access: parts.access ?? {},
    retention: parts.retention ?? [],
  }
}

/** Ties handlers to their route map; a missing or wrong one does not compile. */
export function handle<R extends Record<RouteKey, RouteSpec>>(
  specs: R,
  handlers: Handlers<R>,
): RegisteredRoute[] {
  return (Object.keys(specs) as (keyof R & RouteKey)[]).map((key) => ({
    key,
    spec: specs[key] as RouteSpec,
    handle: handlers[key] as unknown as RegisteredRoute['handle'], // Handlers<R> has checked it against this very spec
  }))
}
