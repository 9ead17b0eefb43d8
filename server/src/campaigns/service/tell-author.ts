/** Mails to whoever made a campaign, or those who answer for the organization where nobody did. */
import type { Ctx, Locale } from '../../platform/context.ts'
import { toWire, type CampaignId } from '../../platform/ids.ts'
import { peopleToNotify } from '../../team/index.ts'
import { readCampaign } from '../queries.ts'

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
  const [kind, person] = campaign.createdBy.split(':')
  const name = campaign.name.replaceAll(/\s+/g, ' ')
  const link = `${ctx.platform.config.publicUrl}/campaigns/${toWire('campaign', id)}`
  for (const { email, locale } of await peopleToNotify(ctx, kind === 'member' ? (person ?? null) : null))
    await ctx.platform.mail.send({
      to: email,
      ...say(locale, { name, link }),
      headers: { 'X-Fanfare-Organization': ctx.orgId },
    })
}
