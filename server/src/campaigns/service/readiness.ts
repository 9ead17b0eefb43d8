/** May a campaign leave, and what would happen if it did. */
import { preflightMail, preflightMessage } from '../../content/index.ts'
import { liveTopics, textIn } from '../../consent/index.ts'
import { BUDGETS, currentOutlet, estimateRun, whyChannelRests, type RunTiming } from '../../delivery/index.ts'
import type { Ctx, Locale } from '../../platform/context.ts'
import type { CampaignId } from '../../platform/ids.ts'
import { dateInWords, labelled } from '../../platform/in-words.ts'
import { experimentOf } from '../../experiments/index.ts'
import { describeAudience } from '../../segments/index.ts'
import { organizationOf } from '../../team/index.ts'
import { contentOfVariant } from '../ab-test/variant-content.ts'
import { errors } from '../errors.ts'
import { readCampaign, type CampaignRow } from '../queries.ts'
import { eventOf, messageOf, runTiming } from '../rules.ts'
import { triggerProblems } from '../triggered/checks.ts'
import { triggerSentence } from '../triggered/words.ts'
import { refuseGiven } from './given-questions.ts'
import { costAmount, forecastOf, type Forecast } from './forecast.ts'
import { launchMessages } from './launch-messages.ts'
import type { z } from 'zod'
import type { routes } from '../schema.ts'

export type LaunchSummary = z.output<(typeof routes)['GET /api/campaigns/:id/launch-summary']['ok']>
type Check = LaunchSummary['checks'][number]
type Estimate = LaunchSummary['estimate']

/** Everything that a launch would do, with what speaks against it. Source: CS-002, FR-002.5, FR-003.7 */
export async function launchSummary(ctx: Ctx, id: CampaignId): Promise<LaunchSummary> {
  const campaign = await readCampaign(ctx, id)
  if (!campaign) throw errors.not_found({ id })
  const estimate = await estimateAudience(ctx, campaign, leavingOf(ctx, campaign))
  // How many events will set it off nobody knows.
  const forecast = campaign.delivery === 'triggered' ? null : await forecastOf(ctx, campaign, estimate)
  const checks = [
    ...(await contentChecks(ctx, campaign)),
    ...(await planChecks(ctx, campaign, estimate)),
    ...(forecast ? budgetChecks(ctx, forecast) : []),
  ]
  return {
    sentence: await sentenceFor(ctx, campaign, estimate),
    estimate,
    checks,
    ready: checks.every((check) => check.level !== 'block'),
    cost:
      forecast && forecast.costMicros > 0
        ? { amount: costAmount(forecast.costMicros, forecast.currency), currency: forecast.currency }
        : null,
    notice: await noticeOf(ctx, campaign),
  }
}

/** Where mails go that reach nobody. */
async function noticeOf(ctx: Ctx, { channels }: Pick<CampaignRow, 'channels'>): Promise<string | null> {
  const { mailStaysHere, sampleStays } = launchMessages[ctx.locale]
  if ((await organizationOf(ctx)).isSample)
    return ctx.platform.config.mailStaysHere ? mailStaysHere : sampleStays
  const stays = channels.includes('email') && (await currentOutlet(ctx)).kind === 'mailbox'
  return stays ? mailStaysHere : null
}

/** Who of an audience would get a message, and why the others not; with its start given, also who would be hindered then. */
export function estimateAudience(
  ctx: Ctx,
  { audience, channels, reach, topic }: Pick<CampaignRow, 'audience' | 'channels' | 'reach' | 'topic'>,
  leaving?: Leaving,
): Promise<Estimate> {
  const question = { audience, channels, reach, topic, purpose: 'marketing' as const }
  return estimateRun(ctx, leaving ? { ...question, leaving } : question)
}

/** The same of an audience that the caller has given. @throws segments.property_personal */
export async function estimateGiven(
  ctx: Ctx,
  question: Parameters<typeof estimateAudience>[1],
  at: Date,
): Promise<Estimate> {
  await refuseGiven(ctx, question)
  return estimateAudience(ctx, question, { at, timing: {} })
}

