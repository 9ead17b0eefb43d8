/**
 * Brings membership of some people in line with the rules: what stands written is read first, whoever it still holds for
 * is left alone, and the others are read and asked in memory. The readings of a rule agree, so that the database is
 * asked only about people who did too much to be read.
 */
import type { Ctx } from '../../platform/context.ts'
import { avoidNestedLoops } from '../../platform/db/index.ts'
import type { ContactId } from '../../platform/ids.ts'
import * as queries from '../queries/membership.ts'
import { NEVER } from '../rules/flips.ts'
import { bothEffects } from '../rules/node.ts'
import { NOBODY, type Person, type PersonEvent } from '../rules/person.ts'
import { type Needs, peopleFor } from './person.ts'

/** People read at once, and rules of one statement of the database. */
const PEOPLE_AT_ONCE = 1_000
const RULES_PER_STATEMENT = 50

/** A rule made ready, with what has to be read for it. */
export interface Evaluated extends queries.RuleOfSegment {
  needs: () => Needs
}

/** Rules that may answer otherwise of somebody: because of these events alone, or null for whatever reason. */
interface Look {
  rules: readonly Evaluated[]
  happened: readonly PersonEvent[] | null
}

/** Who is to be looked at, and for which rules. */
export type Looks = Map<ContactId, Look[]>

/** Has somebody looked at. */
export function addLook(looks: Looks, contactId: ContactId, look: Look): void {
  const others = looks.get(contactId)
  if (others) others.push(look)
  else looks.set(contactId, [look])
}

/** Brings some people's membership in line. @returns who came in and who went out */
export async function evaluatePeople(ctx: Ctx, looks: Looks): Promise<queries.MembershipMove[]> {
  const moves: queries.MembershipMove[] = []
  const all = [...looks]
  for (let at = 0; at < all.length; at += PEOPLE_AT_ONCE)
    moves.push(...(await evaluateSome(ctx, all.slice(at, at + PEOPLE_AT_ONCE))))
  return moves
}

async function evaluateSome(
  ctx: Ctx,
  looks: readonly [ContactId, readonly Look[]][],
): Promise<queries.MembershipMove[]> {
  const lists = new Set(looks.flatMap(([, of]) => of.map(({ rules }) => rules)))
  const standing = await queries.selectStanding(
    ctx,
    [...new Set([...lists].flatMap((rules) => rules.map(({ segmentId }) => segmentId)))],
    looks.map(([id]) => id),
  )
  const asked = new Map<ContactId, Evaluated[]>()
  for (const [id, of] of looks) {
    const rules = of.flatMap(({ rules: all, happened }) =>
      happened === null ? all : all.filter((rule) => !stillHolds(rule, id, happened, standing)),
    )
    if (rules.length > 0) asked.set(id, rules)
  }
  if (asked.size === 0) return []
  const { people, busy } = await peopleFor(
    ctx,
    new Map([...asked].map(([id, rules]) => [id, rules.map(({ needs }) => needs())])),
  )
  const byDatabase = new Map(busy.map((id) => [id, asked.get(id) ?? []]))
  const { moves, wakes } = differencesOf(
    [...asked].filter(([id]) => !byDatabase.has(id)),
    people,
    standing,
    ctx.now(),
  )
  await queries.writeChanges(ctx, moves, wakes)
  return [...moves, ...(await askDatabase(ctx, byDatabase))]
}

/**
 * Does what stands written still hold after some events? It does when these can only make the answer what it is, and
 * when none of them is to be looked at before the time that is noted already.
 */
function stillHolds(
  { segmentId, reading }: Evaluated,
  contactId: ContactId,
  happened: readonly PersonEvent[],
  standing: queries.Standing,
): boolean {
  const effects = happened.map((event) => reading.effectOf(event))
  const effect = bothEffects(effects)
  if (effect === 'none') return true
  if (effect !== (standing.isIn(segmentId, contactId) ? 'yes' : 'no')) return false
  const events = happened
    .filter((_, n) => effects[n] !== 'none')
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())
  return reading.flipsAt({ ...NOBODY, events }) >= (standing.wakeAt(segmentId, contactId) ?? NEVER)
}

/** Asks each of them the rules, and compares with what stands written. Whoever is gone is in no segment. */
function differencesOf(
  asked: readonly [ContactId, readonly Evaluated[]][],
  people: ReadonlyMap<ContactId, Person>,
  standing: queries.Standing,
  now: Date,
): { moves: queries.MembershipMove[]; wakes: queries.Wake[] } {
  const moves: queries.MembershipMove[] = []
  const wakes: queries.Wake[] = []
  for (const [contactId, rules] of asked) {
    const person = people.get(contactId)
    for (const { segmentId, reading } of rules) {
      const isIn = person !== undefined && reading.matches(person)
      if (isIn !== standing.isIn(segmentId, contactId)) moves.push({ segmentId, contactId, isIn })
      const flipsAt = person === undefined ? NEVER : reading.flipsAt(person)
      const wakeAt = flipsAt === NEVER ? undefined : queries.wakeAtOf(flipsAt, now)
      if (wakeAt !== standing.wakeAt(segmentId, contactId))
        wakes.push({ segmentId, contactId, wakeAt: wakeAt === undefined ? null : new Date(wakeAt) })
    }
  }
  return { moves, wakes }
}

/** People who did too much to be read, those with the same rules together. */
async function askDatabase(
  ctx: Ctx,
  asked: ReadonlyMap<ContactId, readonly Evaluated[]>,
): Promise<queries.MembershipMove[]> {
  if (asked.size === 0) return []
  await avoidNestedLoops(ctx)
  const moves: queries.MembershipMove[] = []
  const together = Map.groupBy(asked, ([, rules]) => rules.map(({ segmentId }) => segmentId).join())
  for (const people of together.values()) {
    const rules = people[0]?.[1] ?? []
    const looked = { kind: 'people', ids: people.map(([id]) => id) } as const
    for (let from = 0; from < rules.length; from += RULES_PER_STATEMENT)
      moves.push(...(await queries.evaluate(ctx, rules.slice(from, from + RULES_PER_STATEMENT), looked)))
  }
  return moves
}
