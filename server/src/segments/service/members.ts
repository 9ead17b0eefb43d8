/** People in segments: listing all, and changing lists by hand. Sources: TK-4.2, TK-4.3, DS-SegmentationService */
import { countryOfZone, parseEmail, parsePhone } from '../../contacts/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { audit } from '../../platform/audit/index.ts'
import { announce } from '../../platform/events/index.ts'
import { inTransaction } from '../../platform/db/index.ts'
import type { ContactId, SegmentId } from '../../platform/ids.ts'
import { decodeCursor, encodeCursor } from '../../platform/wire.ts'
import { errors } from '../errors.ts'
import { membersChanged } from '../listeners.ts'
import { deleteMember, insertMembers, selectByAddress, selectExisting } from '../queries/members.ts'
import { countPeople, type ListedPerson, selectPeople } from '../queries/people.ts'
import { selectTimeZone } from '../queries/scope.ts'
import { type StoredSegment, selectSegment, updateSize } from '../queries/segments.ts'
import { readRule } from '../rules/bind.ts'
import type { Rule } from '../rules/rule.ts'
import { refusePersonal } from './personal.ts'
import { needsOf, personFor } from './person.ts'
import { readSaved, scopeFor } from './read.ts'
import { actorOf, lockLive } from './segments.ts'
import { ruleOf } from './size.ts'

/** Longest that a page of people may take to find. */
const PAGE_TIMEOUT_MS = 10_000
/** Longest that counting a list after a change may take. */
const COUNT_TIMEOUT_MS = 5_000

/** What became of the people given for a list. */
export interface MembersAdded {
  added: number
  alreadyIn: number
  /** Addresses that no contact has, as they were given. */
  unknown: string[]
  size: number
}

/** A page of the people in a segment, newest first. @throws segments.not_found, rule_broken, took_too_long */
export async function getSegmentMembers(
  ctx: Ctx,
  id: SegmentId,
  page: { limit: number; cursor?: string | undefined },
): Promise<{ items: ListedPerson[]; nextCursor: string | null }> {
  const stored = await selectSegment(ctx, id)
  if (!stored || stored.deletedAt !== null) throw errors.not_found({ id })
  const reading = await readSaved(ctx, ruleOf(stored))
  const afterId = page.cursor === undefined ? null : contactIdOf(page.cursor)
  const people = await selectPeople(ctx, reading.toSql, { afterId, limit: page.limit + 1 }, PAGE_TIMEOUT_MS)
  if (people === null) throw errors.took_too_long({ id })
  const items = people.slice(0, page.limit)
  const last = items.at(-1)
  return { items, nextCursor: people.length > page.limit && last ? encodeCursor([last.id]) : null }
}

/** Puts one contact on a list. @throws segments.not_found, not_static, contact_not_found */
export async function addUserToSegment(ctx: Ctx, contactId: ContactId, id: SegmentId): Promise<void> {
  await inTransaction(ctx, async (inner) => {
    await lockStatic(inner, id)
    const existing = await selectExisting(inner, [contactId])
    if (existing.length === 0) throw errors.contact_not_found({ contactId })
    const added = await insertMembers(inner, id, existing, actorOf(inner))
    if (added > 0) noteAdded(inner, id, existing, added)
  })
}

/**
 * Puts people on a list, by id or by address; repeating it changes nothing.
 * Outside any transaction, since it counts the list afterwards.
 * @throws segments.not_found, not_static
 */
export async function addMembers(
  ctx: Ctx,
  id: SegmentId,
  given: { contactIds: readonly ContactId[]; addresses: readonly string[] },
): Promise<MembersAdded> {
  const result = await inTransaction(ctx, async (inner) => {
    await lockStatic(inner, id)
    const byAddress = await findByAddress(inner, given.addresses)
    const existing = await selectExisting(inner, [...new Set([...given.contactIds, ...byAddress.ids])])
    const added = await insertMembers(inner, id, existing, actorOf(inner))
    if (added > 0) noteAdded(inner, id, existing, added)
    return { added, alreadyIn: existing.length - added, unknown: byAddress.unknown }
  })
  return { ...result, size: await recount(ctx, id) }
}

