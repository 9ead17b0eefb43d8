/** Mails to whoever made a campaign, or those who answer for the organization where nobody did. */
import type { Ctx, Locale } from '../../platform/context.ts'
import { toWire, type CampaignId } from '../../platform/ids.ts'
import { notify } from '../../team/index.ts'
import { readCampaign, type CampaignRow } from '../queries.ts'

/** What a mail can speak of. `name` has no line ends. */
export interface ToldOf {
  name: string
  link: string
}

/** A mail in its reader's language, plain. */
export interface Told {
  subject: string
  text: string
}

/** Tells a campaign's author something by mail; of one that was deleted meanwhile nobody hears. */
export async function tellAuthor(
  ctx: Ctx,
  id: CampaignId,
  say: (locale: Locale, campaign: ToldOf) => Told,
): Promise<void> {
  const campaign = await readCampaign(ctx, id)
  if (!campaign || campaign.deletedAt) return
  await tellAuthorOf(ctx, campaign, say)
}

/** The same of a campaign that the caller has read. */
export function tellAuthorOf(
  ctx: Ctx,
  { id, name, createdBy }: Pick<CampaignRow, 'id' | 'name' | 'createdBy'>,
  say: (locale: Locale, campaign: ToldOf) => Told,
): Promise<void> {
  const [kind, person = null] = createdBy.split(':')
  const campaign = {
    name: name.replaceAll(/\s+/g, ' '),
    link: `${ctx.platform.config.publicUrl}/campaigns/${toWire('campaign', id)}`,
  }
  return notify(ctx, kind === 'member' ? person : null, (locale) => say(locale, campaign))
}
