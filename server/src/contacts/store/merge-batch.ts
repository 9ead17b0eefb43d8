/**
 * The one way in which people enter: drafts are matched with who is there, each by the policy, and written with two
 * statements whatever their number. Imports, the API and the rooms above all come through here.
 *
 * The decision is made in memory and not in SQL, because the preview of an import must say the very same thing, the
 * undo needs what was there before, and a rule that is a pure function can be tested by properties. Reading 5,000
 * rows costs 1 µs each (measured), and a fresh list reads none.
 */
import type { Ctx } from '../../platform/context.ts'
import { assert } from '../../platform/errors.ts'
import type { ContactId } from '../../platform/ids.ts'
import { type AddressHashes, type ContactContent, type Draft, nameKeys } from './draft.ts'
import { type DraftOutcome, type PersonPlan, type Policy, planPerson } from './policy.ts'
import {
  type ContactWrite,
  type MatchedContact,
  type Origin,
  type PreparedRows,
  type SoughtAddresses,
  insertContacts,
  lockPhoneOnly,
  prepareRows,
  rememberTags,
  selectByAddress,
  selectIdsByAddress,
  updateContacts,
} from './queries.ts'
import { TextTable } from './text-table.ts'

/** Makes the keyed hash of an address; the keys of an organization do. */
export interface AddressHasher {
  addressHashHex(channel: string, normalisedAddress: string): string
}

/** Most drafts of one batch. */
export const BATCH_DRAFTS_MAX = 5_000

/** What became of a batch. */
export interface BatchResult {
  /** Per draft, in their order: whom it is about, and what it did. */
  outcomes: { contactId: ContactId; outcome: DraftOutcome }[]
  created: { id: ContactId; write: ContactWrite }[]
  updated: { before: MatchedContact; write: ContactWrite; changed: readonly string[] }[]
  unchanged: MatchedContact[]
}

/** One person of a batch, with the drafts that speak of them. */
export interface Person {
  email: string | null
  phone: string | null
  drafts: Draft[]
  /** Positions of the drafts in the batch. */
  positions: number[]
}

/** The people of a batch whom nobody knew when it was read ahead, ready to be inserted, and the others. */
export interface ReadAhead {
  newcomers: readonly Newcomer[]
  rows: PreparedRows
  others: readonly Person[]
  expected: Expected
}

/** Whom a batch is expected to bring: people who may be there already, or nobody who is. */
export type Expected = 'anybody' | 'newcomers'

interface Newcomer {
  person: Person
  plan: PersonPlan
  write: ContactWrite
}

/**
 * Does what can be done before the transaction of a batch, so that an import prepares one batch while the database
 * writes another. What is found may be old when the batch is merged, which costs a second look and nothing else: a
 * newcomer whose address was taken since is matched anew, and everybody else is read again under lock. For drafts that
 * all bring an e-mail address: no key would tell that two people known by phone alone are one.
 *
 * @param expected  `newcomers` takes everybody for new by their e-mail without looking (4 µs a row): the insertion meets
 *   whoever is known after all, at the price of doing it twice
 */
export async function readAhead(
  ctx: Ctx,
  drafts: readonly Draft[],
  policy: Policy,
  expected: Expected,
): Promise<ReadAhead> {
  const people = groupByPerson(drafts)
  assert(
    people.every((person) => person.email !== null),
    'people known by phone alone are not read ahead',
  )
  const keys = await ctx.platform.secrets.of(ctx)
  const sought = soughtOf(people)
  const found = await selectIdsByAddress(ctx, expected === 'newcomers' ? { ...sought, emails: [] } : sought)
  const emails = new Set(found.map((contact) => contact.email))
  const phones = new Set(found.filter((contact) => contact.email === null).map((contact) => contact.phone))
  const newcomers: Newcomer[] = []
  const others: Person[] = []
  for (const person of people) {
    if (emails.has(person.email) || (person.phone !== null && phones.has(person.phone))) others.push(person)
    else newcomers.push(newcomerOf(keys, person, planPerson(undefined, person.drafts, policy)))
  }
  return { newcomers, rows: await rowsOf(ctx, newcomers), others, expected }
}

/**
 * Merges drafts into the contacts, inside the present transaction. Each draft has an e-mail address or a phone.
 * Writes no audit, event or undo: that is the caller's, who knows why it happened.
 *
 * @param ahead  what `readAhead` made of these very drafts, if it did
 */
