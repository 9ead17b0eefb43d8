/** Contacts as rules see them: gathers what the rules' clauses look at, and nothing else. */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId, SegmentId } from '../../platform/ids.ts'
import type { SendChannel, SendPurpose } from '../../consent/index.ts'
import { errors } from '../errors.ts'
import { selectExisting } from '../queries/members.ts'
import * as queries from '../queries/person.ts'
import type { Reading } from '../rules/bind.ts'
import { type Clause, kindOf } from '../rules/clauses/index.ts'
import { reachableKey } from '../rules/clauses/reachable.ts'
import { NOBODY, type Person } from '../rules/person.ts'
import { clausesOf, type Rule } from '../rules/rule.ts'
import type { Scope } from '../rules/scope.ts'
import type { EventsRead } from '../rules/sql-text.ts'
import { segmentsNamedBy } from './read.ts'

/** Events of one contact that the answer to a single question looks at: the newest. */
const EVENTS_OF_ONE_MAX = 20_000
/** Events of each contact, where many are read at once. */
const EVENTS_OF_EACH_MAX = 500

/** What a rule looks at, those that it refers to included. */
export interface Needs {
  /** By the names of `Touch`, as the clauses give them. */
  touches: ReadonlySet<string>
  lists: readonly SegmentId[]
  runs: ReturnType<typeof runsOf>
  reachable: ReadonlyMap<string, { channel: SendChannel; purpose: SendPurpose }>
  events: readonly EventsRead[]
}

/** What a rule that has been given its scope looks at. */
export function needsOf(rule: Rule, reading: Reading, scope: Scope): Needs {
  const { clauses, lists } = everyClause(rule, scope)
  return {
    touches: new Set<string>(clauses.flatMap((clause) => kindOf(clause).touches(clause))),
    lists,
    runs: runsOf(clauses, scope),
    reachable: new Map(
      clauses
        .flatMap((clause) => kindOf(clause).reachable?.(clause) ?? [])
        .map((question) => [reachableKey(question.channel, question.purpose), question]),
    ),
    events: reading.eventsRead(),
  }
}

const runsOf = (clauses: readonly Clause[], { campaigns }: Scope) =>
  clauses
    .flatMap((clause) => kindOf(clause).campaigns?.(clause) ?? [])
    .flatMap((id) => campaigns.get(id)?.runIds ?? [])

/** The rule's clauses, those of the segments that it refers to, and the lists among these. */
function everyClause(rule: Rule, scope: Scope): { clauses: Clause[]; lists: SegmentId[] } {
  const clauses: Clause[] = []
  const lists: SegmentId[] = []
  const seen = new Set<SegmentId>()
  const add = (part: Rule): void => {
    clauses.push(...clausesOf(part))
    for (const id of segmentsNamedBy(part)) {
      const shape = scope.segments.get(id)
      if (shape === undefined || seen.has(id)) continue
      seen.add(id)
      if (shape.kind === 'static') lists.push(id)
      else add(shape.rule)
    }
  }
  add(rule)
  return { clauses, lists }
}

/**
 * Reads a contact for a rule. Inside a transaction, so that all parts are of one moment.
 * @throws segments.contact_not_found
 */
export async function personFor(ctx: Ctx, contactId: ContactId, needs: Needs): Promise<Person> {
  const people = await readPeople(ctx, new Map([[contactId, [needs]]]), EVENTS_OF_ONE_MAX)
  const person = people.get(contactId)
  if (!person) throw errors.contact_not_found({ contactId })
  return person
}

/**
 * Reads contacts, each for rules of its own, in a few statements whatever the number of people and rules. Inside a
 * transaction.
 * @returns without those who are gone; `busy` are those who did too much to be read
 */
export async function peopleFor(
  ctx: Ctx,
  asked: ReadonlyMap<ContactId, readonly Needs[]>,
): Promise<{ people: ReadonlyMap<ContactId, Person>; busy: readonly ContactId[] }> {
  const people = await readPeople(ctx, asked, EVENTS_OF_EACH_MAX + 1)
  const busy = [...people.values()]
    .filter(({ events }) => events.length > EVENTS_OF_EACH_MAX)
    .map(({ id }) => id)
  return { people, busy }
}

