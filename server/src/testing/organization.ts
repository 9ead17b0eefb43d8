/** An organization for tests, made with a handful of inserts: nobody's password is hashed, nobody signs in. */
import type { FastifyInstance } from 'fastify'
import { randomUUID } from 'node:crypto'
import type { Ctx, Locale } from '../platform/context.ts'
import { inTransaction } from '../platform/db/index.ts'
import { audit } from '../platform/audit/index.ts'
import { newId, newSecret, type OrgId, type PersonId } from '../platform/ids.ts'
import type { Role } from '../platform/permissions.ts'
import type { Platform } from '../platform/platform.ts'
import { insertApiKey } from '../team/queries/api-keys.ts'
import { insertMembership } from '../team/queries/memberships.ts'
import { insertOrganization } from '../team/queries/organizations.ts'
import { insertPerson } from '../team/queries/people.ts'
import { insertSession } from '../team/queries/sessions.ts'
import { SESSION_ABSOLUTE_MS, sessionCookieName } from '../team/rules/session-limits.ts'
import { hashToken, newApiKey } from '../team/rules/tokens.ts'

export interface TestOrganizationOptions {
  name?: string
  locale?: Locale
  timeZone?: string
  currency?: string
  postalAddress?: string | null
  /** Scopes of the API key; everything unless said otherwise. */
  scopes?: readonly string[]
}

/** An answer of the API: its body parsed when it is JSON. */
export interface ApiAnswer {
  status: number
  // Tests assert on what they read; a type here would only be a promise that nobody checks.
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any
  headers: Readonly<Record<string, string | string[] | number | undefined>>
}

/** Calls the API as somebody. */
export interface ApiCaller {
  /** The headers that prove who calls, for `server.inject` with uploads and the like. */
  readonly headers: Readonly<Record<string, string>>
  get(path: string): Promise<ApiAnswer>
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiAnswer>
  put(path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiAnswer>
  patch(path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiAnswer>
  delete(path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiAnswer>
}

/** A member of a test organization. */
export interface TestMember extends ApiCaller {
  readonly personId: PersonId
  readonly email: string
}

export interface TestOrganization {
  readonly orgId: OrgId
  /** The owner's ctx, outside any transaction. */
  readonly ctx: Ctx
  /** The worker's ctx in this organization. */
  readonly systemCtx: Ctx
  readonly owner: TestMember
  readonly admin: TestMember
  readonly editor: TestMember
  readonly viewer: TestMember
  /** Posts a body of another type than JSON as the owner. */
  upload(path: string, body: string | Buffer, contentType: string): Promise<ApiAnswer>
  /** Calls by the organization's API key. */
  readonly key: ApiCaller
  readonly apiKey: string
}

/** Makes an organization with one member per role and an API key. */
export async function testOrganization(
  platform: Platform,
  server: FastifyInstance,
  options: TestOrganizationOptions = {},
): Promise<TestOrganization> {
  const now = platform.clock.now()
  const orgId = newId<'organization'>(now)
  const systemCtx = platform.systemCtx(orgId)
  const { key, prefix } = newApiKey(orgId)
  const members = await inTransaction(systemCtx, async (ctx) => {
    await insertOrganization(ctx.db, {
      id: orgId,
      slug: `test-${orgId}`,
      name: options.name ?? 'Atelier Test',
      locale: options.locale ?? 'en',
      timeZone: options.timeZone ?? 'Europe/Paris',
      currency: options.currency ?? 'EUR',
      postalAddress:
        options.postalAddress === undefined ? '1 rue du Test, 75001 Paris' : options.postalAddress,
      isSample: false,
      now,
    })
    await insertApiKey(ctx, {
      id: newId<'api_key'>(now),
      name: 'Test key',
      prefix,
      keyHash: hashToken(key),
      scopes: options.scopes ?? ['*'],
      expiresAt: null,
    })
    audit(ctx, 'organization.created', { kind: 'organization', id: orgId })
    const member = (role: Role): Promise<TestMember> => testMember(ctx, server, role)
    return {
      owner: await member('owner'),
      admin: await member('admin'),
      editor: await member('editor'),
      viewer: await member('viewer'),
    }
  })
  return {
    orgId,
    systemCtx,
    ctx: platform.ctx(orgId, { kind: 'member', id: members.owner.personId, role: 'owner' }),
    ...members,
    upload: async (path, payload, contentType) =>
      answerOf(
        await server.inject({
          method: 'POST',
          url: path,
          headers: { ...members.owner.headers, 'content-type': contentType },
          payload,
        }),
      ),
    key: apiCaller(server, { authorization: `Bearer ${key}` }),
    apiKey: key,
  }
}

/** Makes a person with a role in the ctx's organization, signed in there. */
export async function testMember(
  ctx: Ctx,
  server: FastifyInstance,
  role: Role,
  person: { email?: string; name?: string; locale?: Locale } = {},
): Promise<TestMember> {
  const now = ctx.now()
  const personId = newId<'person'>(now)
  const email = person.email ?? `${role}.${personId}@team.example`
  const token = newSecret()
  await insertPerson(ctx.db, {
    id: personId,
    email,
    emailKey: email,
    name: person.name ?? `Test ${role}`,
    locale: person.locale ?? 'en',
    passwordHash: null,
    now,
  })
  await insertMembership(ctx, personId, role)
  await insertSession(ctx.db, {
    id: newId<'session'>(now),
    tokenHash: hashToken(token),
    personId,
    activeOrganizationId: ctx.orgId,
    userAgent: 'test',
    addressPrefix: null,
    now,
    expiresAt: new Date(now.getTime() + SESSION_ABSOLUTE_MS),
  })
  const { publicUrl } = ctx.platform.config
  const caller = apiCaller(server, {
    cookie: `${sessionCookieName(publicUrl)}=${token}`,
    origin: new URL(publicUrl).origin,
  })
  return { personId, email, ...caller }
}

/** Calls the API with these headers. Each POST carries an Idempotency-Key of its own. */
export function apiCaller(server: FastifyInstance, proof: Readonly<Record<string, string>>): ApiCaller {
  const call =
    (method: 'POST' | 'PUT' | 'PATCH' | 'DELETE') =>
    async (path: string, body?: unknown, headers: Record<string, string> = {}): Promise<ApiAnswer> =>
      answerOf(
        await server.inject({
          method,
          url: path,
          headers: {
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
            ...proof,
            ...headers,
          },
          ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
        }),
      )
  return {
    headers: proof,
    get: async (path) => answerOf(await server.inject({ method: 'GET', url: path, headers: { ...proof } })),
    post: call('POST'),
    put: call('PUT'),
    patch: call('PATCH'),
    delete: call('DELETE'),
  }
}

function answerOf(response: Awaited<ReturnType<FastifyInstance['inject']>>): ApiAnswer {
  const isJson = /json/.test(String(response.headers['content-type'] ?? ''))
  const body: unknown = isJson && response.body !== '' ? response.json() : response.body
  return { status: response.statusCode, body, headers: response.headers }
}
