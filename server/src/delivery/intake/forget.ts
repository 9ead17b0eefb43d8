/**
 * What providers and receivers said in their own words may hold an address: an example of an event that we do not know,
 * the refusal of a domain. Neither row is about a person, so they are looked through by the person's texts.
 */
import { identityOf } from '../../contacts/index.ts'
import type { EraseStep } from '../../platform/room.ts'
import { forgetInAlerts } from './alerts/queries.ts'
import { forgetInExamples } from './events/queries.ts'

const textsOf = async (
  ctx: Parameters<EraseStep>[0],
  contactId: Parameters<EraseStep>[1],
): Promise<string[]> => {
  const identity = await identityOf(ctx, contactId)
  return identity ? [...identity.emails, ...identity.phones, ...identity.names] : []
}

/** Examples that name the person go; how often such an event came stays. */
export const eraseFromExamples: EraseStep = async (ctx, contactId) => {
  const texts = await textsOf(ctx, contactId)
  if (texts.length > 0) await forgetInExamples(ctx, texts)
}

/** The same for what receivers said about a sending domain. */
export const eraseFromAlerts: EraseStep = async (ctx, contactId) => {
  const texts = await textsOf(ctx, contactId)
  if (texts.length > 0) await forgetInAlerts(ctx, texts)
}
