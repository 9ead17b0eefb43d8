/** Turns people into mails and brings them out: renderer, sender, keys, transport. */
import { loadRenderer, type MailRenderer } from '../../../content/index.ts'
import type { Ctx } from '../../../platform/context.ts'
import { toWire } from '../../../platform/ids.ts'
import type { MessageLinks } from '../../../tracking/index.ts'
import type { Addressee } from '../../handover/addressee.ts'
import type { Purpose } from '../../runs/run.ts'
import { sendingIdentity, type SendingIdentity } from '../../sending/identity.ts'
import { mailTransport } from '../../sending/transports.ts'
import type { ComposedBatch, Letter, Line, NoLine } from '../line.ts'
import type { LineContent } from '../lines.ts'
import { renderEach } from '../render-each.ts'
import { signMail } from './dkim.ts'
import type { MailRoom } from './mail-room.ts'
import { mailBytes, mailComposer, type ComposedMail, type MailComposer, type PersonalMail } from './mime.ts'
import type { MailMessage, MailParts } from './mail-message.ts'
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
  const outlet = await mailTransport(ctx)
  if ('trouble' in outlet) return outlet
  const domain = from.slice(from.lastIndexOf('@') + 1)
  const identity = await sendingIdentity(ctx, domain)
  const feedbackId = [
    toWire('campaign', sourceId),
    toWire('organization', ctx.orgId),
    purpose,
    'fanfare',
  ].join(':')
  const isMadeThere = outlet.makesMails === true
  const make = mailMaker({ purpose, renderer, identity, domain, feedbackId, isMadeThere })
  return {
    ...outlet,
    transport: await caringTransport(ctx, domain.toLowerCase(), outlet.transport),
    ...(identity.domain === null ? {} : { senderDomain: identity.domain }),
    linkCount: renderer.version.links.length,
    compose: (letters) => composeBatch(ctx, letters, make, identity),
  }
}

/** A mail whose parts the provider makes a mail of, and signs; or one that waits for its bytes. */
type Made = MailMessage | UnencodedMail

async function composeBatch<L extends Letter>(
  ctx: Ctx,
  letters: readonly L[],
  make: (letter: Letter, at: Date) => Made,
  identity: SendingIdentity,
): Promise<ComposedBatch<SmtpMessage, L>> {
  const at = ctx.now()
  const { rendered, ...rest } = await renderEach(ctx, letters, (letter) => make(letter, at))
  if (identity.keys.length === 0) return { ...rest, composed: rendered }
  const composed = await Promise.all(
    rendered.map(async ({ letter, message }) => ({
      letter,
      message: message instanceof UnencodedMail ? await message.signed(identity.keys, at) : message,
    })),
  )
  return { ...rest, composed }
}

const NO_BYTES = Buffer.alloc(0)

/**
 * A rendered mail whose bytes are made when a connection asks for them: memory holds those under way, not a whole
 * sub-batch, and what is taken back was never encoded.
 */
class UnencodedMail implements SmtpMessage {
  readonly from: string
  readonly to: string
  readonly #compose: (room?: MailRoom) => ComposedMail

  constructor(envelope: { from: string; to: string }, compose: (room?: MailRoom) => ComposedMail) {
    this.from = envelope.from
    this.to = envelope.to
    this.#compose = compose
  }
  data(room: MailRoom): Buffer {
    return mailBytes(this.#compose(room), [])
  }
  async signed(keys: SendingIdentity['keys'], at: Date): Promise<SmtpMessage> {
    const mail = this.#compose()
    return { from: this.from, to: this.to, data: mailBytes(mail, await signMail(mail, keys, at)) }
  }
}

interface MakerParts {
  purpose: Purpose
  renderer: MailRenderer
  identity: SendingIdentity
  domain: string
  feedbackId: string
  /** Does the provider make mails of their parts? */
  isMadeThere: boolean
}

function mailMaker({
  purpose,
  renderer,
  identity,
  domain,
  feedbackId,
  isMadeThere,
}: MakerParts): (letter: Letter, at: Date) => Made {
  const { fromEmail, replyTo } = renderer.version
  const composers = new Map<string, MailComposer>()
  const composerFor = (name: string): MailComposer => {
    const known = composers.get(name)
    if (known) return known
    const composer = mailComposer({
      from: { name: name === '' ? null : name, address: fromEmail },
      replyTo: replyTo === '' || !isSafeAddress(replyTo) ? null : replyTo,
      feedbackId,
      isAutomatic: purpose === 'transactional',
    })
    if (composers.size >= KEPT_COMPOSERS_MAX) composers.clear()
    composers.set(name, composer)
    return composer
  }
  return ({ person, links, again, data }, at) => {
    const to = person.address ?? ''
    const urls = {
      linkUrl: linksIn(renderer, links, person),
      unsubscribeUrl: links.unsubscribe,
      preferencesUrl: links.preferences,
      viewUrl: links.view,
      pixelUrl: person.mayTrackOpens ? links.open : null,
    }
    const unsubscribeUrl = purpose === 'marketing' ? links.unsubscribe : null
    if (isMadeThere) {
      const { fromName, ...texts } = renderer.renderPieces(person, urls, data)
      const parts: MailParts = {
        token: links.message,
        again: again ?? null,
        from: { name: fromName === '' ? null : fromName, address: fromEmail },
        replyTo: replyTo === '' || !isSafeAddress(replyTo) ? null : replyTo,
        ...texts,
        unsubscribeUrl,
        feedbackId,
      }
      return { from: fromEmail, to, data: NO_BYTES, parts }
    }
    const rendered = renderer.render(person, urls, data)
    const compose = composerFor(rendered.fromName)
    const personal: PersonalMail = {
      to: { name: null, address: to },
      subject: rendered.subject,
      html: rendered.html,
      text: rendered.text,
      messageId: `${links.message}@${domain}`,
      date: at,
      unsubscribe: unsubscribeUrl === null ? null : { url: unsubscribeUrl, mailto: null },
    }
    const from =
      identity.returnPathHost === null ? fromEmail : `b-${links.message}@${identity.returnPathHost}`
    return new UnencodedMail({ from, to }, (room) => compose(personal, room))
  }
}

/** Whoever refused to be followed gets links that lead to their target directly. */
function linksIn(renderer: MailRenderer, links: MessageLinks, person: Addressee): (index: number) => string {
  if (person.mayTrackClicks) return (index) => links.clicks[index] ?? ''
  return (index) => renderer.linkTarget(index, person) ?? ''
}
