/** Telling of budgets that are nearly used up, each share once. Source: CB-9.3, TK-12.2, design §5 Budget */
import {
  campaignSubject,
  costsOf,
  microsPerMinor,
  monthUses,
  noteAlerts,
  BUDGET_SCOPES,
  type BudgetedUse,
  type BudgetOwner,
} from '../../budgets/index.ts'
import { BUDGETS } from '../../delivery/index.ts'
import type { Ctx, Locale } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { toWire, type CampaignId } from '../../platform/ids.ts'
import { enqueueMany } from '../../platform/jobs/index.ts'
import { toMajor } from '../../platform/money.ts'
import { notify, organizationOf } from '../../team/index.ts'
import { budgetedCampaigns, readCampaign } from '../queries.ts'
import { tellBudget } from '../work.ts'
import type { Told } from './tell-author.ts'

/** A campaign is still looked at for so long after its end: its last messages are counted by then. */
const ENDED_SINCE_MS = 24 * 3_600_000
const CAMPAIGNS_MAX = 1_000

/** What a look found to tell of. */
export interface BudgetNews {
  scope: BudgetOwner
  /** Of a campaign's own budget. */
  campaignId: CampaignId | null
  percent: number
  limitMinor: number
  usedMinor: number
}

/** Looks at every budget that is set, and asks for a mail about each that passed a share for the first time. */
export async function watchBudgetsOf(ctx: Ctx): Promise<void> {
  const campaigns = await budgetedCampaigns(
    ctx,
    new Date(ctx.now().getTime() - ENDED_SINCE_MS),
    CAMPAIGNS_MAX,
  )
  const months = await monthUses(ctx, ctx.now())
  if (campaigns.length === 0 && months.length === 0) return
  const perMinor = microsPerMinor((await organizationOf(ctx)).currency)
  const costs = await costsOf(
    ctx,
    campaigns.map(({ id }) => id),
  )
  const uses: BudgetedUse[] = [
    ...campaigns.map(({ id, budgetMinor }) => ({
      subject: campaignSubject(id),
      limitMicros: budgetMinor * perMinor,
      usedMicros: (costs.get(id)?.totalMinor ?? 0) * perMinor,
    })),
    ...months.map(({ scope, month, limitMicros, usedMicros }) => ({
      subject: `${scope}:${month}`,
      limitMicros,
      usedMicros,
    })),
  ]
  const idOf = new Map(campaigns.map(({ id }) => [campaignSubject(id), id]))
  await inTransaction(ctx, async (ctx) => {
    const news = (await noteAlerts(ctx, uses)).map(({ subject, ...alert }) => {
      const campaignId = idOf.get(subject) ?? null
      const scope = BUDGET_SCOPES.find((candidate) => subject.startsWith(`${candidate}:`))
      return { payload: { scope: scope ?? ('campaign' as const), campaignId, ...alert } }
    })
    await enqueueMany(ctx, tellBudget, news)
  })
}

/** Tells the organization's owners how much of a budget is used. */
export async function tellOwnersOfBudget(ctx: Ctx, news: BudgetNews): Promise<void> {
  const { currency } = await organizationOf(ctx)
  const campaign = news.campaignId === null ? null : await readCampaign(ctx, news.campaignId)
  if (news.campaignId !== null && (!campaign || campaign.deletedAt)) return
  const base = ctx.platform.config.publicUrl
  const link = campaign ? `${base}/campaigns/${toWire('campaign', campaign.id)}` : `${base}/settings/prices`
  await notify(ctx, null, (locale) =>
    budgetMail(locale, { ...news, currency, campaign: campaign?.name ?? null, link }),
  )
}

/** In the reader's language, plain. */
function budgetMail(
  locale: Locale,
  news: BudgetNews & { currency: string; campaign: string | null; link: string },
): Told {
  const { scope, percent, currency, link } = news
  const money = (minor: number): string =>
    new Intl.NumberFormat(locale, { style: 'currency', currency }).format(toMajor(minor, currency) ?? 0)
  const [used, limit] = [money(news.usedMinor), money(news.limitMinor)]
  const name = news.campaign?.replaceAll(/\s+/g, ' ') ?? null
  const budget = BUDGETS[locale][scope]
  const isSpent = percent >= 100
  const words = {
    en: {
      subject: name === null ? `${budget}: ${percent} % used` : `“${name}”: ${percent} % of the budget used`,
      what: `${budget}${name === null ? '' : ` of “${name}”`} is ${percent} % used: ${used} of ${limit}.`,
      next: isSpent
        ? 'Nothing more that costs money leaves until it is raised.'
        : 'When it is used up, sending pauses until it is raised.',
    },
    fr: {
      subject:
        name === null ? `${budget} : ${percent} % utilisés` : `« ${name} » : ${percent} % du budget utilisés`,
      what: `${budget}${name === null ? '' : ` de « ${name} »`} est utilisé à ${percent} % : ${used} sur ${limit}.`,
      next: isSpent
        ? 'Rien de payant ne part plus avant qu’il soit relevé.'
        : 'Quand il sera épuisé, l’envoi s’arrêtera jusqu’à ce qu’il soit relevé.',
    },
  }[locale]
  return { subject: words.subject, text: `${words.what} ${words.next}\n\n${link}\n\n— Fanfare` }
}