/**
 * Takes a contact off a list; repeating it changes nothing. Outside any transaction, since it counts the list.
 * @throws segments.not_found, not_static
 */
export async function removeUserFromSegment(ctx: Ctx, contactId: ContactId, id: SegmentId): Promise<void> {
  await inTransaction(ctx, async (inner) => {
    await lockStatic(inner, id)
    if (!(await deleteMember(inner, id, contactId))) return
    announce(inner, membersChanged, { segmentId: id, contactIds: [contactId] })
    audit(inner, 'segment.member_removed', { kind: 'segment', id }, { contactId })
  })
  await recount(ctx, id)
}

/** Does one contact match a rule? @throws segments.contact_not_found, rule_invalid, property_personal. Source: TK-4.3 */
export async function evaluateCriteria(ctx: Ctx, contactId: ContactId, rule: Rule): Promise<boolean> {
  return inTransaction(ctx, async (inner) => {
    await refusePersonal(inner, { rules: [rule] })
    const scope = await scopeFor(inner, [rule])
    const reading = readRule(rule, scope)
    if (reading.kind === 'refused') throw errors.rule_invalid({}, { problems: reading.problems })
    return reading.value.matches(await personFor(inner, contactId, needsOf(rule, reading.value, scope)))
  })
}

function noteAdded(ctx: Ctx, id: SegmentId, contactIds: ContactId[], count: number): void {
  announce(ctx, membersChanged, { segmentId: id, contactIds })
  audit(ctx, 'segment.members_added', { kind: 'segment', id }, { count })
}

async function lockStatic(ctx: Ctx, id: SegmentId): Promise<StoredSegment> {
  const stored = await lockLive(ctx, id)
  if (stored.kind !== 'static') throw errors.not_static({ id })
  return stored
}

/** A count that takes too long keeps the last figure: the list itself is right. */
async function recount(ctx: Ctx, id: SegmentId): Promise<number> {
  const reading = await readSaved(ctx, ruleOf({ id, rule: null }))
  const count = await countPeople(ctx, reading.toSql, COUNT_TIMEOUT_MS)
  if (count === null) return (await selectSegment(ctx, id))?.size ?? 0
  await updateSize(ctx, id, count)
  return count
}

async function findByAddress(
  ctx: Ctx,
  addresses: readonly string[],
): Promise<{ ids: ContactId[]; unknown: string[] }> {
  const given = addresses.filter((address) => address !== '')
  if (given.length === 0) return { ids: [], unknown: [] }
  const country = countryOfZone(await selectTimeZone(ctx))
  const wanted = given.map((address) => ({ address, stored: storedForm(address, country) }))
  const emails = wanted.flatMap(({ stored }) => (stored?.includes('@') ? [stored] : []))
  const phones = wanted.flatMap(({ stored }) => (stored?.startsWith('+') ? [stored] : []))
  const found = await selectByAddress(ctx, emails, phones)
  const known = new Set(found.flatMap(({ email, phone }) => [email, phone]))
  return {
    ids: found.map(({ id }) => id),
    unknown: wanted
      .filter(({ stored }) => stored === null || !known.has(stored))
      .map(({ address }) => address),
  }
}

/** An address as contacts store it; null when it is none. Numbers without a country are dialled from `country`. */
function storedForm(address: string, country: string | null): string | null {
  const parsed = address.includes('@') ? parseEmail(address) : parsePhone(address, country)
  return parsed.ok ? parsed.value : null
}

function contactIdOf(cursor: string): string {
  const [id] = decodeCursor(cursor) ?? []
  if (typeof id !== 'string' || !/^\d{1,18}$/.test(id)) throw errors.cursor_invalid()
  return id
}
