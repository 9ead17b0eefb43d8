/**
 * People who were erased, known by nothing but the keyed hashes of their ids, and only for as long as something may
 * still arrive late under them: a client's retry must not bring anybody back.
 */
import type { Ctx } from '../../platform/context.ts'
import type { Arrival } from '../intake/arrival.ts'
import { insertErased, selectErased } from './queries.ts'

/** Days for which ids of an erased person are refused: as long as a repeated message is recognised. */
export const ERASED_DAYS = 35

const PURPOSE = 'erased-identity'

/** Remembers that these ids belonged to somebody who was erased. */
export async function rememberErased(
  ctx: Ctx,
  ids: { userIds: readonly string[]; anonymousIds: readonly string[] },
): Promise<void> {
  const names = [...ids.userIds.map((id) => `user:${id}`), ...ids.anonymousIds.map((id) => `visitor:${id}`)]
  if (names.length === 0) return
  const keys = await ctx.platform.secrets.of(ctx)
  await insertErased(
    ctx,
    names.map((name) => keys.sign(PURPOSE, Buffer.from(name))),
  )
}

/** The ids in messages that belong to somebody erased, as `user:…` and `visitor:…`. */
export async function erasedIds(
  ctx: Ctx,
  messages: readonly Pick<Arrival, 'userId' | 'anonymousId'>[],
): Promise<ReadonlySet<string>> {
  const keys = await ctx.platform.secrets.of(ctx)
  const names = new Map<string, string>()
  for (const { userId, anonymousId } of messages)
    for (const name of [userId && `user:${userId}`, anonymousId && `visitor:${anonymousId}`])
      if (name) names.set(keys.sign(PURPOSE, Buffer.from(name)).toString('hex'), name)
  const found = await selectErased(
    ctx,
    [...names.keys()].map((hex) => Buffer.from(hex, 'hex')),
  )
  return new Set(found.map(({ key }) => names.get(key.toString('hex')) ?? ''))
}
