/** Forgetting what a person has become. Figures of campaigns and of the organization count without it and stay. */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'
import type { EraseStep } from '../../platform/room.ts'
import { deleteEngagement, deleteOtherMoney, deleteProfiles } from './people-queries.ts'
import { deleteReceived } from './received-queries.ts'
import { lockSetting } from './setting-queries.ts'

const one =
  (forget: (ctx: Ctx, contactIds: readonly ContactId[]) => Promise<unknown>): EraseStep =>
  async (ctx, contactId) => {
    await forget(ctx, [contactId])
  }

/** Waits for whoever is figuring, who might otherwise write figures of a contact that they still saw. */
const oneUnderLock =
  (forget: (ctx: Ctx, contactIds: readonly ContactId[]) => Promise<unknown>): EraseStep =>
  async (ctx, contactId) => {
    await lockSetting(ctx)
    await forget(ctx, [contactId])
  }

/** How each derived table forgets a person. Source: design §5 Erasure; PC-45 */
export const profileEraseSteps: Readonly<Record<string, EraseStep>> = {
  contact_profile: oneUnderLock(deleteProfiles),
  received_block: oneUnderLock(deleteReceived),
  contact_engagement: one(deleteEngagement),
  contact_other_money: one(deleteOtherMoney),
}
