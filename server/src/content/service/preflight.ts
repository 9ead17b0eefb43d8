/** The pre-flight of a draft or a version. */
import type { Ctx } from '../../platform/context.ts'
import type { MailVersionId } from '../../platform/ids.ts'
import { errors } from '../errors.ts'
import { readMailVersion, readSender } from '../queries.ts'
import { compileOnce } from './compile.ts'
import { preflightMail as checkMail } from '../rules/preflight.ts'
import type { Check, MailSource } from '../schema.ts'
import { listVariables, type Takes } from './catalogue.ts'

/**
 * Everything worth knowing before this mail leaves, in the caller's language. A line of level `block` keeps it here.
 * It may name `data.…`, which single messages bring along, and `event.…`, where an event sets it off, as `takes` says.
 */
export async function preflightMail(ctx: Ctx, source: MailSource, takes: Takes = {}): Promise<Check[]> {
  const sender = await readSender(ctx)
  const catalogue = await listVariables(ctx, takes)
  return checkMail(source, await compileOnce(source, catalogue), {
    locale: ctx.locale,
    hasPostalAddress: sender.postalAddress !== null,
  })
}

/**
 * The same for a version as it was frozen.
 * @throws content.version_not_found
 */
export async function preflightVersion(ctx: Ctx, id: MailVersionId): Promise<Check[]> {
  const version = await readMailVersion(ctx, id)
  if (!version) throw errors.version_not_found({ id })
  const sender = await readSender(ctx)
  return checkMail(
    version.source,
    { ok: true, version: version.compiled },
    { locale: ctx.locale, hasPostalAddress: sender.postalAddress !== null },
  )
}