export async function mergeBatch(
  ctx: Ctx,
  drafts: readonly Draft[],
  policy: Policy,
  origin: Origin,
  ahead: ReadAhead | null = null,
): Promise<BatchResult> {
  assert(drafts.length <= BATCH_DRAFTS_MAX, 'a batch of drafts is bounded')
  const keys = await ctx.platform.secrets.of(ctx)
  const result: BatchResult = { outcomes: [], created: [], updated: [], unchanged: [] }
  const people = ahead === null ? groupByPerson(drafts) : ahead.others
  if (people.some((person) => person.email === null)) await lockPhoneOnly(ctx)
  let pending: readonly Person[] =
    ahead === null
      ? people
      : [...people, ...(await insertNewcomers(ctx, ahead.newcomers, ahead.rows, origin, result))]
  // A further round happens only when somebody else added one of these addresses between our read and our insert.
  for (let round = 0; pending.length > 0; round++) {
    assert(round < 3, 'a conflicting address is found by the next read')
    pending = await mergeRound(ctx, pending, policy, origin, keys, result)
  }
  assert(result.outcomes.length === drafts.length, 'every draft has an outcome')
  const tags = tagsOf(result)
  if (tags.length > 0) await rememberTags(ctx, tags, origin.at)
  return result
}

/** Tags that were written, each once. Rows of a file share their lists, so that few lists are looked into. */
function tagsOf({ created, updated }: BatchResult): string[] {
  const lists = new Set<readonly string[]>()
  for (const { write } of created) lists.add(write.content.tags)
  for (const { write } of updated) lists.add(write.content.tags)
  return [...new Set([...lists].flat())]
}

/** @returns the people whose insertion met an address taken in the meantime */
async function mergeRound(
  ctx: Ctx,
  people: readonly Person[],
  policy: Policy,
  origin: Origin,
  keys: AddressHasher,
  result: BatchResult,
): Promise<readonly Person[]> {
  const newcomers: Newcomer[] = []
  const updates: BatchResult['updated'] = []
  for (const { person, present } of await matchPeople(ctx, people, 'lock')) {
    const plan = planPerson(present, person.drafts, policy)
    if (!present) {
      newcomers.push(newcomerOf(keys, person, plan))
      continue
    }
    if (plan.changed.length > 0)
      updates.push({
        before: present,
        write: contactWrite(keys, plan.content, present),
        changed: plan.changed,
      })
    else result.unchanged.push(present)
    settle(result, person, plan, present.id)
  }
  if (updates.length > 0) {
    await updateContacts(
      ctx,
      updates.map((u) => u.before.id),
      updates.map((u) => u.write),
      origin.at,
    )
    result.updated.push(...updates)
  }
  return insertNewcomers(ctx, newcomers, await rowsOf(ctx, newcomers), origin, result)
}

const newcomerOf = (keys: AddressHasher, person: Person, plan: PersonPlan): Newcomer => ({
  person,
  plan,
  write: contactWrite(keys, plan.content),
})

const rowsOf = (ctx: Ctx, newcomers: readonly Newcomer[]): Promise<PreparedRows> =>
  prepareRows(
    ctx,
    newcomers.map(({ write }) => write),
  )

/** @returns the people whose insertion met an address taken in the meantime */
async function insertNewcomers(
  ctx: Ctx,
  newcomers: readonly Newcomer[],
  rows: PreparedRows,
  origin: Origin,
  result: BatchResult,
): Promise<readonly Person[]> {
  if (newcomers.length === 0) return []
  const ids = await insertContacts(ctx, rows, origin)
  const taken: Person[] = []
  newcomers.forEach(({ person, plan, write }, i) => {
    const id = ids[i]
    if (id === undefined) {
      taken.push(person)
      return
    }
    result.created.push({ id, write })
    settle(result, person, plan, id)
  })
  return taken
}

/** A person of a batch and the contact that they are, if any. */
export interface Match {
  person: Person
  present: MatchedContact | undefined
}

/**
 * Finds for each person the contact that they are: by e-mail; by phone only when they bring no e-mail, or when the
 * contact has none and they complete it. The preview of an import matches the same way, without locking.
 */
