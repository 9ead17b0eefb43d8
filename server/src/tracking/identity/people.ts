/**
 * Who is meant: from the ids in messages to one number per person. Pure; what it needs to know is loaded before, what
 * it decides is written after.
 *
 * The rules, in the order in which they speak:
 * - A user id names a person for good. One seen for the first time joins the contact who has the address it comes with,
 *   else the visitor who brings it, else a new person.
 * - A device follows the last person who used it. What a nameless visitor did before becomes that person's; what a
 *   known person did there stays theirs, and the two are never made one.
 * - Two people who are both known by a user id are made one only by an explicit `alias` of a server.
 * - A key that stands in a page for all to read may say that it is anybody: it makes no two people one, and replaces no
 *   address or telephone number that messages go to.
 */
import type { ContactId } from '../../platform/ids.ts'
import type { ContactInput } from '../../contacts/index.ts'

/** A browser or device, and whose it is. */
export interface Visitor {
  contactId: ContactId
  /** False while nobody has said who it is. */
  isKnown: boolean
}

/** What is known before a batch. Changed while it is walked through. */
export interface Known {
  users: Map<string, ContactId>
  visitors: Map<string, Visitor>
  /** Contacts by their addresses, in stored form. */
  byEmail: Map<string, ContactId>
  byPhone: Map<string, ContactId>
  /** The addresses of contacts that may be met. A number without an entry has no contact. */
  addresses: Map<ContactId, { email: string | null; phone: string | null }>
  /** Contacts who have a user id. */
  named: Set<ContactId>
}

/** What a message says about who is meant. */
export interface Claim {
  kind: 'alias' | 'identify' | 'other'
  /** Given by our own id: it exists. */
  contactId: ContactId | null
  userId: string | null
  anonymousId: string | null
  previousId: string | null
  email: string | null
  phone: string | null
  /** What to write about the person; null for messages that say nothing about them. */
  input: ContactInput | null
}

/** What a batch comes to. */
export interface IdentityPlan {
  /** Per claim, in their order. */
  contactIds: ContactId[]
  users: Map<string, ContactId>
  visitors: Map<string, Visitor>
  /** Numbers that become contacts. */
  born: Set<ContactId>
  inputs: Map<ContactId, ContactInput>
  /** Numbers whose events belong to another from now on. */
  moves: { fromId: ContactId; toId: ContactId }[]
  /** Contacts to be made one. */
  merges: { keptId: ContactId; mergedId: ContactId }[]
}

/**
 * Decides whom each message is about, in order.
 * @param mayMerge  whether two people who are both known may be made one, and their addresses be replaced: a key that
 *   stands in a page for all to read must not
 * @param newNumber  gives a number that nobody has
 */
