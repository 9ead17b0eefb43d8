/** A mail as one person would receive it: for the screen, and as a test. */
import { isSuppressed } from '../../consent/index.ts'
import { parseEmail } from '../../contacts/index.ts'
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { sendOwnMail } from '../../platform/mail.ts'
import { errors } from '../errors.ts'
import { readSender } from '../queries.ts'
import { compileOnce } from './compile.ts'
import type { CompiledMail } from '../rules/compiled-mail.ts'
import { BeyondLimit, withinLimits } from '../rules/limits.ts'
import { isEmailAddress, problemCheck } from '../rules/preflight.ts'
import { problemOfLimit } from '../rules/problem.ts'
import { type MessageUrls, type RenderedMail, mailRenderer } from '../rules/render-mail.ts'
import { type Theme, sanitiseForFrame } from '../rules/sanitise.ts'
import type { MailContact } from '../rules/variables.ts'
import type { MailSource, Preview, PreviewAs, Problem } from '../schema.ts'
import { listVariables } from './catalogue.ts'
import { type EventData, eventForPreview } from './event-data.ts'
import { contactIdOf, personForPreview } from './preview-person.ts'
import { compileOrRefuse, notSendable } from './versions.ts'

/** What to show: a source, as whom, on a light or dark device. */
export interface PreviewRequest {
  readonly source: MailSource
  readonly as: PreviewAs
  readonly theme: Theme
  readonly campaignName: string
  /** The type of the event that sets it off. */
  readonly event?: string | undefined
}

/**
 * Renders the server's compiled mail for one person. A source that does not compile is an answer, not a failure, and so
 * is one that grows beyond its limits.
 * @throws content.contact_not_found, request.not_permitted to show it as a contact to somebody who may not read contacts
 */
export async function previewMail(ctx: Ctx, request: PreviewRequest): Promise<Preview> {
  const { event = null } = request
  const catalogue = await listVariables(ctx, { data: true, event })
  const contact = await personForPreview(ctx, request.as, request.source.language, catalogue)
  const compilation = await compileOnce(request.source, catalogue)
  if (!compilation.ok) return notShown(ctx, compilation.problems)
  const { data, shown } = await eventForPreview(ctx, event, contactIdOf(request.as))
  const rendered = await renderFor(ctx, compilation.version, contact, request.campaignName, data)
  if (rendered instanceof BeyondLimit) return notShown(ctx, [problemOfLimit(rendered)])
  const { mail, links } = rendered
  return {
    mail: { ...mail, html: sanitiseForFrame(mail.html, request.theme) },
    links,
    problems: [],
    event: shown,
  }
}

const notShown = (ctx: Ctx, problems: readonly Problem[]): Preview => ({
  mail: null,
  links: [],
  problems: problems.map((problem) => problemCheck(problem, ctx.locale)),
  event: null,
})

/** What a test needs: a mail, to whom, as whom. */
export type TestSend = Omit<PreviewRequest, 'theme'> & { readonly to: readonly string[] }

/**
 * Sends the mail, marked as a test, to a few addresses. Its links lead straight to their targets and nothing is counted.
 * @throws content.not_sendable  when it does not compile, grows beyond its limits or has no sender
 * @throws content.contact_not_found, request.not_permitted as a preview does
 * @throws delivery.mail_not_taken, platform.mail_unreachable  when no provider or server takes it
 */
export async function sendTest(ctx: Ctx, request: TestSend): Promise<{ sentTo: string[] }> {
  const { source } = request
  if (!isEmailAddress(source.fromEmail.trim())) {
    const message = ctx.locale === 'fr' ? 'Indiquez d’abord l’expéditeur.' : 'Enter the sender first.'
    throw errors.not_sendable({}, { problems: [{ path: 'source.fromEmail', message }] })
  }
  const sentTo = [...new Set(request.to)]
  await refuseSuppressed(ctx, sentTo)
  const { event = null } = request
  const catalogue = await listVariables(ctx, { data: true, event })
  const version = await compileOrRefuse(ctx, source, catalogue)
  const contact = await personForPreview(ctx, request.as, source.language, catalogue)
  const { data } = await eventForPreview(ctx, event, contactIdOf(request.as))
  const rendered = await renderFor(ctx, version, contact, request.campaignName, data)
  if (rendered instanceof BeyondLimit) throw notSendable(ctx, [problemOfLimit(rendered)])
  const { mail } = rendered
  for (const to of sentTo) {
    await sendOwnMail(ctx, {
      to,
      from: { name: mail.fromName, address: mail.fromEmail },
      replyTo: isEmailAddress(mail.replyTo) ? mail.replyTo : null,
      subject: `[Test] ${mail.subject}`,
      html: mail.html,
      text: mail.text,
      isTest: true,
    })
  }
  await inTransaction(ctx, async (ctx) =>
    audit(ctx, 'mail.test_sent', { kind: 'mail', id: 'draft' }, { subject: mail.subject, to: sentTo }),
  )
  return { sentTo }
}

/**
 * A test is mail, too: an address that bounced for good, complained or was erased gets none. Somebody who only
 * unsubscribed from marketing may be sent a test, since a colleague asked for it by hand.
 */
async function refuseSuppressed(ctx: Ctx, addresses: readonly string[]): Promise<void> {
  const keys = await ctx.platform.secrets.of(ctx)
  for (const address of addresses) {
    const parsed = parseEmail(address)
    const entry = parsed.ok ? await isSuppressed(ctx, 'email', keys.addressHash('email', parsed.value)) : null
    const isOver = entry !== null && entry.expiresAt !== null && entry.expiresAt <= ctx.now()
    if (parsed.ok && (entry === null || entry.scope !== 'all' || isOver)) continue
    const reason = parsed.ok ? 'suppressed' : 'invalid'
    throw errors.not_sendable(
      {},
      { problems: [{ path: 'to', message: ADDRESS_REFUSED[ctx.locale][reason](address) }] },
    )
  }
}

const ADDRESS_REFUSED = {
  en: {
    suppressed: (address: string) =>
      `${address} is on the suppression list. Send the test to another address.`,
    invalid: (address: string) => `“${address}” is not an e-mail address.`,
  },
  fr: {
    suppressed: (address: string) =>
      `${address} est sur la liste d’exclusion. Envoyez le test à une autre adresse.`,
    invalid: (address: string) => `« ${address} » n’est pas une adresse e-mail.`,
  },
}

interface Rendered {
  mail: RenderedMail
  links: Preview['links']
}

async function renderFor(
  ctx: Ctx,
  version: CompiledMail,
  contact: MailContact,
  campaignName: string,
  data?: EventData,
): Promise<Rendered | BeyondLimit> {
  const renderer = mailRenderer(version, {
    organization: await readSender(ctx),
    campaign: { name: campaignName },
  })
  return withinLimits(() => {
    const links = version.links.map((link) => ({
      index: link.index,
      label: link.label,
      url: renderer.linkTarget(link.index, contact, data) ?? '',
    }))
    const urls = urlsWithoutMessage(ctx, (index) => renderer.linkTarget(index, contact, data) ?? '')
    return { mail: renderer.render(contact, urls, data), links }
  })
}

/** There is no message, so nothing can be counted or unsubscribed: links lead where they lead. */
function urlsWithoutMessage(ctx: Ctx, linkUrl: MessageUrls['linkUrl']): MessageUrls {
  const ours = (name: string): string => `${ctx.platform.config.publicUrl}/#${name}`
  return {
    linkUrl,
    unsubscribeUrl: ours('unsubscribe'),
    preferencesUrl: ours('preferences'),
    viewUrl: ours('view'),
    pixelUrl: null,
  }
}
