/** Whom an event of the log is about, and which parts of them it may have changed. Pure. */
import { z } from 'zod'
import type { LogEvent } from '../../platform/events/index.ts'
import type { ContactId, SegmentId } from '../../platform/ids.ts'
import { kindOf } from './clauses/index.ts'
import { clausesOf, type Rule } from './rule.ts'
import type { PersonEvent } from './person.ts'
import type { Scope } from './scope.ts'

/** What changed of some people. `everything` is for those who are new, or became another. */
export interface Change {
  touches: readonly string[] | 'everything'
  contactIds: readonly ContactId[]
  /** The event that is all the change there was; absent where something else changed. */
  event?: PersonEvent
}

/** What a batch of the log says. */
export interface Changes {
  /** To be looked at now. */
  now: Change[]
  /** To be looked at when the counters above have read the same events. */
  soon: Change[]
  gone: ContactId[]
  /** Keyed hashes of addresses whose suppression changed. */
  addressHashes: string[]
}

/** Types of the log that may change who is in a segment. */
export const TOUCHING_TYPES = [
  'contacts.*',
  'contact.events_moved',
  'consent.*',
  'profiles.changed',
  'segments.members_changed',
  'message.opened',
  'message.clicked',
  'message.replied',
  'track:*',
  'page',
  'screen',
  'identify',
  'group',
] as const

/** The parts of a profile that the room analytics tells apart. */
const PARTS = ['activity', 'money', 'messages'] as const

const ids = z.array(z.string().transform((id) => id as ContactId)) // the log holds ids in the database's form
const payloads = {
  many: z.object({ contactIds: ids }),
  updated: z.object({ contactIds: ids, fields: z.array(z.string()) }),
  merged: z.object({ keptId: z.string(), mergedId: z.string() }),
  moved: z.object({ fromId: z.string(), toId: z.string() }),
  address: z.object({ addressHash: z.string() }),
  members: z.object({ segmentId: z.string(), contactIds: ids }),
  profiles: z.object({ contactIds: ids, parts: z.array(z.enum(PARTS)).optional() }),
}

/** What rules look at of each part of a profile. */
const OF_PART: Readonly<Record<(typeof PARTS)[number], readonly string[]>> = {
  activity: ['profile:activity'],
  money: ['profile:money'],
  messages: ['engagement', 'campaign'],
}

/** Sorts a batch of events by what they ask for. */
export function changesOf(events: readonly LogEvent[]): Changes {
  const changes: Changes = { now: [], soon: [], gone: [], addressHashes: [] }
  for (const event of events) sortIn(changes, event)
  return changes
}

function sortIn(changes: Changes, event: LogEvent): void {
  const { now, soon, gone } = changes
  switch (event.type) {
    case 'contacts.created':
    case 'contacts.restored':
      now.push({ touches: 'everything', contactIds: payloads.many.parse(event.payload).contactIds })
      return
    case 'contacts.updated': {
      const { contactIds, fields } = payloads.updated.parse(event.payload)
      now.push({ touches: [...fields.map(fieldTouch), 'field:updated_at'], contactIds })
      return
    }
    case 'contacts.deleted':
    case 'contacts.purged':
      gone.push(...payloads.many.parse(event.payload).contactIds)
      return
    case 'contacts.merged': {
      const { keptId, mergedId } = payloads.merged.parse(event.payload)
      gone.push(mergedId as ContactId)
      now.push({ touches: 'everything', contactIds: [keptId as ContactId] })
      return
    }
    case 'contact.events_moved': {
      const { fromId, toId } = payloads.moved.parse(event.payload)
      now.push({ touches: 'everything', contactIds: [fromId as ContactId, toId as ContactId] })
      return
    }
    case 'consent.changed':
      now.push({ touches: ['consent'], contactIds: payloads.many.parse(event.payload).contactIds })
      return
    case 'consent.address_suppressed':
    case 'consent.suppression_lifted':
      changes.addressHashes.push(payloads.address.parse(event.payload).addressHash)
      return
    case 'profiles.changed': {
      const { contactIds, parts } = payloads.profiles.parse(event.payload)
      now.push({ touches: (parts ?? PARTS).flatMap((part) => OF_PART[part]), contactIds })
      return
    }
    case 'segments.members_changed': {
      const { segmentId, contactIds } = payloads.members.parse(event.payload)
      now.push({ touches: [`segment:${segmentId}`], contactIds })
      return
    }
    default:
      if (event.contactId === null) return
      now.push({
        touches: [`event:${event.type}`],
        contactIds: [event.contactId],
        event: personEvent(event),
      })
      if (event.type.startsWith('message.'))
        soon.push({ touches: ['campaign'], contactIds: [event.contactId] })
  }
}

