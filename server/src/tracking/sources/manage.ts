/** Sources: where events come from, and the key under which they come. */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { newId, newSecret } from '../../platform/ids.ts'
import { errors } from '../errors.ts'
import type { SourceKind } from '../intake/words.ts'
import {
  countSources,
  insertSource,
  revokeSource as markRevoked,
  selectSource,
  selectSources,
  type Source,
  type SourceId,
  updateSource,
} from './queries.ts'

/** Most sources of an organization that are in use. */
export const SOURCES_MAX = 100
const SOURCES_LISTED_MAX = 500

/** The sources of an organization, those in use first. */
export const listSources = (ctx: Ctx): Promise<Source[]> => selectSources(ctx, SOURCES_LISTED_MAX)

/** One source. @throws tracking.source_not_found */
export async function getSource(ctx: Ctx, id: SourceId): Promise<Source> {
  const source = await selectSource(ctx, id)
  if (!source) throw errors.source_not_found({ id })
  return source
}

/** Adds a source with a key of its own. @throws tracking.sources_too_many */
export function createSource(ctx: Ctx, wanted: { name: string; kind: SourceKind }): Promise<Source> {
  return inTransaction(ctx, async (ctx) => {
    if ((await countSources(ctx)) >= SOURCES_MAX) throw errors.sources_too_many({ max: SOURCES_MAX })
    const id = newId<'event_source'>(ctx.now())
    await insertSource(ctx, { id, ...wanted, writeKey: newWriteKey() })
    audit(ctx, 'event_source.created', { kind: 'event_source', id }, { ...wanted })
    return getSource(ctx, id)
  })
}

/** @throws tracking.source_not_found */
export function renameSource(ctx: Ctx, id: SourceId, name: string): Promise<Source> {
  return changeSource(ctx, id, { name }, 'event_source.renamed')
}

/** Gives a source another key; the former one ends within seconds. @throws tracking.source_not_found */
export function rotateKey(ctx: Ctx, id: SourceId): Promise<Source> {
  return changeSource(ctx, id, { writeKey: newWriteKey() }, 'event_source.key_rotated')
}

function changeSource(
  ctx: Ctx,
  id: SourceId,
  change: { name?: string; writeKey?: string },
  action: string,
): Promise<Source> {
  return inTransaction(ctx, async (ctx) => {
    if (!(await updateSource(ctx, id, change))) throw errors.source_not_found({ id })
    audit(ctx, action, { kind: 'event_source', id }, change.name === undefined ? {} : { name: change.name })
    return getSource(ctx, id)
  })
}

/** Ends a source: what comes under its key is refused within seconds. @throws tracking.source_not_found */
export function revokeSource(ctx: Ctx, id: SourceId): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    if (!(await markRevoked(ctx, id))) throw errors.source_not_found({ id })
    audit(ctx, 'event_source.revoked', { kind: 'event_source', id })
  })
}

/** Its mark tells it from a key of the API when somebody finds it in a page. */
const newWriteKey = (): string => `fan_write_${newSecret()}`
