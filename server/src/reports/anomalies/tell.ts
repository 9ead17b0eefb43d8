/** Telling those who asked for it by mail, each once, in their language. */
import type { Ctx } from '../../platform/context.ts'
import { toWire } from '../../platform/ids.ts'
import { defineJob } from '../../platform/jobs/index.ts'
import type { Notice } from '../../platform/mail.ts'
import { membersOf, type Notified } from '../../team/index.ts'
import type { AnomalyOnWire } from '../schema.ts'
import { onWire } from './manage.ts'
import { noteTold, selectAnomaliesById, selectWatchers } from './queries.ts'
import { tellUnusual } from './work.ts'

/** One mail to each about everything that a look has found. */
export const tellOfUnusual = defineJob({
  ...tellUnusual,
  handle: async (ctx, { anomalyIds }) => {
    const rows = await selectAnomaliesById(ctx, anomalyIds)
    for (const member of await membersOf(ctx, await selectWatchers(ctx))) {
      const untold = rows.filter(({ mailedTo }) => !mailedTo.includes(member.personId))
      if (untold.length === 0) continue
      const shown = await onWire({ ...ctx, locale: member.locale }, untold)
      await ctx.platform.mail.send(unusualMail(ctx, member, shown))
      await noteTold(
        ctx,
        untold.map(({ id }) => id),
        member.personId,
      )
    }
  },
})

function unusualMail(ctx: Ctx, to: Notified, found: readonly AnomalyOnWire[]): Notice {
  const base = ctx.platform.config.publicUrl
  const lines = found.map(
    ({ campaign, campaignId, headline, evidence, likelyCause }) =>
      `${campaign}\n${headline}. ${evidence}\n${likelyCause}\n${base}/campaigns/${toWire('campaign', campaignId)}`,
  )
  const first = (found[0]?.campaign ?? '').replaceAll(/\s+/g, ' ')
  const more = found.length - 1
  const words = {
    en: {
      subject: `Unusual: ${first}${more > 0 ? ` and ${more} more` : ''}`,
      foot: `Stop these mails here: ${base}/reports`,
    },
    fr: {
      subject: `Inhabituel : ${first}${more > 0 ? ` et ${more} de plus` : ''}`,
      foot: `Pour ne plus recevoir ces messages : ${base}/reports`,
    },
  }[to.locale]
  return {
    to: to.email,
    subject: words.subject,
    text: `${lines.join('\n\n')}\n\n${words.foot}\n\n— Fanfare`,
    headers: { 'X-Fanfare-Organization': ctx.orgId },
  }
}
