/** The door of content: mails, from draft to what one person receives. */
import { rowsOf } from '../platform/rights.ts'
import { room } from '../platform/room.ts'
import { forgetEventData } from './queries.ts'
import { routes } from './routes.ts'
import { pruneOldEventData } from './service/event-data.ts'
import { answerViews } from './service/view.ts'

export { preflightMail, preflightVersion } from './service/preflight.ts'
export { type MailVersion, createMailVersion, loadRenderer, versionLinks } from './service/versions.ts'
export { type EventData, eventDataOf, keepEventData } from './service/event-data.ts'
export { frozenMessage, frozenTemplate, frozenTemplates } from './service/frozen.ts'
export type { TemplateId } from './queries.ts'
export {
  type MessageVersion,
  createMessageVersion,
  loadMessageRenderer,
  preflightMessage,
} from './service/messages.ts'
export {
  isTooLongForSms,
  measureSms,
  smartlyEncoded,
  SMS_PARTS_MAX,
  SMS_UNITS,
  type SmsMeasure,
} from './rules/sms-text.ts'
export type { MessageRenderer } from './rules/render-message.ts'
export type { MessageChannel, MessageSource, RenderedMessage } from './message-schema.ts'
export type { MailLink } from './rules/compiled-mail.ts'
export type { MailRenderer, MessageUrls, RenderedMail } from './rules/render-mail.ts'
export { OWN, cutText, isSameOrder, joined, type Pieces } from './rules/pieces.ts'
export type { MailContact } from './rules/variables.ts'
export type { ContactFields } from './rules/closures.ts'
export { starter, type StarterMail } from './starters/index.ts'

// Tracking, two floors down, asks through a port; it has it from the moment that this door is loaded.
answerViews()

/** The room, as app.ts lists it. */
export const content = room('content', {
  routes,
  schedules: [pruneOldEventData],
  erase: {
    event_data: async (ctx, contactId) => void (await forgetEventData(ctx, contactId)),
  },
  access: {
    event_data: rowsOf(
      'event_data',
      {
        en: 'What something that you did said, as far as the message names it that it set off.',
        fr: 'Ce que disait une de vos actions, pour autant que le message qu’elle a déclenché le nomme.',
      },
      'created_at, run_id',
    ),
  },
})
