/** The people behind a number. */
import type { Ctx } from '../platform/context.ts'
import type { CampaignId, ContactId } from '../platform/ids.ts'
import { decodeCursor, encodeCursor } from '../platform/wire.ts'
import { peopleBehind, type LedgerState } from '../tracking/index.ts'
import { lastRunOf, runsOf } from './figure-queries.ts'
import { selectEngaged } from './engagement-queries.ts'
import { ENGAGEMENTS, type Engagement } from './names.ts'
import type { PeopleOf, PersonBehind } from './schema.ts'

export interface PeopleQuestion {
  of: PeopleOf
  reason?: string | undefined
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
  const [cursor] = decodeCursor(question.cursor ?? '') ?? []
  const after = typeof cursor === 'string' && /^\d+$/.test(cursor) ? (cursor as ContactId) : undefined // written below
  const found = isEngagement(question.of)
    ? await engaged(ctx, campaignId, question.of, after, question.limit)
    : await inLedger(ctx, campaignId, question.of, question, after)
  const contacts = await contactsOf(
    ctx,
    found.people.map((person) => person.contactId),
  )
  return {
    items: found.people.map((person) => ({
      ...person,
      ...(contacts.get(person.contactId) ?? { email: null, firstName: null, lastName: null }),
    })),
    nextCursor: found.next === null ? null : encodeCursor([found.next]),
  }
}

type Found = { people: Pick<PersonBehind, 'contactId' | 'reason' | 'at'>[]; next: ContactId | null }

async function engaged(
  ctx: Ctx,
  campaignId: CampaignId,
  engagement: Engagement,
  after: ContactId | undefined,
  limit: number,
): Promise<Found> {
  const ids = await selectEngaged(ctx, await runsOf(ctx, campaignId), engagement, after ?? null, limit + 1)
  const people = ids.slice(0, limit).map((contactId) => ({ contactId, reason: null, at: null }))
  return { people, next: ids.length > limit ? (people.at(-1)?.contactId ?? null) : null }
}

async function inLedger(
  ctx: Ctx,
  campaignId: CampaignId,
  of: LedgerState,
  question: PeopleQuestion,
  after: ContactId | undefined,
): Promise<Found> {
  const runId = await lastRunOf(ctx, campaignId)
  if (runId === null) return { people: [], next: null }
  const { people, next } = await peopleBehind(ctx, runId, {
    states: STATES[of] ?? [of],
    limit: question.limit,
    ...(question.reason === undefined ? {} : { reason: question.reason }),
    ...(after === undefined ? {} : { after }),
  })
  return {
    people: people.map(({ contactId, reason, stateAt }) => ({
      contactId,
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
