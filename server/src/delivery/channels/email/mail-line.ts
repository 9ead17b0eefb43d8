/** Turns people into mails and brings them out: renderer, sender, keys, transport. */
import { loadRenderer, type MailRenderer, type MessageUrls } from '../../../content/index.ts'
import type { Ctx } from '../../../platform/context.ts'
import { toWire } from '../../../platform/ids.ts'
import type { MessageLinks } from '../../../tracking/index.ts'
import type { Purpose } from '../../runs/run.ts'
import { domainOf, sendingIdentity, type SendingIdentity } from '../../sending/identity.ts'
import { mailTransport, type MailOutlet } from '../../sending/transports.ts'
import type { ComposedBatch, Letter, Line, NoLine } from '../line.ts'
import type { LineContent } from '../lines.ts'
import { renderEach } from '../render-each.ts'
import { signMail } from './dkim.ts'
import { MailShelf } from './mail-room.ts'
import { mailBytes, mailComposer, type ComposedMail, type MailComposer, type PersonalMail } from './mime.ts'
import { NO_BYTES, RemadeMail, type MailMessage, type MailParts } from './mail-message.ts'
import { quotaTransport } from './own-quota.ts'
import { caringTransport } from './receiver-care.ts'
import { isSafeAddress, type SmtpMessage } from './smtp-client/smtp-message.ts'

/** Names of senders may be personal; composers are kept for so many of them. */
const KEPT_COMPOSERS_MAX = 100

/** The line of a mail, or what keeps it from being made. */
export async function mailLine(
  ctx: Ctx,
  { versionId, purpose, sourceId }: LineContent,
): Promise<Line<SmtpMessage> | NoLine> {
  const renderer = await loadRenderer(ctx, versionId)
  const from = renderer.version.fromEmail
  if (!isSafeAddress(from))
    return { trouble: { kind: 'sender_refused', text: `The sender address “${from}” is not valid.` } }
  const domain = domainOf(from)
  const outlet = await mailTransport(ctx, domain)
  if ('trouble' in outlet) return outlet
  const identity = await sendingIdentity(ctx, domain)
  const feedbackId = [
    toWire('campaign', sourceId),
    toWire('organization', ctx.orgId),
    purpose,
    'fanfare',
  ].join(':')
  const { takes = 'bytes' } = outlet
  const make = mailMaker({ purpose, renderer, identity, domain, feedbackId, takes })
  return {
    ...outlet,
    transport: await caringTransport(ctx, domain.toLowerCase(), quotaTransport(ctx, outlet.transport)),
    ...(identity.domain === null ? {} : { senderDomain: identity.domain }),
    linkCount: renderer.version.links.length,
    contactFields: renderer.contactFields,
    compose: (letters) => composeBatch(ctx, letters, make, identity),
  }
}

/** What mails are made with. */
interface Making {
  at: Date
  shelf: MailShelf
}

/** A mail, ready to leave; or one that is written and waits for its signatures. */
type Made = SmtpMessage | UnsignedMail

interface UnsignedMail {
  envelope: { from: string; to: string; done(): void }
  mail: ComposedMail
}

async function composeBatch<L extends Letter>(
  ctx: Ctx,
  letters: readonly L[],
  make: (letter: Letter, making: Making) => Made,
  identity: SendingIdentity,
): Promise<ComposedBatch<SmtpMessage, L>> {
  const making = { at: ctx.now(), shelf: new MailShelf() }
  const { rendered, ...rest } = await renderEach(ctx, letters, (letter) => make(letter, making))
  if (rendered.every(isReady)) return { ...rest, composed: rendered }
  const composed = await Promise.all(
    rendered.map(async ({ letter, message }) => ({
      letter,
      message: 'mail' in message ? await signed(message, identity, making.at) : message,
    })),
  )
  return { ...rest, composed }
}

const isReady = <L>(one: { letter: L; message: Made }): one is { letter: L; message: SmtpMessage } =>
  !('mail' in one.message)

