/** Idempotency-Key: the first answer to a key is kept for 72 hours and repeated; another request under it is refused. */
import { createHash } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import type { Ctx } from '../context.ts'
import { canonical } from '../audit/chain.ts'
import { defineSchedule } from '../jobs/index.ts'
import { errors } from './errors.ts'

/** Longest key that is taken. */
const KEY_LENGTH_MAX = 255
/** How long an answer is repeated. Source: design §6 */
const KEPT_MS = 72 * 3_600_000
/** A request that has not answered by then has died with its process: its key is free again. */
const ABANDONED_MS = 5 * 60_000

interface Answer {
  status: number
  body: unknown
}

interface Attempt {
  key: string
  /** Path and query as they were asked for: the same words about another campaign are another request. */
  target: string
  body: unknown
}

interface Stored {
  requestHash: Buffer
  status: number | null
  response: unknown
  createdAt: Date
}

/** Runs `work` once per key and caller; later calls get the first answer. A failed request leaves its key free. */
export async function withIdempotency(
  ctx: Ctx,
  attempt: Attempt,
  reply: FastifyReply,
  work: () => Promise<Answer>,
): Promise<FastifyReply> {
  if (attempt.key.length > KEY_LENGTH_MAX)
    throw errors.invalid(
      {},
      { problems: [{ path: 'Idempotency-Key', message: `At most ${KEY_LENGTH_MAX} characters.` }] },
    )
  const caller = `${ctx.actor.kind}:${ctx.actor.id}`
  const hash = createHash('sha256')
    .update(attempt.target)
    .update('\0')
    .update(canonical(attempt.body ?? null))
    .digest()
  const first = await ctx.db.named(
    'platform_idempotency_open',
    `
    insert into idempotency_key (org_id, caller, key, request_hash, created_at) values ($1, $2, $3, $4, $5)
    on conflict (org_id, caller, key) do update set created_at = excluded.created_at, request_hash = excluded.request_hash
      where idempotency_key.status is null and idempotency_key.created_at < $6
    returning key`,
    [ctx.orgId, caller, attempt.key, hash, ctx.now(), new Date(ctx.now().getTime() - ABANDONED_MS)],
  )
  if (first.length === 0) return repeat(ctx, caller, attempt.key, hash, reply)
  try {
    const answer = await work()
    await ctx.db.named(
      'platform_idempotency_keep',
      'update idempotency_key set status = $4, response = $5 where org_id = $1 and caller = $2 and key = $3',
      [ctx.orgId, caller, attempt.key, answer.status, JSON.stringify(answer.body)],
    )
    return await sendAnswer(reply, answer)
  } catch (error) {
    await ctx.db.named(
      'platform_idempotency_free',
      'delete from idempotency_key where org_id = $1 and caller = $2 and key = $3 and status is null',
      [ctx.orgId, caller, attempt.key],
    )
    throw error
  }
}

async function repeat(
  ctx: Ctx,
  caller: string,
  key: string,
  hash: Buffer,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const [stored] = await ctx.db.named<Stored>(
    'platform_idempotency_read',
    'select request_hash, status, response, created_at from idempotency_key where org_id = $1 and caller = $2 and key = $3',
    [ctx.orgId, caller, key],
  )
  if (!stored || stored.status === null) throw errors.still_running()
  if (!stored.requestHash.equals(hash)) throw errors.key_reused()
  reply.header('idempotent-replayed', 'true')
  return sendAnswer(reply, { status: stored.status, body: stored.response })
}

function sendAnswer(reply: FastifyReply, { status, body }: Answer): FastifyReply {
  if (status === 204) return reply.status(204).send()
  return reply
    .status(status)
    .header('content-type', 'application/json; charset=utf-8')
    .send(JSON.stringify(body))
}

/** Forgets answers older than 72 hours. */
export const purgeIdempotencyKeys = defineSchedule({
  name: 'platform.purge_idempotency_keys',
  everyMs: 3_600_000,
  perOrganization: true,
  handle: async (ctx) => {
    await ctx.db.named(
      'platform_idempotency_purge',
      'delete from idempotency_key where org_id = $1 and created_at < $2',
      [ctx.orgId, new Date(ctx.now().getTime() - KEPT_MS)],
    )
  },
})
