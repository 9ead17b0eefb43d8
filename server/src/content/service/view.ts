/** What tracking asks of this room: mails shown in a browser, and links filled in when they are followed. */
import type { Ctx } from '../../platform/context.ts'
import {
  linksOfMessage,
  presentContactId,
  registerViewRenderer,
  type TokenMessage,
} from '../../tracking/index.ts'
import { readMailContact } from '../queries.ts'
import { BeyondLimit, withinLimits } from '../rules/limits.ts'
import type { MailRenderer } from '../rules/render-mail.ts'
import type { MailContact } from '../rules/variables.ts'
import { eventDataOfMessage } from './event-data.ts'
import { loadMessageRenderer } from './messages.ts'
import { loadRenderer } from './versions.ts'

/** Registers this room with tracking. A mail of a contact who is gone cannot be shown again: nothing of it was kept. */
export function answerViews(): void {
  registerViewRenderer({
    view: async (ctx, message) => {
      // A text message was read where it arrived.
      if (message.channel !== 'email') return null
      const made = await recipientOf(ctx, message)
      if (!made) return null
      const { renderer, contact } = made
      const data = renderer.takesData ? await eventDataOfMessage(ctx, message) : undefined
      if (renderer.takesData && !data) return null
      const links = linksOfMessage(ctx, message)
      const urls = {
        // Looking a mail up again is nobody's first reading: links lead straight on, and there is no pixel.
        linkUrl: (index: number) => renderer.linkTarget(index, contact, data) ?? '',
        unsubscribeUrl: links.unsubscribe,
        preferencesUrl: links.preferences,
        viewUrl: links.view,
        pixelUrl: null,
      }
      const shown = withinLimits(() => renderer.render(contact, urls, data).html)
      return shown instanceof BeyondLimit ? null : shown
    },
    url: async (ctx, message, linkNo) => {
      const contact = await readMailContact(ctx, await presentContactId(ctx, message.contactId))
      if (!contact) return null
      const renderer =
        message.channel === 'email'
          ? await loadRenderer(ctx, message.versionId)
          : await loadMessageRenderer(ctx, message.versionId)
      const isOfEvent = renderer.version.links[linkNo]?.url.includes('event') === true
      const data = isOfEvent ? await eventDataOfMessage(ctx, message) : undefined
      const target = withinLimits(() => renderer.linkTarget(linkNo, contact, data))
      return target instanceof BeyondLimit ? null : target
    },
  })
}

async function recipientOf(
  ctx: Ctx,
  message: TokenMessage,
): Promise<{ renderer: MailRenderer; contact: MailContact } | null> {
  const contact = await readMailContact(ctx, await presentContactId(ctx, message.contactId))
  return contact ? { contact, renderer: await loadRenderer(ctx, message.versionId) } : null
}