interface Leaving {
  at: Date
  timing: Partial<RunTiming>
}

/** When it would leave: as planned, or now. People who set it off come one by one: nothing is known of their hours yet. */
function leavingOf(ctx: Ctx, campaign: CampaignRow): Leaving | undefined {
  if (campaign.delivery === 'triggered') return undefined
  const at = campaign.scheduledAt ?? ctx.now()
  const wall = campaign.schedule?.clock === 'recipient' ? campaign.plannedFor : null
  return { at, timing: runTiming(campaign, at, wall) }
}

/**
 * Refuses what must not leave. The size of the audience is not asked for again here: an empty one completes at once.
 * @throws campaigns.not_ready with each blocking point
 */
export async function assertReady(ctx: Ctx, campaign: CampaignRow): Promise<void> {
  const blocking = [
    ...(await contentChecks(ctx, campaign)),
    ...(await planChecks(ctx, campaign, null)),
  ].filter((check) => check.level === 'block')
  if (blocking.length === 0) return
  throw errors.not_ready(
    { id: campaign.id, checks: blocking.map((check) => check.id) },
    { problems: blocking.map(({ field, message }) => ({ path: field, message })) },
  )
}

/** What speaks against the words of each channel that is used, in every variant of a test that would begin. */
async function contentChecks(ctx: Ctx, campaign: CampaignRow): Promise<Check[]> {
  const test = await experimentOf(ctx, campaign.id)
  if (test?.state !== 'draft') return checksOf(ctx, campaign, campaign.content)
  const checks: Check[] = []
  for (const variant of test.variants) {
    if (variant.isControl) continue
    const found = await checksOf(ctx, campaign, contentOfVariant(campaign.content, variant))
    const name = variant.name
    checks.push(
      ...(variant.content === null
        ? found
        : found.map((check) => ({ ...check, message: labelled(ctx.locale, name, check.message) }))),
    )
  }
  return checks
}

async function checksOf(
  ctx: Ctx,
  campaign: Pick<CampaignRow, 'channels' | 'delivery' | 'trigger'>,
  content: CampaignRow['content'],
): Promise<Check[]> {
  const takes = { event: eventOf(campaign) }
  const { channelTitles } = launchMessages[ctx.locale]
  const checks: Check[] = []
  for (const channel of campaign.channels) {
    const found =
      channel === 'email'
        ? await preflightMail(ctx, content.email, takes)
        : await preflightMessage(ctx, messageOf(content, channel), takes)
    checks.push(
      ...found.map((check) => ({
        ...check,
        field: `content.${channel}.${check.field}`,
        // Several channels are empty in the same words.
        message:
          campaign.channels.length > 1
            ? labelled(ctx.locale, channelTitles[channel], check.message)
            : check.message,
      })),
    )
  }
  return checks
}

async function planChecks(ctx: Ctx, campaign: CampaignRow, estimate: Estimate | null): Promise<Check[]> {
  const text = launchMessages[ctx.locale]
  const checks: Check[] = []
  const { include } = campaign.audience
  if (include.segmentIds.length === 0 && include.rule === null)
    checks.push(check('audience_chosen', 'block', 'audience', text.audienceMissing, text.audienceMissingHint))
  else if (estimate && estimate.recipients === 0)
    checks.push(
      check(
        'audience_reachable',
        // Whoever sets it off may come later.
        campaign.delivery === 'triggered' ? 'warn' : 'block',
        'audience',
        text.audienceEmpty,
        text.audienceEmptyHint,
      ),
    )
  checks.push(...(await topicChecks(ctx, campaign)))
  for (const channel of campaign.channels) {
    if ((await whyChannelRests(ctx, channel)) === null) continue
    const name = text.channels[channel]
    checks.push(
      check('channel_available', 'block', 'channels', text.channelMissing(name), text.channelMissingHint),
    )
  }
  if (campaign.delivery === 'triggered') {
    const test = await experimentOf(ctx, campaign.id)
    for (const { id, field } of await triggerProblems(
      ctx,
      campaign.trigger,
      test?.state === 'draft' || test?.state === 'running' ? test.settings : null,
    ))
      checks.push(check(id, 'block', field, text.trigger[id].message, text.trigger[id].hint))
  }
  return checks
}

