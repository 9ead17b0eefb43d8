/** The proof of one person's consent: what they said with the words they saw, what was sent, what was left out and why. */
import { verifyAudit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import type { CampaignId, ContactId } from '../../platform/ids.ts'
import { messagesOf } from '../../tracking/index.ts'
import type { ConsentOverview } from '../schema.ts'
import { consentOf } from '../preferences/overview.ts'
import { campaignNames } from './campaign-names.ts'

const MESSAGES_PER_PAGE = 100
/** Messages in one proof: years of daily mail. */
const MESSAGE_PAGES_MAX = 50

type WithCampaign<T> = T & { campaignName: string | null }
type Message = Awaited<ReturnType<typeof messagesOf>>['items'][number]

/** Everything that proves it, oldest first. */
export interface Proof {
  contactId: ContactId
  createdAt: Date
  consents: WithCampaign<ConsentOverview['history'][number]>[]
  preferences: ConsentOverview['preferences']
  suppressions: ConsentOverview['suppressions']
  messages: WithCampaign<Message>[]
  /** True when there were more messages than one proof holds. */
  messagesOmitted: boolean
  auditChain: { verdict: 'ok' | 'broken'; entries: number }
}

/** Gathers the proof. @throws consent.contact_not_found Source: MA-9.4, PC-10 */
export async function proofOf(ctx: Ctx, contactId: ContactId): Promise<Proof> {
  const { history, preferences, suppressions } = await consentOf(ctx, contactId)
  const messages: Message[] = []
  let cursor: string | undefined
  for (let pages = 0; pages < MESSAGE_PAGES_MAX; pages++) {
    const { items, nextCursor } = await messagesOf(ctx, contactId, { limit: MESSAGES_PER_PAGE, cursor })
    messages.push(...items)
    cursor = nextCursor ?? undefined
    if (cursor === undefined) break
  }
  const ids = [
    ...history.flatMap(({ campaignId }) => campaignId ?? []),
    ...messages.map(({ campaignId }) => campaignId),
  ]
  const names = await campaignNames(ctx, [...new Set(ids)])
  const named = <T extends { campaignId: CampaignId | null }>(entry: T): WithCampaign<T> => ({
    ...entry,
    campaignName: entry.campaignId === null ? null : (names.get(entry.campaignId) ?? null),
  })
  const verdict = await verifyAudit(ctx)
  return {
    contactId,
    preferences,
    suppressions,
    consents: history.map(named),
    createdAt: ctx.now(),
    messages: messages.toReversed().map(named),
    messagesOmitted: cursor !== undefined,
    auditChain: { verdict: verdict.intact ? 'ok' : 'broken', entries: verdict.entries },
  }
}
