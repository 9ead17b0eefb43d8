/** Mail versions: frozen, compiled, rendered for anybody. */
import { createHash } from 'node:crypto'
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { newId, type MailVersionId } from '../../platform/ids.ts'
import { keepLatest } from '../../platform/kept.ts'
import { errors } from '../errors.ts'
import { type MailVersionRow, insertMailVersion, readMailVersion, readSender } from '../queries.ts'
import { compileOnce } from './compile.ts'
import { COMPILED_FORM, type CompiledMail, type MailLink } from '../rules/compiled-mail.ts'
import { problemCheck } from '../rules/preflight.ts'
import { type MailRenderer, type PreparedMail, prepareMail } from '../rules/render-mail.ts'
import type { VariableDefinition } from '../rules/variables.ts'
import type { MailSource, Problem } from '../schema.ts'
import { actorName } from './actor.ts'
import { listVariables, type Takes, TAKES_ALL } from './catalogue.ts'

/** Parsed versions kept per process; one takes about ten times its size. */
const PREPARED_MAX = 64
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
  /** Properties of the event that sets its campaign off, which it names. */
  readonly eventProperties: readonly string[]
}

/**
 * Freezes a mail: compiled once, never changed.
 * @param campaign  that `campaign.name` in the mail names; `takes` says what else the mail may name
 * @throws content.not_sendable with each problem by field, when it does not compile
 */
export function createMailVersion(
  ctx: Ctx,
  source: MailSource,
  campaign: { name: string; takes?: Takes } = { name: '' },
): Promise<MailVersion> {
  return inTransaction(ctx, async (ctx) => {
    const compiled = await compileOrRefuse(ctx, source, await listVariables(ctx, campaign.takes))
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
    return { id, links: compiled.links, eventProperties: compiled.eventProperties ?? [] }
  })
}

/** Compiles, or throws what is wrong as a refusal that names each field. */
export async function compileOrRefuse(
  ctx: Ctx,
  source: MailSource,
  catalogue: readonly VariableDefinition[],
): Promise<CompiledMail> {
  const compilation = await compileOnce(source, catalogue)
  if (compilation.ok) return compilation.version
  throw notSendable(ctx, compilation.problems)
}

/** The refusal that says what is wrong, field by field. */
export const notSendable = (ctx: Ctx, problems: readonly Problem[]): Error =>
  errors.not_sendable(
    {},
    {
      problems: problems.map((problem) => {
        const { message, hint } = problemCheck(problem, ctx.locale)
        const place = problem.line === null ? '' : ` (${problem.line}:${problem.column})`
        return { path: `source.${problem.field}`, message: `${message}${place} ${hint ?? ''}`.trim() }
      }),
    },
  )

/**
 * The renderer of a version, parsed once per process. The organization's name and address are those of now.
 * @throws content.version_not_found
 */
export async function loadRenderer(ctx: Ctx, id: MailVersionId): Promise<MailRenderer> {
  const key = `${ctx.orgId}:${id}`
  const known = prepared.get(key) ?? (await prepareVersion(ctx, id))
  keepLatest(prepared, key, known, PREPARED_MAX)
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
  const current =
    compiled.form === COMPILED_FORM
      ? compiled
      : await compileOrRefuse(ctx, source, [...(await listVariables(ctx)), ...TAKES_ALL])
  return { bind: prepareMail(current), campaignName }
}

async function readOrRefuse(ctx: Ctx, id: MailVersionId): Promise<MailVersionRow> {
  const version = await readMailVersion(ctx, id)
  if (!version) throw errors.version_not_found({ id })
  return version
}