async function signed(
  { envelope, mail }: UnsignedMail,
  { keys }: SendingIdentity,
  at: Date,
): Promise<SmtpMessage> {
  return { ...envelope, data: mailBytes(mail, await signMail(mail, keys, at)) }
}

interface MakerParts {
  purpose: Purpose
  renderer: MailRenderer
  identity: SendingIdentity
  domain: string
  feedbackId: string
  takes: NonNullable<MailOutlet['takes']>
}

function mailMaker({
  purpose,
  renderer,
  identity,
  domain,
  feedbackId,
  takes,
}: MakerParts): (letter: Letter, making: Making) => Made {
  const { fromEmail, replyTo: givenReplyTo } = renderer.version
  const replyTo = givenReplyTo === '' || !isSafeAddress(givenReplyTo) ? null : givenReplyTo
  const composers = new Map<string, MailComposer>()
  const composerFor = (name: string): MailComposer => {
    const known = composers.get(name)
    if (known) return known
    const composer = mailComposer({
      from: { name: name === '' ? null : name, address: fromEmail },
      replyTo,
      feedbackId,
      isAutomatic: purpose === 'transactional',
    })
    if (composers.size >= KEPT_COMPOSERS_MAX) composers.clear()
    composers.set(name, composer)
    return composer
  }
  const unsubscribeUrlOf = (links: MessageLinks): string | null =>
    purpose === 'marketing' ? links.unsubscribe : null
  const partsOf = ({ person, links, again, data }: Letter): MailParts => {
    const { fromName, ...texts } = renderer.renderPieces(
      person,
      urlsFor(renderer, { links, person, data }),
      data,
    )
    return {
      token: links.message,
      again: again ?? null,
      from: { name: fromName === '' ? null : fromName, address: fromEmail },
      replyTo,
      ...texts,
      unsubscribeUrl: unsubscribeUrlOf(links),
      feedbackId,
    }
  }
  return (letter, { at, shelf }) => {
    const { person, data } = letter
    const to = person.address ?? ''
    if (takes === 'parts') {
      if (renderer.isCompiled) return new RemadeMail(fromEmail, to, () => partsOf(letter))
      const message: MailMessage = { from: fromEmail, to, data: NO_BYTES, parts: partsOf(letter) }
      return message
    }
    const { links } = letter
    const urls = urlsFor(renderer, { links, person, data })
    const from =
      identity.returnPathHost === null ? fromEmail : `b-${links.message}@${identity.returnPathHost}`
    const rendered = renderer.renderPieces(person, urls, data)
    if (takes === 'nothing') return { from, to, data: NO_BYTES }
    const compose = composerFor(rendered.fromName)
    const unsubscribeUrl = unsubscribeUrlOf(links)
    const personal: PersonalMail = {
      to: { name: null, address: to },
      subject: rendered.subject,
      html: rendered.html,
      text: rendered.text,
      messageId: `${links.message}@${domain}`,
      date: at,
      unsubscribe: unsubscribeUrl === null ? null : { url: unsubscribeUrl, mailto: null },
    }
    const envelope = { from, to, done: () => shelf.done() }
    const mail = compose(personal, shelf)
    return identity.keys.length > 0 ? { envelope, mail } : { ...envelope, data: mailBytes(mail, []) }
  }
}

const urlsFor = (
  renderer: MailRenderer,
  { links, person, data }: Pick<Letter, 'links' | 'person' | 'data'>,
): MessageUrls => ({
  linkUrl: linksIn(renderer, { links, person, data }),
  unsubscribeUrl: links.unsubscribe,
  preferencesUrl: links.preferences,
  viewUrl: links.view,
  pixelUrl: person.mayTrackOpens ? links.open : null,
})

/** Whoever refused to be followed gets links that lead to their target directly. */
function linksIn(
  renderer: MailRenderer,
  { links, person, data }: Pick<Letter, 'links' | 'person' | 'data'>,
): (index: number) => string {
  if (person.mayTrackClicks) return (index) => links.clicks[index] ?? ''
  return (index) => renderer.linkTarget(index, person, data) ?? ''
}
