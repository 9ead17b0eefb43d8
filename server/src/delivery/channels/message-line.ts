/** Turns people into text messages, WhatsApp messages, in-app messages or webhook calls. */
import { isTooLongForSms, loadMessageRenderer, type MessageRenderer } from '../../content/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { assert } from '../../platform/errors.ts'
import type { ComposedBatch, Letter, Line, NoLine } from './line.ts'
import type { LineContent } from './lines.ts'
import type { OutboundMessage } from './message.ts'
import { messageOutlet } from './outlets.ts'
import { renderEach } from './render-each.ts'

/** The line of a channel other than e-mail. */
export async function messageLine(
  ctx: Ctx,
  { channel, versionId }: LineContent,
): Promise<Line<OutboundMessage> | NoLine> {
  assert(channel !== 'email', 'mails have a line of their own')
  const outlet = await messageOutlet(ctx, channel)
  if ('trouble' in outlet) return outlet
  const renderer = await loadMessageRenderer(ctx, versionId)
  return {
    ...outlet,
    linkCount: renderer.version.links.length,
    contactFields: renderer.contactFields,
    compose: (letters) => composeBatch(ctx, letters, renderer),
  }
}

async function composeBatch<L extends Letter>(
  ctx: Ctx,
  letters: readonly L[],
  renderer: MessageRenderer,
): Promise<ComposedBatch<OutboundMessage, L>> {
  const { rendered, failed, ...rest } = await renderEach(ctx, letters, (letter) =>
    messageFor(letter, renderer),
  )
  const batch: ComposedBatch<OutboundMessage, L> = { composed: [], failed, ...rest }
  for (const one of rendered) {
    const { content } = one.message
    if (content.channel === 'sms' && isTooLongForSms(content.text))
      batch.failed.push({ letter: one.letter, reason: 'sms_too_long' })
    else batch.composed.push(one)
  }
  return batch
}

function messageFor({ person, links, data }: Letter, renderer: MessageRenderer): OutboundMessage {
  const urls = {
    // Whoever refused to be followed gets links that lead to their target directly.
    linkUrl: person.mayTrackClicks
      ? (index: number) => links.clicks[index] ?? ''
      : (index: number) => renderer.linkTarget(index, person, data) ?? '',
    unsubscribeUrl: links.unsubscribe,
    preferencesUrl: links.preferences,
    viewUrl: links.view,
    pixelUrl: null,
  }
  return {
    token: links.message,
    contactId: person.id,
    to: person.address,
    content: renderer.render(person, urls, data),
  }
}
