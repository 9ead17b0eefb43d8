/** Whom messages are about, whatever comes in whatever order: what must hold for every stream of messages. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ContactId } from '../../platform/ids.ts'
import { type Claim, identify, type IdentityPlan, type Known } from './people.ts'

const USERS = ['u1', 'u2', 'u3', 'u4']
const DEVICES = ['d1', 'd2', 'd3']
const EMAILS = ['a@example.com', 'b@example.com', 'c@example.com']
const PHONES = ['+33612345678', '+33698765432']
/** Contacts that are there before the first message. */
const BEFORE = ['1', '2'] as ContactId[]
const [FIRST, SECOND] = BEFORE as [ContactId, ContactId]

const some = (of: readonly string[]) => fc.option(fc.constantFrom(...of), { freq: 2 })
const claim: fc.Arbitrary<Claim> = fc
  .record({
    kind: fc.constantFrom('identify', 'identify', 'other', 'other', 'alias'),
    contactId: fc.option(fc.constantFrom(...BEFORE), { freq: 8 }),
    userId: some(USERS),
    anonymousId: some(DEVICES),
    previousId: fc.constantFrom(...USERS, ...DEVICES),
    email: some(EMAILS),
    phone: some(PHONES),
  })
  .map(({ kind, previousId, email, phone, ...ids }) => ({
    ...ids,
    kind,
    email,
    phone,
    previousId: kind === 'alias' ? previousId : null,
    input:
      kind === 'identify'
        ? { ...(email === null ? {} : { email }), ...(phone === null ? {} : { phone }), firstName: 'Ada' }
        : null,
  }))
const claims = fc.array(claim, { minLength: 1, maxLength: 14 })

/** Everything about a stream: what was decided, batch by batch, and where each number leads to. */
class Stream {
  readonly known: Known = {
    users: new Map(),
    visitors: new Map(),
    byEmail: new Map([['a@example.com', FIRST]]),
    byPhone: new Map([['+33612345678', SECOND]]),
    addresses: new Map([
      [FIRST, { email: 'a@example.com', phone: null }],
      [SECOND, { email: null, phone: '+33612345678' }],
    ]),
    named: new Set(),
  }
  readonly contacts = new Set<ContactId>(BEFORE)
  readonly plans: IdentityPlan[] = []
  readonly answered: ContactId[] = []
  readonly #leadsTo = new Map<ContactId, ContactId>()
  readonly #mayMerge: boolean
  #numbers = 100

  constructor(mayMerge: boolean) {
    this.#mayMerge = mayMerge
  }