const check = (
  id: Check['id'],
  level: Check['level'],
  field: string,
  message: string,
  hint: string | null,
): Check => ({
  id,
  level,
  field,
  line: null,
  column: null,
  key: `campaigns.checks.${id}`,
  params: {},
  message,
  hint,
})

/** Budgets that do not pay for everybody: it may leave, and will rest on its way. */
function budgetChecks({ locale }: Ctx, { currency, short }: Forecast): Check[] {
  if (short === null) return []
  const money = (micros: number): string =>
    new Intl.NumberFormat(locale, { style: 'currency', currency }).format(costAmount(micros, currency))
  const text = launchMessages[locale]
  const budget = BUDGETS[locale][short.scope]
  return [
    check(
      'budget_enough',
      'warn',
      'budget',
      text.budgetShort(budget, money(short.costMicros), money(short.leftMicros)),
      text.budgetShortHint,
    ),
  ]
}

/** People can only leave a topic that they are shown: it must be offered, on each channel that it goes out on. */
async function topicChecks(
  ctx: Ctx,
  { topic: key, channels }: Pick<CampaignRow, 'topic' | 'channels'>,
): Promise<Check[]> {
  if (key === null) return []
  const text = launchMessages[ctx.locale]
  const topic = (await liveTopics(ctx)).find((candidate) => candidate.key === key)
  if (!topic) return [check('topic_offered', 'block', 'topic', text.topicMissing(key), text.topicMissingHint)]
  const name = textIn(topic.name, ctx.locale) ?? key
  return channels
    .filter((channel) => channel !== 'webhook' && !topic.channels.includes(channel))
    .map((channel) =>
      check(
        'topic_channel',
        'warn',
        'topic',
        text.topicNotOn(name, text.channels[channel]),
        text.topicNotOnHint,
      ),
    )
}

/** What a launch would do; of one that events set off: what would be done from then on. */
async function sentenceFor(ctx: Ctx, campaign: CampaignRow, estimate: Estimate): Promise<string> {
  // A sentence of its own, that stands in brackets here.
  const audience = (await describeAudience(ctx, campaign.audience, ctx.locale)).replace(/\.$/, '')
  if (campaign.delivery === 'scheduled') return sentenceOf(ctx, campaign, estimate, audience)
  const text = launchMessages[ctx.locale]
  return text.triggered({
    name: campaign.name,
    channels: channelNames(ctx.locale, campaign),
    audience,
    trigger: campaign.trigger && (await triggerSentence(ctx, campaign.trigger)),
  })
}

const channelNames = (locale: Locale, { reach, channels }: CampaignRow): string =>
  new Intl.ListFormat(locale, { type: reach === 'first' ? 'disjunction' : 'conjunction' }).format(
    channels.map((channel) => launchMessages[locale].channels[channel]),
  )

function sentenceOf(ctx: Ctx, campaign: CampaignRow, estimate: Estimate, audience: string): string {
  const { locale } = ctx
  const people = new Intl.NumberFormat(locale).format(estimate.recipients)
  const when =
    campaign.schedule && campaign.status !== 'running'
      ? {
          at: dateInWords(locale, campaign.scheduledAt ?? ctx.now(), {
            dateStyle: 'full',
            timeStyle: 'short',
            timeZone: campaign.schedule.timeZone,
          }),
          timeZone: campaign.schedule.timeZone,
        }
      : null
  return launchMessages[locale].sentence({
    name: campaign.name,
    people,
    channels: channelNames(locale, campaign),
    plural: new Intl.PluralRules(locale).select(estimate.recipients),
    audience,
    when,
  })
}
