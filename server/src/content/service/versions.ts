/** Mail versions: frozen, compiled, rendered for anybody. */
import { createHash } from 'node:crypto'
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { newId, type MailVersionId } from '../../platform/ids.ts'
import { errors } from '../errors.ts'
import { type MailVersionRow, insertMailVersion, readMailVersion, readSender } from '../queries.ts'
import { compileMail } from '../rules/compile-mail.ts'
import { COMPILED_FORM, type CompiledMail, type MailLink } from '../rules/compiled-mail.ts'
import { problemCheck } from '../rules/preflight.ts'
import { type MailRenderer, type PreparedMail, prepareMail } from '../rules/render-mail.ts'
import type { MailSource } from '../schema.ts'
import { actorName } from './actor.ts'
import { listVariables, listVariablesWithData } from './catalogue.ts'

/** Parsed versions kept per process; one takes about ten times its size. */
const PREPARED_MAX = 200
/** Least recently used first. */
const prepared = new Map<string, Prepared>()

interface Prepared {
  readonly bind: PreparedMail
  readonly campaignName: string
}

/** A frozen mail: its id and its links as delivery and the redirect number them. */
export interface MailVersion {
  readonly id: MailVersionId
  readonly links: readonly MailLink[]
}

/**
 * Freezes a mail: compiled once, never changed.
 * @param campaign  that `campaign.name` in the mail names; `takesData` for mails that may name `data.…`
 * @throws content.not_sendable with each problem by field, when it does not compile
 */
export function createMailVersion(
  ctx: Ctx,
  source: MailSource,
  campaign: { name: string; takesData?: boolean } = { name: '' },
): Promise<MailVersion> {
  return inTransaction(ctx, async (ctx) => {
    const compiled = await compileOrRefuse(ctx, source, campaign.takesData)
    const id = newId<'mail_version'>(ctx.now())
    const contentHash = createHash('sha256').update(JSON.stringify(source)).digest()
    await insertMailVersion(ctx, {
      id,
      source,
      compiled,
      campaignName: campaign.name,
      contentHash,
      by: actorName(ctx),
    })
    audit(
      ctx,
      'mail_version.created',
      { kind: 'mail_version', id },
      { subject: source.subject, contentHash: contentHash.toString('hex') },
    )
    return { id, links: compiled.links }
  })
}

/** Compiles, or throws what is wrong as a refusal that names each field. */
export async function compileOrRefuse(
  ctx: Ctx,
  source: MailSource,
  takesData = false,
): Promise<CompiledMail> {
  const compilation = await compileMail(
    source,
    takesData ? await listVariablesWithData(ctx) : await listVariables(ctx),
  )
  if (compilation.ok) return compilation.version
  throw errors.not_sendable(
    {},
    {
      problems: compilation.problems.map((problem) => {
        const { message, hint } = problemCheck(problem, ctx.locale)
        const place = problem.line === null ? '' : ` (${problem.line}:${problem.column})`
        return { path: `source.${problem.field}`, message: `${message}${place} ${hint ?? ''}`.trim() }
      }),
    },
  )
}

/**
 * The renderer of a version, parsed once per process. The organization's name and address are those of now.
 * @throws content.version_not_found
 */
export async function loadRenderer(ctx: Ctx, id: MailVersionId): Promise<MailRenderer> {
  const key = `${ctx.orgId}:${id}`
  const known = prepared.get(key) ?? (await prepareVersion(ctx, id))
  // Taken out and put back: the Map's order is the order of last use.
  prepared.delete(key)
  prepared.set(key, known)
  for (const oldest of prepared.keys()) {
    if (prepared.size <= PREPARED_MAX) break
    prepared.delete(oldest)
  }
  return known.bind({ organization: await readSender(ctx), campaign: { name: known.campaignName } })
}

/**
 * The links of a version as frozen, for reports.
 * @throws content.version_not_found
 */
export async function versionLinks(ctx: Ctx, id: MailVersionId): Promise<readonly MailLink[]> {
  return (await readOrRefuse(ctx, id)).compiled.links
}

async function prepareVersion(ctx: Ctx, id: MailVersionId): Promise<Prepared> {
  const { source, compiled, campaignName } = await readOrRefuse(ctx, id)
  const current = compiled.form === COMPILED_FORM ? compiled : await compileOrRefuse(ctx, source, true)
  return { bind: prepareMail(current), campaignName }
}

async function readOrRefuse(ctx: Ctx, id: MailVersionId): Promise<MailVersionRow> {
  const version = await readMailVersion(ctx, id)
  if (!version) throw errors.version_not_found({ id })
  return version
}
