/** Turns the people of a run into text messages, WhatsApp messages, in-app messages or webhook calls. */
import { loadMessageRenderer, type MessageRenderer } from '../../content/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { assert } from '../../platform/errors.ts'
import { linkSigner, type LinkSigner } from '../../tracking/index.ts'
import type { Addressee } from '../handover/addressee.ts'
import type { Run, RunContent } from '../runs/run.ts'
import type { ComposedBatch, Line, NoLine } from './line.ts'
import type { OutboundMessage } from './message.ts'
import { messageOutlet } from './outlets.ts'

/** The line of a channel other than e-mail. */
export async function messageLine(
  ctx: Ctx,
  run: Run,
  { channel, versionId }: RunContent,
): Promise<Line<OutboundMessage> | NoLine> {
  assert(channel !== 'email', 'mails have a line of their own')
  const outlet = await messageOutlet(ctx, channel)
  if ('trouble' in outlet) return outlet
  const renderer = await loadMessageRenderer(ctx, versionId)
  const signer = await linkSigner(
    ctx,
    { campaignId: run.campaignId, runId: run.id, versionId, channel, month: run.month },
    renderer.version.links.length,
  )
  return {
    ...outlet,
    compose: (people) => Promise.resolve(composeBatch(ctx, people, renderer, signer)),
  }
}

function composeBatch(
  ctx: Ctx,
  people: readonly Addressee[],
  renderer: MessageRenderer,
  signer: LinkSigner,
): ComposedBatch<OutboundMessage> {
  const batch: ComposedBatch<OutboundMessage> = { composed: [], failed: [] }
  for (const person of people) {
    try {
      batch.composed.push({ person, message: messageFor(person, renderer, signer) })
    } catch (error) {
      // One contact whose values break the message must not hold up the others.
      ctx.log.warn({ error, contactId: person.id }, 'a message could not be rendered')
      batch.failed.push({ person, reason: 'render_failed' })
    }
  }
  return batch
}

function messageFor(person: Addressee, renderer: MessageRenderer, signer: LinkSigner): OutboundMessage {
  const links = signer.linksFor(person.id)
  return {
    token: links.message,
    contactId: person.id,
    to: person.address,
    content: renderer.render(person, {
      // Whoever refused to be followed gets links that lead to their target directly.
      linkUrl: person.mayTrackClicks
        ? (index) => links.clicks[index] ?? ''
        : (index) => renderer.linkTarget(index, person) ?? '',
      unsubscribeUrl: links.unsubscribe,
      preferencesUrl: links.preferences,
      viewUrl: links.view,
      pixelUrl: null,
    }),
  }
}
