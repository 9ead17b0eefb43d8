/** OpenAPI 3.1, generated from the rooms' route maps, and its page for people. */
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Room } from '../room.ts'
import { problem, type RouteSpec } from '../wire.ts'
import { docsPage } from './docs-page.ts'

type Json = Record<string, unknown>

/** The document of everything that the rooms answer. Schemas are the wire's side. Source: design §6 */
export function openApiDocument(rooms: readonly Room[]): Json {
  const paths: Record<string, Json> = {}
  for (const room of rooms) {
    for (const { key, spec } of room.routes) {
      const [method = '', url = ''] = key.split(' ')
      const path = url.replaceAll(/:([A-Za-z]+)/g, '{$1}')
      paths[path] = { ...paths[path], [method.toLowerCase()]: operation(room.name, key, spec) }
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Fanfare',
      version: '1',
      description: 'Everything the screens do, by API. Authenticate with `Authorization: Bearer fan_live_…`.',
    },
    servers: [{ url: '/' }],
    security: [{ key: [] }],
    paths,
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
      schemas: { Problem: schemaOf(problem) },
    },
  }
}

function operation(tag: string, key: string, spec: RouteSpec): Json {
  const json = spec.ok && !('contentType' in spec.ok) ? spec.ok : null
  const success = json
    ? {
        description: 'OK',
        content: {
          'application/json': { schema: schemaOf(json) },
          ...Object.fromEntries((spec.files ?? []).map((type) => [type, {}])),
        },
      }
    : spec.ok && 'contentType' in spec.ok
      ? { description: 'OK', content: { [spec.ok.contentType]: {} } }
      : { description: 'Done' }
  return {
    tags: [tag],
    summary: spec.summary,
    operationId: key.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_'),
    'x-permission': spec.permission,
    ...(spec.permission === 'public' ? { security: [] } : {}),
    parameters: [...parameters('path', spec.params), ...parameters('query', spec.query)],
    ...(spec.multipart
      ? { requestBody: { content: { 'multipart/form-data': {} } } }
      : spec.body
        ? { requestBody: { content: { 'application/json': { schema: schemaOf(spec.body) } } } }
        : {}),
    responses: {
      [json ? String(spec.status ?? 200) : spec.ok ? '200' : '204']: success,
      default: {
        description: 'A problem',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

function parameters(place: 'path' | 'query', object: z.ZodObject | undefined): Json[] {
  if (!object) return []
  return Object.entries(object.shape).map(([name, schema]) => ({
    name,
    in: place,
    required: place === 'path' || !(schema as z.ZodType).safeParse(undefined).success,
    schema: schemaOf(schema as z.ZodType),
  }))
}

function schemaOf(schema: z.ZodType): Json {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' })
}

/** `GET /api/openapi.json` for machines, `GET /api/docs` for people. */
export function registerOpenApi(server: FastifyInstance, rooms: readonly Room[]): void {
  let document: Json | null = null
  const made = (): Json => (document ??= openApiDocument(rooms))
  server.get('/api/openapi.json', async () => made())
  server.get('/api/docs', async (_request, reply) =>
    reply.header('content-type', 'text/html; charset=utf-8').send(docsPage(made())),
  )
}
