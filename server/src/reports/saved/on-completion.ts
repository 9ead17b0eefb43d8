/** Mailing the report of a campaign as soon as one of its runs has ended. */
import { runCompleted } from '../../delivery/index.ts'
import { defineConsumer } from '../../platform/events/index.ts'
import { toWire } from '../../platform/ids.ts'
import { planMailing } from './manage.ts'
import { lockForCompletion, setNextMail } from './queries.ts'

/** The instant is the event's, so that an event which is read again asks for the same mail. Source: CS-012.7 */
export const mailCompleted = defineConsumer({
  name: 'reports.mail_completed',
  types: [runCompleted.type],
  handle: async (ctx, events) => {
    for (const { campaignId, at } of events) {
      if (campaignId === null) continue
      for (const { id } of await lockForCompletion(ctx, toWire('campaign', campaignId))) {
        await setNextMail(ctx, id, at)
        await planMailing(ctx, id, at)
      }
    }
  },
})