export async function matchPeople(
  ctx: Ctx,
  people: readonly Person[],
  mode: 'lock' | 'read',
): Promise<Match[]> {
  const present = indexByAddress(await selectByAddress(ctx, soughtOf(people), mode))
  const byContact = new Map<ContactId, Match>()
  const matches: Match[] = []
  for (const person of people) {
    const contact = contactOf(person, present)
    const earlier = contact && byContact.get(contact.id)
    if (earlier && person.email === null) {
      absorb(earlier.person, person)
      continue
    }
    // Two addresses are two people: the second cannot complete a contact that the first has completed.
    const match = { person, present: earlier ? undefined : contact }
    if (match.present) byContact.set(match.present.id, match)
    matches.push(match)
  }
  return matches
}

function soughtOf(people: readonly Person[]): SoughtAddresses {
  const emails: string[] = []
  const phones: string[] = []
  const phonesBesideEmail: string[] = []
  for (const { email, phone } of people) {
    if (email !== null) emails.push(email)
    if (phone !== null) (email === null ? phones : phonesBesideEmail).push(phone)
  }
  return { emails, phones, phonesBesideEmail }
}

interface AddressIndex {
  byEmail: Map<string, MatchedContact>
  byPhone: Map<string, MatchedContact>
  byPhoneWithoutEmail: Map<string, MatchedContact>
}

/** Contacts come by id, so that of several who share a phone the oldest is meant. */
function indexByAddress(contacts: readonly MatchedContact[]): AddressIndex {
  const index: AddressIndex = { byEmail: new Map(), byPhone: new Map(), byPhoneWithoutEmail: new Map() }
  for (const contact of contacts) {
    if (contact.email !== null) index.byEmail.set(contact.email, contact)
    if (contact.phone === null) continue
    if (!index.byPhone.has(contact.phone)) index.byPhone.set(contact.phone, contact)
    if (contact.email === null && !index.byPhoneWithoutEmail.has(contact.phone))
      index.byPhoneWithoutEmail.set(contact.phone, contact)
  }
  return index
}

function contactOf({ email, phone }: Person, index: AddressIndex): MatchedContact | undefined {
  if (email === null) return phone === null ? undefined : index.byPhone.get(phone)
  return index.byEmail.get(email) ?? (phone === null ? undefined : index.byPhoneWithoutEmail.get(phone))
}

/** Drafts by the person whom they are about, in the order of first appearance; matched as contacts are. */
export function groupByPerson(drafts: readonly Draft[]): Person[] {
  const people: Person[] = []
  const byEmail = new TextTable<Person>(drafts.length)
  const byPhone = new TextTable<Person>(drafts.length)
  drafts.forEach((draft, position) => {
    const { email, phone } = draft
    assert(email !== null || phone !== null, 'a draft has an address')
    const samePhone = phone === null ? undefined : byPhone.get(phone)
    const known =
      email === null ? samePhone : (byEmail.get(email) ?? (samePhone?.email === null ? samePhone : undefined))
    const person: Person = known ?? { email, phone, drafts: [draft], positions: [position] }
    if (known) absorb(person, { email, phone, drafts: [draft], positions: [position] })
    else people.push(person)
    if (person.email !== null) byEmail.set(person.email, person)
    if (person.phone !== null && byPhone.get(person.phone) === undefined) byPhone.set(person.phone, person)
  })
  return people
}

function absorb(into: Person, later: Person): void {
  into.email ??= later.email
  into.phone ??= later.phone
  into.drafts.push(...later.drafts)
  into.positions.push(...later.positions)
}

function settle(result: BatchResult, person: Person, plan: PersonPlan, contactId: ContactId): void {
  person.positions.forEach((position, i) => {
    result.outcomes[position] = { contactId, outcome: plan.outcomes[i] ?? 'unchanged' } // as many outcomes as drafts
  })
}

/**
 * A row with its derived columns. Hashes that are known are taken over: those of the draft, when it is stored as it is,
 * and those of the present row for addresses that stay.
 */
export function contactWrite(
  keys: AddressHasher,
  content: Readonly<Draft>,
  present?: MatchedContact,
): ContactWrite {
  return { content, ...(content.hashes ?? hashesOf(keys, content, present)), ...nameKeys(content) }
}

/** The keyed hashes of a person's addresses. */
export function hashesOf(
  keys: AddressHasher,
  { email, phone }: Readonly<Pick<ContactContent, 'email' | 'phone'>>,
  present?: MatchedContact,
): AddressHashes {
  return {
    emailHash:
      present && present.email === email
        ? present.emailHash
        : email === null
          ? null
          : keys.addressHashHex('email', email),
    phoneHash:
      present && present.phone === phone
        ? present.phoneHash
        : phone === null
          ? null
          : keys.addressHashHex('sms', phone),
  }
}
