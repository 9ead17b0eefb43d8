/** Telling a campaign's author by mail that it was stopped, and why. */
import type { Ctx, Locale } from '../../platform/context.ts'
import { toWire, type CampaignId } from '../../platform/ids.ts'
import type { Notice } from '../../platform/mail.ts'
import { peopleToNotify } from '../../team/index.ts'
import { readCampaign } from '../queries.ts'

/** Tells whoever made the campaign, or those who answer for the organization. */
export async function tellAuthorOfStop(
  ctx: Ctx,
  id: CampaignId,
  why: (locale: Locale) => string,
): Promise<void> {
  const campaign = await readCampaign(ctx, id)
  if (!campaign || campaign.deletedAt) return
  const [kind, person] = campaign.createdBy.split(':')
  const link = `${ctx.platform.config.publicUrl}/campaigns/${toWire('campaign', id)}`
  for (const to of await peopleToNotify(ctx, kind === 'member' ? (person ?? null) : null))
    await ctx.platform.mail.send({
      ...stopMail(to, { campaign: campaign.name, why: why(to.locale), link }),
      headers: { 'X-Fanfare-Organization': ctx.orgId },
    })
}

/** In the reader's language, plain. */
function stopMail(
  to: { email: string; locale: Locale },
  stopped: { campaign: string; why: string; link: string },
): Notice {
  const name = stopped.campaign.replaceAll(/\s+/g, ' ')
  const words = {
    en: {
      subject: `“${name}” was stopped`,
      text: `Your campaign “${name}” was stopped.\n\n${stopped.why}\n\n${stopped.link}\n\n— Fanfare`,
    },
    fr: {
      subject: `« ${name} » est arrêtée`,
      text: `Votre campagne « ${name} » est arrêtée.\n\n${stopped.why}\n\n${stopped.link}\n\n— Fanfare`,
    },
  }[to.locale]
  return { to: to.email, ...words }
}
