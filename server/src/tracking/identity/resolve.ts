/** Whom the messages of a batch are about: loads what the rules need, and writes what they decide. */
import {
  claimNumbers,
  type ContactInput,
  listFields,
  mergeContacts,
  parseEmail,
  parsePhone,
  writePeople,
} from '../../contacts/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { assert } from '../../platform/errors.ts'
import type { ContactId } from '../../platform/ids.ts'
import type { Arrival } from '../intake/arrival.ts'
import type { Properties } from '../intake/message.ts'
import { erasedIds } from './erased.ts'
import { requestMoves } from './move.ts'
import { type Claim, identify, type IdentityPlan, type Known } from './people.ts'
import {
  type KnownIds,
  selectAddresses,
  selectKnownIds,
  selectNamed,
  upsertUsers,
  upsertVisitors,
} from './queries.ts'
import { readTraits } from './traits.ts'

/** What identity does with a message: whom it is about, and what of its traits stays with the event. */
export interface Resolved {
  /** Null when it is about somebody who was erased: nothing of it may be kept. */
  contactId: ContactId | null
  /** Fields of the contact that the traits filled. */
  fields: readonly string[]
  /** The traits without those; null where nothing was said of anybody. */
  traits: Properties | null
}

/** What a message says of whom it is about. */
type Speaker = Pick<
  Arrival,
  'kind' | 'contactId' | 'userId' | 'anonymousId' | 'previousId' | 'email' | 'phone' | 'traits'
>

/** Where contacts come from, as they say it. */
const SOURCE = 'tracking'

/**
 * Resolves messages, in order, inside the present transaction, which holds `lockIdentity`.
 * @param mayMerge  whether the source may join two known people, and replace an address of one
 */
export async function resolveIdentities(
  ctx: Ctx,
  messages: readonly Speaker[],
  mayMerge: boolean,
): Promise<Resolved[]> {
  const ids = await selectKnownIds(ctx, idsOf(messages))
  const erased = ids.hasErased ? await erasedIds(ctx, messages) : NOBODY
  const customKeys = messages.some(({ kind }) => kind === 'identify')
    ? new Set((await listFields(ctx)).map((field) => field.key))
    : new Set<string>()
  const read = messages.map((message) => claimOf(message, customKeys))
  const alive = erased.size === 0 ? read : read.filter((_, i) => !isErased(messages[i], erased))
  const claims = alive.map(({ claim }) => claim)
  const known = await loadKnown(ctx, claims, ids)
  const unknown = claims.filter((claim) => mayBeNew(known, claim)).length
  const numbers = await claimNumbers(ctx, unknown)
  let taken = 0
  const plan = identify(claims, known, {
    mayMerge,
    newNumber: () => {
      const number = numbers[taken++]
      assert(number !== undefined, 'no message needs more than one number')
      return number
    },
  })
  await writePlan(ctx, plan)
  let next = 0
  return read.map(({ fields, traits }, i) => ({
    contactId: isErased(messages[i], erased) ? null : (plan.contactIds[next++] ?? null),
    fields,
    traits,
  }))
}

/** Whether a claim may need a number that nobody has: nobody is known by what it says. */
function mayBeNew(known: Known, { kind, contactId, userId, anonymousId, email, phone }: Claim): boolean {
  if (contactId !== null) return false
  if (userId !== null) return !known.users.has(userId)
  if (kind === 'alias' || email !== null || phone !== null || anonymousId === null) return true
  return !known.visitors.has(anonymousId)
}

const isErased = (message: Speaker | undefined, erased: ReadonlySet<string>): boolean =>
  erased.size > 0 &&
  message !== undefined &&
  ((message.userId !== null && erased.has(`user:${message.userId}`)) ||
    (message.anonymousId !== null && erased.has(`visitor:${message.anonymousId}`)))

