/** Contents of single messages, frozen once: a template at its present version, or a content given with the call. */
import { createHash } from 'node:crypto'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import type { MailVersionId } from '../../platform/ids.ts'
import { freezeLinks } from '../../tracking/index.ts'
import { errors } from '../errors.ts'
import type { MessageSource } from '../message-schema.ts'
import {
  findMessageVersion,
  listFrozenTemplates,
  lockTemplate,
  setTemplateFrozen,
  type TemplateId,
} from '../queries.ts'
import { createMessageVersion, type MessageVersion } from './messages.ts'
import { createMailVersion, type MailVersion } from './versions.ts'

/**
 * The version of a template as it stands: the same for as long as nobody changes it.
 * @throws content.template_not_found
 * @throws content.not_sendable with each problem by field
 */
export function frozenTemplate(ctx: Ctx, id: TemplateId): Promise<MailVersionId> {
  return inTransaction(ctx, async (ctx) => {
    const template = await lockTemplate(ctx, id)
    if (!template) throw errors.template_not_found({ id })
    if (template.frozenId !== null && template.frozenVersion === template.version) return template.frozenId
    const version = await createMailVersion(ctx, template.source, {
      name: template.name,
      takes: { data: true },
    })
    await keepLinks(ctx, version)
    await setTemplateFrozen(ctx, id, version.id, template.version)
    return version.id
  })
}

/** Templates that single messages were made of, deleted ones too, each with its latest version. */
export const frozenTemplates = (ctx: Ctx): Promise<{ id: TemplateId; versionId: MailVersionId }[]> =>
  listFrozenTemplates(ctx)

/**
 * The version of a content that came with a call: equal contents share one.
 * @throws content.not_sendable with each problem by field
 */
export function frozenMessage(ctx: Ctx, source: MessageSource): Promise<MailVersionId> {
  return inTransaction(ctx, async (ctx) => {
    const hash = createHash('sha256').update(JSON.stringify(source)).digest()
    const known = await findMessageVersion(ctx, hash)
    if (known) return known
    const version = await createMessageVersion(ctx, source, { name: '', takes: { data: true } })
    await keepLinks(ctx, version)
    return version.id
  })
}

const keepLinks = (ctx: Ctx, { id, links }: MailVersion | MessageVersion): Promise<void> =>
  freezeLinks(
    ctx,
    id,
    links.map(({ index, url, label }) => ({ linkNo: index, url, label })),
  )
