/** Messages of channels other than e-mail: checked, previewed, frozen, rendered for anybody. */
import { createHash } from 'node:crypto'
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { newId, type MailVersionId } from '../../platform/ids.ts'
import { keepLatest } from '../../platform/kept.ts'
import { sampleLinks } from '../../tracking/index.ts'
import { errors } from '../errors.ts'
import type { MessageCheck, MessagePreview, MessageSource } from '../message-schema.ts'
import { insertMessageVersion, readMessageVersion, readSender } from '../queries.ts'
import { checkMessage, messageCheck, messageProblemCheck } from '../rules/check-message.ts'
import { compileMessage } from '../rules/compile-message.ts'
import type { MailLink } from '../rules/compiled-mail.ts'
import { BeyondLimit, withinLimits } from '../rules/limits.ts'
import { problemOfLimit } from '../rules/problem.ts'
import { type MessageRenderer, prepareMessage } from '../rules/render-message.ts'
import { isTooLongForSms } from '../rules/sms-text.ts'
import type { PreviewAs } from '../schema.ts'
import { actorName } from './actor.ts'
import { listVariables, type Takes } from './catalogue.ts'
import { eventForPreview } from './event-data.ts'
import { contactIdOf, personForPreview } from './preview-person.ts'

/** Versions kept parsed per process. */
const PREPARED_MAX = 200
const prepared = new Map<string, { bind: ReturnType<typeof prepareMessage>; campaignName: string }>()

/** A frozen message: its id and its links as delivery and the redirect number them. */
export interface MessageVersion {
  readonly id: MailVersionId
  readonly links: readonly MailLink[]
  /** Properties of the event that sets its campaign off, which it names. */
  readonly eventProperties: readonly string[]
}

/** Everything worth knowing before this message leaves, in the caller's language. */
export async function preflightMessage(
  ctx: Ctx,
  source: MessageSource,
  takes: Takes = {},
): Promise<MessageCheck[]> {
  return checkMessage(source, compileMessage(source, await listVariables(ctx, takes)), ctx.locale)
}

/**
 * The message as one person would get it, with its checks. A source that does not compile is an answer, not a failure.
 * @throws content.contact_not_found, request.not_permitted to show it as a contact to somebody who may not read contacts
 */
export async function previewMessage(
  ctx: Ctx,
  request: { source: MessageSource; as: PreviewAs; campaignName: string; event?: string | undefined },
): Promise<MessagePreview> {
  const { source, as, event = null } = request
  const catalogue = await listVariables(ctx, { event })
  const compilation = compileMessage(source, catalogue)
  const checks = checkMessage(source, compilation, ctx.locale)
  if (!compilation.ok) return { message: null, checks, at: ctx.now(), event: null }
  const contact = await personForPreview(ctx, as, source.language, catalogue)
  const renderer = prepareMessage(compilation.version)({
    organization: await readSender(ctx),
    campaign: { name: request.campaignName },
  })
  const links = await sampleLinks(ctx, source.channel)
  const { data, shown } = await eventForPreview(ctx, event, contactIdOf(as))
  const urls = {
    linkUrl: () => links.click,
    unsubscribeUrl: links.unsubscribe,
    preferencesUrl: links.preferences,
    viewUrl: links.view,
    pixelUrl: null,
  }
  const message = withinLimits(() => renderer.render(contact, urls, data))
  if (message instanceof BeyondLimit) {
    const problem = { ...problemOfLimit(message), field: message.field ?? 'text' }
    checks.push(messageProblemCheck(ctx.locale, problem))
    return { message: null, checks, at: ctx.now(), event: null }
  }
  // For this person the values make it too long; for the text alone it stands among the checks already.
  if (
    message.channel === 'sms' &&
    isTooLongForSms(message.text) &&
    !checks.some(({ id }) => id === 'sms_too_long')
  )
    checks.push(messageCheck(ctx.locale, { level: 'block', field: 'text', key: 'sms_too_long', params: {} }))
  return { message, checks, at: ctx.now(), event: shown }
}

/**
 * Freezes a message: compiled once, never changed.
 * @throws content.not_sendable with each problem by field, when it does not compile
 */
export function createMessageVersion(
  ctx: Ctx,
  source: MessageSource,
  campaign: { name: string; takes?: Takes } = { name: '' },
): Promise<MessageVersion> {
  return inTransaction(ctx, async (ctx) => {
    const compilation = compileMessage(source, await listVariables(ctx, campaign.takes))
    const blocks = checkMessage(source, compilation, ctx.locale).filter(({ level }) => level === 'block')
    if (!compilation.ok || blocks.length > 0)
      throw errors.not_sendable(
        {},
        { problems: blocks.map(({ field, message }) => ({ path: `source.${field}`, message })) },
      )
    const id = newId<'mail_version'>(ctx.now())
    const contentHash = createHash('sha256').update(JSON.stringify(source)).digest()
    await insertMessageVersion(ctx, {
      id,
      source,
      compiled: compilation.version,
      campaignName: campaign.name,
      contentHash,
      by: actorName(ctx),
    })
    audit(
      ctx,
      'message_version.created',
      { kind: 'message_version', id },
      { channel: source.channel, contentHash: contentHash.toString('hex') },
    )
    const { links, eventProperties = [] } = compilation.version
    return { id, links, eventProperties }
  })
}

/**
 * The renderer of a version, parsed once per process. The organization's name and address are those of now.
 * @throws content.version_not_found
 */
export async function loadMessageRenderer(ctx: Ctx, id: MailVersionId): Promise<MessageRenderer> {
  const key = `${ctx.orgId}:${id}`
  const known = prepared.get(key) ?? (await prepareVersion(ctx, id))
  keepLatest(prepared, key, known, PREPARED_MAX)
  return known.bind({ organization: await readSender(ctx), campaign: { name: known.campaignName } })
}

async function prepareVersion(
  ctx: Ctx,
  id: MailVersionId,
): Promise<{ bind: ReturnType<typeof prepareMessage>; campaignName: string }> {
  const version = await readMessageVersion(ctx, id)
  if (!version) throw errors.version_not_found({ id })
  return { bind: prepareMessage(version.compiled), campaignName: version.campaignName }
}
