/**
 * Ids that led nowhere, in the caller's own audit log: somebody who tries ids of others leaves a trace, and cannot
 * tell from the answer whether such an id exists. Source: PC-46
 */
import { audit } from '../audit/index.ts'
import type { Ctx } from '../context.ts'
import { inTransaction } from '../db/index.ts'
import { AppError } from '../errors.ts'
import { SYSTEM_ORG } from '../ids.ts'
import { keepLatest } from '../kept.ts'
import type { RouteKey, RouteSpec } from '../wire.ts'

/** One entry per caller, route and minute: trying many ids must not fill the log. */
const QUIET_MS = 60_000
const REMEMBERED_MAX = 10_000

/** Notes that a call found nothing under the ids it named. */
export type NoteMiss = (
  ctx: Ctx,
  route: { key: RouteKey; spec: RouteSpec },
  path: string,
  error: unknown,
) => Promise<void>

/** Each server remembers what it has noted lately. */
export function createMissNotes(): NoteMiss {
  const notedAt = new Map<string, number>()
  return async (ctx, route, path, error) => {
    if (!(error instanceof AppError) || error.status !== 404) return
    if (route.spec.params === undefined || ctx.orgId === SYSTEM_ORG) return
    const now = ctx.now().getTime()
    const key = `${ctx.orgId} ${ctx.actor.kind} ${ctx.actor.id} ${route.key}`
    if ((notedAt.get(key) ?? Number.NEGATIVE_INFINITY) > now - QUIET_MS) return
    keepLatest(notedAt, key, now, REMEMBERED_MAX)
    await inTransaction(ctx, async (ctx) => {
      audit(ctx, 'request.not_found', { kind: 'route', id: route.key }, { path, code: error.code })
    })
  }
}
