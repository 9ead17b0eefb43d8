/** Everything that turns the people of a run into mails and brings them out. */
import { loadRenderer, type MailRenderer } from '../../../content/index.ts'
import type { Ctx } from '../../../platform/context.ts'
import { toWire } from '../../../platform/ids.ts'
import { linkSigner, type LinkSigner, type MessageLinks } from '../../../tracking/index.ts'
import type { Run, RunContent } from '../../runs/run.ts'
import { sendingIdentity, type SendingIdentity } from '../../sending/identity.ts'
import { mailTransport } from '../../sending/transports.ts'
import type { ComposedBatch, Line, NoLine } from '../line.ts'
import { signMail } from './dkim.ts'
import { mailBytes, mailComposer, type ComposedMail, type PersonalMail } from './mime.ts'
import { isSafeAddress, type SmtpMessage } from './smtp-client/smtp-message.ts'
import type { Addressee } from '../../handover/addressee.ts'

/** Names of senders may be personal; composers are kept for so many of them. */
const KEPT_COMPOSERS_MAX = 100

/** The line of a run's mails, or what keeps it from being made: renderer, links, sender, keys, transport. */
export async function mailLine(
  ctx: Ctx,
  run: Run,
  { versionId }: RunContent,
): Promise<Line<SmtpMessage> | NoLine> {
  const renderer = await loadRenderer(ctx, versionId)
  const from = renderer.version.fromEmail
  if (!isSafeAddress(from))
    return { trouble: { kind: 'sender_refused', text: `The sender address “${from}” is not valid.` } }
  const outlet = await mailTransport(ctx)
  if ('trouble' in outlet) return outlet
  const domain = from.slice(from.lastIndexOf('@') + 1)
  const [identity, signer] = await Promise.all([
    sendingIdentity(ctx, domain),
    linkSigner(
      ctx,
      {
        campaignId: run.campaignId,
        runId: run.id,
        versionId,
        channel: 'email',
        month: run.month,
      },
      renderer.version.links.length,
    ),
  ])
  const feedbackId = [
    toWire('campaign', run.campaignId),
    toWire('organization', ctx.orgId),
    run.purpose,
    'fanfare',
  ].join(':')
  const make = mailMaker({ run, renderer, signer, identity, domain, feedbackId })
  return {
    ...outlet,
    compose: (people) => composeBatch(ctx, people, make, identity),
  }
}

interface Made {
  mail: ComposedMail
  from: string
}

async function composeBatch(
  ctx: Ctx,
  people: readonly Addressee[],
  make: (person: Addressee, at: Date) => Made,
  identity: SendingIdentity,
): Promise<ComposedBatch<SmtpMessage>> {
  const at = ctx.now()
  const batch: ComposedBatch<SmtpMessage> = { composed: [], failed: [] }
  const made: { person: Addressee; made: Made }[] = []
  for (const person of people) {
    try {
      made.push({ person, made: make(person, at) })
    } catch (error) {
      // One contact whose values break the mail must not hold up the others.
      ctx.log.warn({ error, contactId: person.id }, 'a mail could not be rendered')
      batch.failed.push({ person, reason: 'render_failed' })
    }
  }
  const signatures = await Promise.all(made.map(({ made: { mail } }) => signMail(mail, identity.keys, at)))
  batch.composed = made.map(({ person, made: { mail, from } }, index) => ({
    person,
    message: { from, to: person.address ?? '', data: mailBytes(mail, signatures[index] ?? []) },
  }))
  return batch
}

interface MakerParts {
  run: Run
  renderer: MailRenderer
  signer: LinkSigner
  identity: SendingIdentity
  domain: string
  feedbackId: string
}

function mailMaker({
  run,
  renderer,
  signer,
  identity,
  domain,
  feedbackId,
}: MakerParts): (person: Addressee, at: Date) => Made {
  const { fromEmail, replyTo } = renderer.version
  const composers = new Map<string, (mail: PersonalMail) => ComposedMail>()
  const composerFor = (name: string): ((mail: PersonalMail) => ComposedMail) => {
    const known = composers.get(name)
    if (known) return known
    const composer = mailComposer({
      from: { name: name === '' ? null : name, address: fromEmail },
      replyTo: replyTo === '' || !isSafeAddress(replyTo) ? null : replyTo,
      feedbackId,
      isAutomatic: run.purpose === 'transactional',
    })
    if (composers.size >= KEPT_COMPOSERS_MAX) composers.clear()
    composers.set(name, composer)
    return composer
  }
  return (person, at) => {
    const links = signer.linksFor(person.id)
    const rendered = renderer.render(person, {
      linkUrl: linksIn(renderer, links, person),
      unsubscribeUrl: links.unsubscribe,
      preferencesUrl: links.preferences,
      viewUrl: links.view,
      pixelUrl: person.mayTrackOpens ? links.open : null,
    })
    const mail = composerFor(rendered.fromName)({
      to: { name: null, address: person.address ?? '' },
      subject: rendered.subject,
      html: rendered.html,
      text: rendered.text,
      messageId: `${links.message}@${domain}`,
      date: at,
      unsubscribe: run.purpose === 'marketing' ? { url: links.unsubscribe, mailto: null } : null,
    })
    return {
      mail,
      from: identity.returnPathHost === null ? fromEmail : `b-${links.message}@${identity.returnPathHost}`,
    }
  }
}

/** Whoever refused to be followed gets links that lead to their target directly. */
function linksIn(renderer: MailRenderer, links: MessageLinks, person: Addressee): (index: number) => string {
  if (person.mayTrackClicks) return (index) => links.clicks[index] ?? ''
  return (index) => renderer.linkTarget(index, person) ?? ''
}