/** What a message claims about who is meant. */
function claimOf(
  message: Speaker,
  customKeys: ReadonlySet<string>,
): Omit<Resolved, 'contactId'> & { claim: Claim } {
  const { kind, contactId, userId, anonymousId, previousId, traits } = message
  const claim: Claim = {
    kind: kind === 'alias' || kind === 'identify' ? kind : 'other',
    contactId,
    userId,
    anonymousId,
    previousId,
    email: null,
    phone: null,
    input: null,
  }
  if (kind !== 'identify' && message.email === null && message.phone === null)
    return { claim, fields: NO_FIELDS, traits }
  const read = kind === 'identify' ? readTraits(traits ?? {}, customKeys) : null
  const email = parsed(parseEmail, message.email ?? read?.input.email ?? null)
  const country = read?.input.country ?? null
  const phone = parsed((text) => parsePhone(text, country), message.phone ?? read?.input.phone ?? null)
  const input: ContactInput = {
    ...read?.input,
    ...(email === null ? {} : { email }),
    ...(phone === null ? {} : { phone }),
  }
  return {
    claim: { ...claim, email, phone, input: Object.keys(input).length > 0 ? input : null },
    fields: read?.fields ?? NO_FIELDS,
    traits: read?.rest ?? traits,
  }
}
const NO_FIELDS: readonly string[] = []
const NOBODY: ReadonlySet<string> = new Set()

function parsed(
  parse: (text: string) => { ok: true; value: string } | { ok: false },
  text: string | null,
): string | null {
  const read = text === null ? null : parse(text)
  return read?.ok === true ? read.value : null
}

/** The ids that messages name, each once. */
function idsOf(messages: readonly Speaker[]): { userIds: string[]; anonymousIds: string[] } {
  const [userIds, anonymousIds] = [new Set<string>(), new Set<string>()]
  for (const { userId, anonymousId, previousId } of messages) {
    if (userId !== null) userIds.add(userId)
    if (anonymousId !== null) anonymousIds.add(anonymousId)
    if (previousId !== null) {
      userIds.add(previousId)
      anonymousIds.add(previousId)
    }
  }
  return { userIds: [...userIds], anonymousIds: [...anonymousIds] }
}

async function loadKnown(ctx: Ctx, claims: readonly Claim[], { users, visitors }: KnownIds): Promise<Known> {
  const known: Known = {
    users,
    visitors,
    byEmail: new Map(),
    byPhone: new Map(),
    addresses: new Map(),
    named: new Set(users.values()),
  }
  const [emails, phones] = [new Set<string>(), new Set<string>()]
  let saysMore = false
  for (const { email, phone, input, kind } of claims) {
    if (email !== null) emails.add(email)
    if (phone !== null) phones.add(phone)
    if (input !== null || kind === 'alias') saysMore = true
  }
  // Addresses matter only where somebody says something about a person.
  if (emails.size + phones.size > 0 || saysMore)
    await loadAddresses(ctx, known, claims, [...emails], [...phones])
  return known
}

async function loadAddresses(
  ctx: Ctx,
  known: Known,
  claims: readonly Claim[],
  emails: readonly string[],
  phones: readonly string[],
): Promise<void> {
  const ids = new Set([
    ...known.users.values(),
    ...[...known.visitors.values()].filter(({ isKnown }) => isKnown).map(({ contactId }) => contactId),
    ...claims.flatMap(({ contactId }) => (contactId === null ? [] : [contactId])),
  ])
  const rows = await selectAddresses(ctx, { ids: [...ids], emails, phones })
  for (const { id, email, phone } of rows) {
    known.addresses.set(id, { email, phone })
    if (email !== null) known.byEmail.set(email, id)
    if (phone !== null && !known.byPhone.has(phone)) known.byPhone.set(phone, id)
  }
  for (const { contactId } of await selectNamed(
    ctx,
    rows.map(({ id }) => id),
  ))
    known.named.add(contactId)
}

async function writePlan(ctx: Ctx, plan: IdentityPlan): Promise<void> {
  // Rare, and each its own decision with its own audit entry: an alias of a server, or an address that completes one.
  for (const { keptId, mergedId } of plan.merges) await mergeContacts(ctx, keptId, mergedId)
  if (plan.users.size > 0) await upsertUsers(ctx, plan.users)
  if (plan.visitors.size > 0) await upsertVisitors(ctx, plan.visitors)
  const written = new Map<ContactId, ContactInput>([...plan.born].map((id) => [id, {}]))
  for (const [id, input] of plan.inputs) written.set(id, input)
  if (written.size > 0)
    await writePeople(
      ctx,
      [...written].map(([id, input]) => ({ id, isNew: plan.born.has(id), input })),
      SOURCE,
    )
  await requestMoves(ctx, plan.moves)
}