async function readPeople(
  ctx: Ctx,
  asked: ReadonlyMap<ContactId, readonly Needs[]>,
  eventsMax: number,
): Promise<ReadonlyMap<ContactId, Person>> {
  const all = new Set([...asked.values()].flat())
  const whose = (is: (needs: Needs) => boolean): ContactId[] => {
    const having = new Set([...all].filter(is))
    if (having.size === 0) return []
    return [...asked].flatMap(([id, needs]) => (needs.some((one) => having.has(one)) ? [id] : []))
  }
  const read = async <R extends { contactId: ContactId }>(
    is: (needs: Needs) => boolean,
    select: (ids: readonly ContactId[]) => Promise<readonly R[]>,
  ): Promise<ReadonlyMap<ContactId, readonly R[]>> => {
    const ids = whose(is)
    return ids.length === 0 ? new Map() : Map.groupBy(await select(ids), ({ contactId }) => contactId)
  }
  const union = <T>(of: (needs: Needs) => readonly T[]): T[] => [...new Set([...all].flatMap(of))]
  const looksAt =
    (...touches: readonly string[]) =>
    (needs: Needs): boolean =>
      touches.some((touch) => needs.touches.has(touch))

  // Most rules look at what people did, and for those it is enough to know that there still is such a person.
  const rows = new Map<ContactId, queries.PersonRow>()
  for (const row of await queries.selectPeople(ctx, whose(hasFields))) rows.set(row.id, row)
  for (const id of await selectExisting(
    ctx,
    whose((needs) => !hasFields(needs)),
  ))
    if (!rows.has(id)) rows.set(id, { ...NOBODY, id })
  const reads = eventsOf(all)
  const events = await read(
    (needs) => needs.events.length > 0,
    (ids) => queries.selectEvents(ctx, ids, reads, eventsMax),
  )
  const profiles = await read(looksAt('profile:activity', 'profile:money'), (ids) =>
    queries.selectProfiles(ctx, ids),
  )
  const engagement = await read(looksAt('engagement'), (ids) => queries.selectEngagement(ctx, ids))
  const campaigns = await read(
    ({ runs }) => runs.length > 0,
    (ids) =>
      queries.selectCampaignEngagement(
        ctx,
        ids,
        union(({ runs }) => runs),
      ),
  )
  const lists = await read(
    (needs) => needs.lists.length > 0,
    (ids) =>
      queries.selectMemberships(
        ctx,
        ids,
        union((needs) => needs.lists),
      ),
  )
  const preferences = await read(looksAt('consent'), (ids) => queries.selectPreferences(ctx, ids))
  const suppressions = await read(
    ({ reachable }) => reachable.size > 0,
    (ids) => queries.selectSuppressionEnds(ctx, ids),
  )
  const reachable = await reachableOf(ctx, all, whose)
  return new Map(
    [...rows].map(([id, row]) => [
      id,
      {
        ...row,
        segmentIds: new Set(lists.get(id)?.map(({ segmentId }) => segmentId)),
        events: events.get(id)?.[0]?.events ?? [],
        profile: profiles.get(id)?.[0] ?? null,
        engagement: engagement.get(id) ?? [],
        campaigns: new Map(campaigns.get(id)?.map(({ campaignId, ...deeds }) => [campaignId, deeds])),
        preferences: preferences.get(id) ?? [],
        suppressionEnds: suppressions.get(id)?.[0] ?? NOBODY.suppressionEnds,
        reachable: reachable.get(id) ?? NOBODY.reachable,
      },
    ]),
  )
}

const hasFields = ({ touches }: Needs): boolean => [...touches].some((touch) => touch.startsWith('field:'))

/** What all of them read of the log, by type: from the earliest instant, and whole if anybody reads it whole. */
function eventsOf(all: ReadonlySet<Needs>): ReadonlyMap<string, Omit<EventsRead, 'types'>> {
  const reads = new Map<string, Omit<EventsRead, 'types'>>()
  for (const { types, from, isWhole } of [...all].flatMap(({ events }) => events))
    for (const type of types) {
      const other = reads.get(type) ?? { from, isWhole }
      reads.set(type, {
        from: from === null || other.from === null ? null : from < other.from ? from : other.from,
        isWhole: isWhole || other.isWhole,
      })
    }
  return reads
}

/** A handful of channels and purposes at most, whatever the number of rules. */
async function reachableOf(
  ctx: Ctx,
  all: ReadonlySet<Needs>,
  whose: (is: (needs: Needs) => boolean) => ContactId[],
): Promise<ReadonlyMap<ContactId, ReadonlySet<string>>> {
  const found = new Map<ContactId, Set<string>>()
  for (const [key, question] of new Map([...all].flatMap(({ reachable }) => [...reachable])))
    for (const id of await queries.selectReachable(
      ctx,
      whose(({ reachable }) => reachable.has(key)),
      question,
    ))
      found.set(id, (found.get(id) ?? new Set()).add(key))
  return found
}