export function identify(
  claims: readonly Claim[],
  known: Known,
  { mayMerge, newNumber }: { mayMerge: boolean; newNumber: () => ContactId },
): IdentityPlan {
  const plan: IdentityPlan = {
    contactIds: [],
    users: new Map(),
    visitors: new Map(),
    born: new Set(),
    inputs: new Map(),
    moves: [],
    merges: [],
  }
  const replaced = new Map<ContactId, ContactId>()
  const present = (id: ContactId): ContactId => {
    let end = id
    for (let next = replaced.get(end); next !== undefined; next = replaced.get(end)) end = next
    return end
  }

  const presentOf = (id: ContactId | undefined): ContactId | undefined => id && present(id)

  const setUser = (userId: string, contactId: ContactId): void => {
    known.users.set(userId, contactId)
    plan.users.set(userId, contactId)
    known.named.add(contactId)
  }
  const setVisitor = (anonymousId: string, visitor: Visitor): void => {
    known.visitors.set(anonymousId, visitor)
    plan.visitors.set(anonymousId, visitor)
  }
  const bear = (id: ContactId): ContactId => {
    plan.born.add(id)
    known.addresses.set(id, { email: null, phone: null })
    return id
  }
  /**
   * From now on one number stands for both. Who is a contact already stays one: nobody can be merged into a contact
   * that is yet to be written.
   * @returns the number that stays
   */
  const unite = (a: ContactId, b: ContactId): ContactId => {
    const [goes, stays] = plan.born.has(b) && !plan.born.has(a) ? [b, a] : [a, b]
    replaced.set(goes, stays)
    for (const [userId, id] of known.users) if (id === goes) setUser(userId, stays)
    for (const [anonymousId, visitor] of known.visitors)
      if (visitor.contactId === goes) setVisitor(anonymousId, { contactId: stays, isKnown: true })
    if (known.named.has(goes)) known.named.add(stays)
    const [lost, kept] = [known.addresses.get(goes), known.addresses.get(stays)]
    const isBorn = plan.born.delete(goes)
    const { email, ...rest } = plan.inputs.get(goes) ?? {}
    plan.inputs.delete(goes)
    const takesEmail = isBorn && email !== undefined && kept?.email === null
    plan.inputs.set(stays, {
      ...joined(rest, plan.inputs.get(stays) ?? {}),
      ...(takesEmail ? { email } : {}),
    })
    if (kept) {
      kept.email ??= lost?.email ?? null
      kept.phone ??= lost?.phone ?? null
    }
    // Never written as a contact: only what stands in the log under its number has to follow.
    if (isBorn) plan.moves.push({ fromId: goes, toId: stays })
    else plan.merges.push({ keptId: stays, mergedId: goes })
    return stays
  }
  /** The device follows the person; what a nameless visitor did there follows too. */
  const follow = (anonymousId: string | null, contactId: ContactId): void => {
    if (anonymousId === null) return
    const visitor = known.visitors.get(anonymousId)
    if (visitor?.contactId === contactId && visitor.isKnown) return
    if (visitor && !visitor.isKnown && visitor.contactId !== contactId) {
      plan.moves.push({ fromId: visitor.contactId, toId: contactId })
      replaced.set(visitor.contactId, contactId)
    }
    setVisitor(anonymousId, { contactId, isKnown: true })
  }

  /** Settles the address that a person brings. @returns the person, who may be another by then */
  const adopt = (contactId: ContactId, claim: Claim): ContactId => {
    let id = contactId
    const { phone } = claim
    let { email } = claim
    const own = known.addresses.get(id)
    if (email !== null) {
      const owner = presentOf(known.byEmail.get(email))
      if (owner === undefined) {
        if (own && !mayMerge && own.email !== null) email = null
        else if (own) {
          if (own.email !== null) known.byEmail.delete(own.email)
          own.email = email
          known.byEmail.set(email, id)
        }
      } else if (owner !== id) {
        if (mayMerge && own && own.email === null && !known.named.has(owner)) id = unite(id, owner)
        else email = null
      }
    }
    const takesPhone = mayMerge || own?.phone === null
    if (phone !== null && takesPhone && own && email === null && own.email === null) {
      // Families share a phone: it leads to somebody only where nothing else does, and is written in any case.
      own.phone = phone
      if (!known.byPhone.has(phone)) known.byPhone.set(phone, id)
    }
    if (claim.input !== null && known.addresses.has(id)) {
      const { email: _, phone: number, ...rest } = claim.input
      const said = {
        ...rest,
        ...(email === null ? {} : { email }),
        ...(takesPhone && number !== undefined ? { phone: number } : {}),
      }
      plan.inputs.set(id, joined(plan.inputs.get(id) ?? {}, said))
      // Of two numbers in one batch the first stays, as it does when the next message comes in a batch of its own.
      if (!mayMerge && own) own.phone ??= phone
    }
    return id
  }

  /** Whose address this is; a phone leads only to somebody who has no user id. */
  const ownerOf = ({ email, phone }: Claim): ContactId | undefined => {
    if (email !== null) return presentOf(known.byEmail.get(email))
    const owner = phone === null ? undefined : presentOf(known.byPhone.get(phone))
    return owner !== undefined && known.named.has(owner) ? undefined : owner
  }

  const byUserId = (claim: Claim, userId: string): ContactId => {
    let id = known.users.get(userId)
    if (id === undefined) {
      const visitor = claim.anonymousId === null ? undefined : known.visitors.get(claim.anonymousId)
      id =
        presentOf(claim.contactId ?? undefined) ??
        ownerOf(claim) ??
        (visitor && !visitor.isKnown ? bear(visitor.contactId) : bear(newNumber()))
      setUser(userId, id)
    }
    id = adopt(id, claim)
    follow(claim.anonymousId, id)
    return id
  }

  const byAddress = (claim: Claim): ContactId => {
    const visitor = claim.anonymousId === null ? undefined : known.visitors.get(claim.anonymousId)
    const owner = ownerOf(claim)
    let id: ContactId
    if (!visitor) id = owner ?? bear(newNumber())
    else if (!visitor.isKnown) id = owner ?? bear(visitor.contactId)
    else {
      const own = known.addresses.get(visitor.contactId)
      // A known person with an address of their own does not get another one from a device that people share.
      const isTheirs =
        owner === visitor.contactId ||
        (own !== undefined &&
          own.email === null &&
          (owner === undefined || (mayMerge && !known.named.has(owner))))
      id = isTheirs ? visitor.contactId : (owner ?? bear(newNumber()))
    }
    id = adopt(id, claim)
    follow(claim.anonymousId, id)
    return id
  }

  const nameless = (anonymousId: string): ContactId => {
    const visitor = known.visitors.get(anonymousId)
    if (visitor) return visitor.contactId
    const contactId = newNumber()
    setVisitor(anonymousId, { contactId, isKnown: false })
    return contactId
  }

  const alias = (claim: Claim, previousId: string): ContactId => {
    const userId = claim.userId ?? claim.anonymousId ?? previousId
    const previousUser = known.users.get(previousId)
    const previousVisitor = known.visitors.get(previousId)
    let id = known.users.get(userId)
    if (id === undefined) {
      if (previousUser !== undefined && mayMerge) id = previousUser
      else if (previousVisitor && !previousVisitor.isKnown) id = bear(previousVisitor.contactId)
      else id = bear(newNumber())
      setUser(userId, id)
    } else if (previousUser !== undefined && previousUser !== id && mayMerge) id = unite(previousUser, id)
    if (previousUser === undefined && (mayMerge || !previousVisitor?.isKnown)) follow(previousId, id)
    if (claim.userId !== null) follow(claim.anonymousId, id)
    return id
  }

  for (const claim of claims) {
    if (claim.kind === 'alias' && claim.previousId !== null)
      plan.contactIds.push(alias(claim, claim.previousId))
    else if (claim.userId !== null) plan.contactIds.push(byUserId(claim, claim.userId))
    else if (claim.contactId !== null) {
      // A message before it in the batch may have made them one with somebody.
      const id = adopt(present(claim.contactId), claim)
      follow(claim.anonymousId, id)
      plan.contactIds.push(id)
    } else if (claim.email !== null || claim.phone !== null || claim.anonymousId === null)
      plan.contactIds.push(byAddress(claim))
    else plan.contactIds.push(nameless(claim.anonymousId))
  }
  plan.contactIds = plan.contactIds.map(present)
  plan.moves = plan.moves.map(({ fromId, toId }) => ({ fromId, toId: present(toId) }))
  for (const [userId, id] of plan.users) plan.users.set(userId, present(id))
  for (const [anonymousId, visitor] of plan.visitors)
    plan.visitors.set(anonymousId, { ...visitor, contactId: present(visitor.contactId) })
  return plan
}

/** Both as one; what the second says wins, own field by own field. */
function joined(first: ContactInput, second: ContactInput): ContactInput {
  const { attributes } = first
  if (attributes === undefined || second.attributes === undefined) return { ...first, ...second }
  return { ...first, ...second, attributes: { ...attributes, ...second.attributes } }
}
