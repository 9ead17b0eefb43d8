/** What a person is told of the counts of their messages. Source: GDPR 15; design §5 Erasure and access; PC-44 */
import type { AccessPart } from '../../platform/rights.ts'
import { selectChannels } from './read-queries.ts'

/** A line a channel: what was received, and what was done with it. */
export const engagementAccess: AccessPart = {
  about: {
    en: 'How often you were written to and answered, per channel.',
    fr: 'Combien de fois on vous a écrit et vous avez répondu, par canal.',
  },
  async *read(ctx, contactId) {
    yield (await selectChannels(ctx, contactId)).map((counts) => ({ ...counts }))
  },
}
