/** “Why did I not get it?”, asked of a campaign: of the run that left, or of what a launch would do now. */
import { latestRun, NOTHING_SAID, whyInRun, wouldReach } from '../../delivery/index.ts'
import { getContact } from '../../contacts/index.ts'
import type { Ctx } from '../../platform/context.ts'
import type { CampaignId, ContactId, RunId } from '../../platform/ids.ts'
import { errors } from '../errors.ts'
import { readCampaign, type CampaignRow } from '../queries.ts'
import type { Why } from '../schema.ts'
import { whenForContact } from '../service/planning.ts'

/**
 * How a person stands in a campaign.
 * @throws campaigns.not_found, contacts.not_found, delivery.run_not_found
 * Source: PC-03
 */
export async function whyForContact(
  ctx: Ctx,
  id: CampaignId,
  { contactId, runId }: { contactId: ContactId; runId?: RunId | undefined },
): Promise<Why> {
  const campaign = await readCampaign(ctx, id)
  if (!campaign) throw errors.not_found({ id })
  await getContact(ctx, contactId)
  const asked = runId ?? (await latestRun(ctx, id))?.id ?? null
  if (asked === null) return { runId: null, answers: await whatWouldBe(ctx, campaign, contactId) }
  const answers = await whyInRun(ctx, asked, contactId)
  return { runId: asked, answers: answers.map((answer) => ({ ...answer, sentence: null })) }
}

const NOTHING = { ...NOTHING_SAID, sentence: null }

/** Before the first launch: who is meant, who may be written to, and when that would leave. */
async function whatWouldBe(ctx: Ctx, campaign: CampaignRow, contactId: ContactId): Promise<Why['answers']> {
  const { audience, channels, topic } = campaign
  const judged = await wouldReach(ctx, contactId, { audience, channels, topic, purpose: 'marketing' })
  if (!judged?.isIn) return [{ ...NOTHING, channel: null, kind: 'not_in_audience' }]
  const answers: Why['answers'] = []
  for (const [at, channel] of channels.entries()) {
    const reason = judged.reasons[at] ?? null
    if (reason !== null) {
      answers.push({ ...NOTHING, channel, kind: 'would_not', reason })
      continue
    }
    const when = await whenForContact(ctx, campaign.id, { contactId, channel })
    answers.push({
      ...NOTHING,
      channel,
      kind: when.leavesAt === null ? 'would_not' : 'would_leave',
      reason: when.dropped,
      until: when.leavesAt,
      sentence: when.sentence,
    })
  }
  return answers
}