  /** As the database has it after a batch: numbers that went are nobody's any more. */
  take(batch: readonly Claim[]): IdentityPlan {
    // Our own ids are looked up before a batch: they name somebody who is there.
    const found = batch.map((one) => ({ ...one, contactId: one.contactId && this.present(one.contactId) }))
    const plan = identify(found, this.known, {
      mayMerge: this.#mayMerge,
      newNumber: () => String(++this.#numbers) as ContactId,
    })
    this.plans.push(plan)
    for (const { fromId, toId } of plan.moves) this.#leadsTo.set(fromId, toId)
    for (const { keptId, mergedId } of plan.merges) this.#leadsTo.set(mergedId, keptId)
    for (const id of plan.born) this.contacts.add(id)
    for (const { mergedId } of plan.merges) {
      this.contacts.delete(mergedId)
      this.known.addresses.delete(mergedId)
      this.known.named.delete(mergedId)
    }
    for (const map of [this.known.users, this.known.byEmail, this.known.byPhone])
      for (const [key, id] of map) map.set(key, this.present(id))
    for (const [device, visitor] of this.known.visitors)
      this.known.visitors.set(device, { ...visitor, contactId: this.present(visitor.contactId) })
    this.answered.push(...plan.contactIds)
    return plan
  }

  /** Who a number stands for now. */
  present(id: ContactId): ContactId {
    let end = id
    for (let steps = 0; this.#leadsTo.has(end); steps++) {
      if (steps > 1_000) throw new Error('a number leads back to itself')
      end = this.#leadsTo.get(end) ?? end
    }
    return end
  }

  /** Which messages are about the same person. */
  groups(): number[] {
    const ids = this.answered.map((id) => this.present(id))
    return ids.map((id) => ids.indexOf(id))
  }
}

describe('identities', () => {
  test('the same messages mean the same people, in one batch or in many', () => {
    fc.assert(
      fc.property(claims, fc.nat({ max: 14 }), fc.boolean(), (all, cut, mayMerge) => {
        const whole = new Stream(mayMerge)
        whole.take(structuredClone(all))
        const parted = new Stream(mayMerge)
        parted.take(structuredClone(all.slice(0, cut)))
        parted.take(structuredClone(all.slice(cut)))
        expect(parted.groups()).toEqual(whole.groups())
      }),
      { numRuns: 500 },
    )
  })

  test('no history is lost: a number that goes leads to one that stays, and to one only', () => {
    fc.assert(
      fc.property(fc.array(claims, { minLength: 1, maxLength: 4 }), fc.boolean(), (batches, mayMerge) => {
        const stream = new Stream(mayMerge)
        for (const batch of batches) {
          const plan = stream.take(batch)
          const gone = [
            ...plan.moves.map(({ fromId }) => fromId),
            ...plan.merges.map(({ mergedId }) => mergedId),
          ]
          expect(new Set(gone).size, 'nobody goes twice').toBe(gone.length)
          for (const id of plan.contactIds) expect(gone).not.toContain(id)
          for (const { contactId } of plan.visitors.values()) expect(gone).not.toContain(contactId)
          for (const id of plan.users.values()) {
            expect(gone).not.toContain(id)
            expect(stream.contacts, 'a user id names a contact').toContain(id)
          }
        }
        // What an earlier batch answered is found under the person whom it means today.
        const said = batches.flat()
        const byUser = [...stream.answered.entries()].flatMap(([at, id]) => {
          const { kind, userId = null } = said[at] ?? {}
          return kind === 'alias' || userId === null ? [] : [{ userId, person: stream.present(id) }]
        })
        expect(byUser).toEqual(
          byUser.map(({ userId }) => ({ userId, person: stream.known.users.get(userId) })),
        )
      }),
      { numRuns: 300 },
    )
  })

  test('only what is written as a contact is merged, and what is to be written has no second number', () => {
    fc.assert(
      fc.property(fc.array(claims, { minLength: 1, maxLength: 4 }), (batches) => {
        const stream = new Stream(true)
        for (const batch of batches) {
          const before = new Set(stream.contacts)
          const plan = stream.take(batch)
          for (const { keptId, mergedId } of plan.merges) {
            expect(before).toContain(mergedId)
            expect(before).toContain(keptId)
          }
          for (const { fromId } of plan.moves) expect(plan.born).not.toContain(fromId)
          for (const id of plan.inputs.keys()) expect(stream.contacts).toContain(id)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('aliases make the same people one, in whatever order they come', () => {
    const pairs = fc.array(fc.tuple(fc.constantFrom(...USERS), fc.constantFrom(...USERS)), { maxLength: 6 })
    fc.assert(
      fc.property(pairs, fc.func(fc.integer()), (joined, order) => {
        const unitedBy = (list: readonly (readonly [string, string])[]): string[][] => {
          const stream = new Stream(true)
          stream.take(USERS.map((userId) => ({ ...NOBODY, kind: 'identify', userId })))
          for (const [userId, previousId] of list)
            stream.take([{ ...NOBODY, kind: 'alias', userId, previousId }])
          const people = Map.groupBy(USERS, (userId) => stream.known.users.get(userId))
          return [...people.values()]
        }
        expect(unitedBy(joined.toSorted((a, b) => order(a) - order(b)))).toEqual(unitedBy(joined))
      }),
      { numRuns: 200 },
    )
  })

  test('a key that stands in a page makes no two people one, and leaves everybody the address they had', () => {
    fc.assert(
      fc.property(fc.array(claims, { minLength: 1, maxLength: 4 }), (batches) => {
        const stream = new Stream(false)
        for (const batch of batches) {
          const before = structuredClone(stream.known)
          expect(stream.take(batch).merges).toEqual([])
          for (const [email, id] of before.byEmail) expect(stream.known.byEmail.get(email)).toBe(id)
          for (const [id, { email, phone }] of before.addresses) {
            const after = stream.known.addresses.get(id)
            expect([email ?? after?.email, phone ?? after?.phone]).toEqual([after?.email, after?.phone])
          }
        }
      }),
      { numRuns: 300 },
    )
  })
})

const NOBODY = {
  contactId: null,
  userId: null,
  anonymousId: null,
  previousId: null,
  email: null,
  phone: null,
  input: null,
} as const