/** An event of the log as rules see it. */
export const personEvent = ({
  seq,
  type,
  at,
  campaignId,
  payload,
}: Pick<LogEvent, 'seq' | 'type' | 'at' | 'campaignId' | 'payload'>): PersonEvent => ({
  seq: Number(seq),
  type,
  at,
  campaignId,
  payload: typeof payload === 'object' && payload !== null ? { ...payload } : {},
})

/** `firstName` is the field `first_name`, `custom:plan` is `custom.plan`. */
const fieldTouch = (field: string): string =>
  field.startsWith('custom:')
    ? `field:custom.${field.slice(7)}`
    : `field:${field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`

/** Fields that are read out of another one. */
const READ_FROM: Readonly<Record<string, string>> = {
  'field:email_domain': 'field:email',
  'field:country_group': 'field:country',
  'field:age': 'field:birthday',
}

/** Everything that a rule looks at, those of the segments that it refers to included. */
export function touchesOf(rule: Rule, scope: Scope): ReadonlySet<string> {
  const found = new Set<string>()
  const seen = new Set<SegmentId>()
  const add = (part: Rule): void => {
    for (const clause of clausesOf(part)) {
      for (const touch of kindOf(clause).touches(clause)) {
        found.add(READ_FROM[touch] ?? touch)
        if (touch === 'money')
          for (const type of [...scope.money.purchase, ...scope.money.refund]) found.add(`event:${type}`)
      }
      for (const id of kindOf(clause).segments?.(clause) ?? []) {
        const shape = scope.segments.get(id)
        if (shape?.kind !== 'dynamic' || seen.has(id)) continue
        seen.add(id)
        add(shape.rule)
      }
    }
  }
  add(rule)
  return found
}

/** Rules that look at what changed of some people. */
export interface Question<R> {
  rules: R[]
  contactIds: ContactId[]
  /** The events that are all that these rules look at and that changed of somebody; null when something else changed. */
  happenedTo(contactId: ContactId): readonly PersonEvent[] | null
}

/** What changed in one way of some people: the events, or null for anything else. */
interface Kind {
  touches: Change['touches']
  people: Map<ContactId, PersonEvent[] | null>
}

/**
 * Which rules may now answer otherwise of whom: nobody is looked at for a rule that does not look at what changed of
 * them. Rules concerned by the same changes are asked together, and a rule is asked once.
 */
export function questionsOf<R extends { touches: ReadonlySet<string> }>(
  changes: readonly Change[],
  rules: readonly R[],
): Question<R>[] {
  const kinds = new Map<string, Kind>()
  for (const { touches, contactIds, event } of changes) {
    const key = touches === 'everything' ? '' : touches.join('\n')
    const kind: Kind = kinds.get(key) ?? { touches, people: new Map() }
    for (const id of contactIds) {
      const before = kind.people.get(id)
      kind.people.set(id, event === undefined || before === null ? null : [...(before ?? []), event])
    }
    kinds.set(key, kind)
  }
  const questions = new Map<string, Question<R>>()
  for (const rule of rules) {
    const concerning = [...kinds].filter(
      ([, { touches }]) => touches === 'everything' || touches.some((touch) => rule.touches.has(touch)),
    )
    if (concerning.length === 0) continue
    const key = JSON.stringify(concerning.map(([name]) => name))
    const people = concerning.map(([, kind]) => kind.people)
    const question: Question<R> = questions.get(key) ?? {
      rules: [],
      contactIds: [...new Set(people.flatMap((ids) => [...ids.keys()]))],
      happenedTo: (id) => {
        const happened = people.flatMap((ids) => (ids.has(id) ? [ids.get(id) ?? null] : []))
        return happened.includes(null) ? null : happened.flatMap((events) => events ?? [])
      },
    }
    question.rules.push(rule)
    questions.set(key, question)
  }
  return [...questions.values()].filter(({ contactIds }) => contactIds.length > 0)
}
