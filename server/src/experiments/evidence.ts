/** What people of a test did, from the log: exactly once per event, people counted within the test's window. */
import { defineConsumer, type LogEvent } from '../platform/events/index.ts'
import {
  messageClicked,
  messageClicksReclassified,
  messageComplained,
  messageOpened,
  messageReplied,
  messageUnsubscribed,
} from '../tracking/index.ts'
import { addOutcomes, type OutcomeChange } from './queries.ts'

/** Keeps the outcomes of tests in step with the log. Machines never decide. Source: CB-5.3, CS-006.1 */
export const countOutcomesOfTests = defineConsumer({
  name: 'experiments.outcomes',
  types: [
    messageOpened.type,
    messageClicked.type,
    messageClicksReclassified.type,
    messageReplied.type,
    messageUnsubscribed.type,
    messageComplained.type,
  ],
  handle: async (ctx, events) => {
    const changes = events.flatMap(changeOf)
    if (changes.length > 0) await addOutcomes(ctx, changes)
  },
})

function changeOf(event: LogEvent): OutcomeChange[] {
  const { contactId, runId, at } = event
  if (contactId === null || runId === null) return []
  const none = { runId, contactId, at, opened: 0, clicked: 0, replied: 0, unsubscribed: 0, complained: 0 }
  switch (event.type) {
    case messageOpened.type: {
      const { variant, machine } = messageOpened.payload.parse(event.payload)
      return variant === 0 || machine ? [] : [{ ...none, opened: 1 }]
    }
    case messageClicked.type: {
      const { variant, machine } = messageClicked.payload.parse(event.payload)
      return variant === 0 || machine ? [] : [{ ...none, clicked: 1 }]
    }
    case messageClicksReclassified.type: {
      const { variant, clicks } = messageClicksReclassified.payload.parse(event.payload)
      return variant === 0 ? [] : [{ ...none, clicked: -clicks.length }]
    }
    case messageReplied.type:
      return messageReplied.payload.parse(event.payload).variant === 0 ? [] : [{ ...none, replied: 1 }]
    case messageUnsubscribed.type:
      return messageUnsubscribed.payload.parse(event.payload).variant === 0
        ? []
        : [{ ...none, unsubscribed: 1 }]
    case messageComplained.type:
      return messageComplained.payload.parse(event.payload).variant === 0 ? [] : [{ ...none, complained: 1 }]
    default:
      return []
  }
}
