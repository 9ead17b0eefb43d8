/** The people behind a number. */
import type { Ctx } from '../platform/context.ts'
import type { CampaignId, ContactId, RunId } from '../platform/ids.ts'
import { decodeCursor, encodeCursor } from '../platform/wire.ts'
import { peopleBehind, type LedgerState, type PersonPlace } from '../tracking/index.ts'
import { runsOf } from './figure-queries.ts'
import { selectClickersOf, selectEngaged } from './engagement-queries.ts'
import { ENGAGEMENTS, type Engagement } from './names.ts'
import type { PeopleOf, PersonBehind } from './schema.ts'

export interface PeopleQuestion {
  of: PeopleOf
  reason?: string | undefined
  /** One run; without it the latest for states of the ledger, and all for what people did. */
  runId?: RunId | undefined
  /** All channels when absent. */
  channel?: string | undefined
  /** Of those who clicked: the number of a link. */
  link?: number | undefined
  cursor?: string | undefined
  limit: number
}

/** What a number of a report opens on the screen counts as more than one state of the ledger. */
const STATES: Partial<Record<PeopleOf, readonly LedgerState[]>> = { delivered: ['sent', 'delivered'] }

/** A page of people, in order of their ids. Those erased since are named by nothing. Source: CS-017.5 */
export async function peopleOf(
  ctx: Ctx,
  campaignId: CampaignId,
  question: PeopleQuestion,
): Promise<{ items: PersonBehind[]; nextCursor: string | null }> {
  const [key, channel] = decodeCursor(question.cursor ?? '') ?? []
  const contactId = typeof key === 'string' && /^\d+$/.test(key) ? (key as ContactId) : undefined // written below
  const found = isEngagement(question.of)
    ? await engaged(ctx, campaignId, question.of, question, contactId)
    : await inLedger(
        ctx,
        campaignId,
        question.of,
        question,
        contactId && typeof channel === 'string' ? { contactId, channel } : undefined,
      )
  const contacts = await contactsOf(
    ctx,
    found.people.map((person) => person.contactId),
  )
  return {
    items: found.people.map((person) => ({
      ...person,
      ...(contacts.get(person.contactId) ?? { email: null, firstName: null, lastName: null }),
    })),
    nextCursor: found.next === null ? null : encodeCursor([found.next.contactId, found.next.channel ?? '']),
  }
}

type Found = {
  people: Pick<PersonBehind, 'contactId' | 'channel' | 'reason' | 'at'>[]
  next: { contactId: ContactId; channel: string | null } | null
}

async function engaged(
  ctx: Ctx,
  campaignId: CampaignId,
  engagement: Engagement,
  { channel, limit, link, runId }: Pick<PeopleQuestion, 'channel' | 'limit' | 'link' | 'runId'>,
  after: ContactId | undefined,
): Promise<Found> {
  const page = { channel: channel ?? null, after: after ?? null, limit: limit + 1 }
  const known = await runsOf(ctx, campaignId)
  const runs = runId === undefined ? known : known.filter((one) => one === runId)
  const ids = await (engagement === 'clicked' && link !== undefined
    ? selectClickersOf(ctx, runs, link, page)
    : selectEngaged(ctx, runs, engagement, page))
  const people = ids
    .slice(0, limit)
    .map((contactId) => ({ contactId, channel: null, reason: null, at: null }))
  return { people, next: ids.length > limit ? (people.at(-1) ?? null) : null }
}

async function inLedger(
  ctx: Ctx,
  campaignId: CampaignId,
  of: LedgerState,
  question: PeopleQuestion,
  after: PersonPlace | undefined,
): Promise<Found> {
  const known = await runsOf(ctx, campaignId)
  const runId = question.runId === undefined ? known.at(-1) : known.find((one) => one === question.runId)
  if (runId === undefined) return { people: [], next: null }
  const { people, next } = await peopleBehind(ctx, runId, {
    states: STATES[of] ?? [of],
    limit: question.limit,
    reason: question.reason,
    channel: question.channel,
    after,
  })
  return {
    people: people.map(({ contactId, channel, reason, stateAt }) => ({
      contactId,
      channel,
      reason: reason === '' ? null : reason,
      at: stateAt,
    })),
    next,
  }
}

const isEngagement = (of: PeopleOf): of is Engagement => (ENGAGEMENTS as readonly string[]).includes(of)

async function contactsOf(
  ctx: Ctx,
  ids: readonly ContactId[],
): Promise<Map<ContactId, Pick<PersonBehind, 'email' | 'firstName' | 'lastName'>>> {
  const rows = await ctx.db.named<{
    id: ContactId
    email: string | null
    firstName: string | null
    lastName: string | null
  }>(
    'analytics_people_names',
    'select id, email, first_name, last_name from contact where org_id = $1 and id = any($2::bigint[])',
    [ctx.orgId, ids],
  )
  return new Map(rows.map(({ id, ...contact }) => [id, contact]))
}
