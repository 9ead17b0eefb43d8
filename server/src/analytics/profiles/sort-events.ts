/** What a batch of the log asks of profiles: what is added, and whose figures are made anew. Pure. */
import type { LogEvent } from '../../platform/events/index.ts'
import type { ContactId } from '../../platform/ids.ts'
import {
  contactsCreated,
  contactsDeleted,
  contactsMerged,
  contactsPurged,
  contactsRestored,
  contactsUpdated,
  type SeenZone,
  zoneNamed,
} from '../../contacts/index.ts'
import {
  contactEventsMoved,
  messageClicked,
  messageClicksReclassified,
  messageOpened,
  messageReplied,
  messagesMoved,
  messageUnsubscribed,
} from '../../tracking/index.ts'
import { POINTS } from './definitions.ts'
import type { ActivityRow } from './fold-queries.ts'
import type { Roles } from './frame.ts'

/** Types that the consumer wants. */
export const PROFILE_TYPES = [
  'track:*',
  'page',
  'screen',
  messageOpened.type,
  messageClicked.type,
  messageReplied.type,
  messageUnsubscribed.type,
  messageClicksReclassified.type,
  messagesMoved.type,
  contactEventsMoved.type,
  contactsMerged.type,
  contactsCreated.type,
  contactsUpdated.type,
  contactsDeleted.type,
  contactsPurged.type,
  contactsRestored.type,
] as const

/** What is to be done. Sets hold numbers that may be no contact: statements leave those out. */
export interface SortedEvents {
  activities: ActivityRow[]
  /** Whose orders or subscription may have changed. */
  money: Set<ContactId>
  /** Whose opens, clicks or conversions may have changed. */
  engaged: Set<ContactId>
  /** Whose messages changed between received and returned. */
  received: Set<ContactId>
  /** Whose every figure is made anew. */
  whole: Set<ContactId>
  /** New contacts, who have figures only if their number had a history as a visitor's. */
  created: Set<ContactId>
  /** Whose own hours may have shifted, if they have any. */
  rezoned: Set<ContactId>
  /** In which zones browsers and apps were, each contact and zone once. */
  seen: Map<string, SeenZone>
  /** Who may be no contact any more. */
  gone: Set<ContactId>
  mergers: { keptId: string; mergedId: string }[]
}

/** Sorts a batch. @param roles  what types of events mean for money */
export function sortEvents(events: readonly LogEvent[], roles: Roles): SortedEvents {
  const sorted: SortedEvents = {
    activities: [],
    money: new Set(),
    engaged: new Set(),
    received: new Set(),
    whole: new Set(),
    created: new Set(),
    rezoned: new Set(),
    seen: new Map(),
    gone: new Set(),
    mergers: [],
  }
  for (const event of events) {
    sortEvent(sorted, event, roles)
    noteSeen(sorted.seen, event)
  }
  sorted.activities = sorted.activities.filter(({ contactId }) => !sorted.whole.has(contactId))
  return sorted
}

function sortEvent(sorted: SortedEvents, event: LogEvent, roles: Roles): void {
  const { contactId, at, type } = event
  const did = (weight: number, isReading = false): void => {
    if (contactId !== null) sorted.activities.push({ contactId, at, weight, isReading })
  }
  const touch = (set: Set<ContactId>): void => {
    if (contactId !== null) set.add(contactId)
  }
  switch (type) {
    case 'page':
    case 'screen':
      return did(POINTS.visit)
    case messageOpened.type:
      if (isMachine(event)) return undefined
      touch(sorted.engaged)
      return did(POINTS.opened, true)
    case messageClicked.type:
      if (isMachine(event)) return undefined
      touch(sorted.engaged)
      return did(POINTS.clicked, true)
    case messageReplied.type:
      return did(POINTS.replied)
    case messageUnsubscribed.type:
      return did(0)
    case messageClicksReclassified.type:
      return touch(sorted.whole)
    case messagesMoved.type: {
      const { from, to, contactIds } = messagesMoved.payload.parse(event.payload)
      if (isReceived(from) !== isReceived(to)) addAll(sorted.received, contactIds)
      return undefined
    }
    case contactEventsMoved.type: {
      const { fromId, toId } = contactEventsMoved.payload.parse(event.payload)
      addAll(sorted.gone, [fromId])
      return addAll(sorted.whole, [toId])
    }
    case contactsMerged.type: {
      const merger = contactsMerged.payload.parse(event.payload)
      sorted.mergers.push(merger)
      addAll(sorted.gone, [merger.mergedId])
      return addAll(sorted.whole, [merger.keptId])
    }
    case contactsCreated.type: {
      const { contactIds, importId } = contactsCreated.payload.parse(event.payload)
      // A file's people get numbers that nobody had.
      return importId === null ? addAll(sorted.created, contactIds) : undefined
    }
    case contactsUpdated.type: {
      const { contactIds, fields } = contactsUpdated.payload.parse(event.payload)
      return fields.some((field) => ZONE_FIELDS.has(field)) ? addAll(sorted.rezoned, contactIds) : undefined
    }
    case contactsDeleted.type:
      return addAll(sorted.gone, contactsDeleted.payload.parse(event.payload).contactIds)
    case contactsPurged.type:
      return addAll(sorted.gone, contactsPurged.payload.parse(event.payload).contactIds)
    case contactsRestored.type:
      return addAll(sorted.whole, contactsRestored.payload.parse(event.payload).contactIds)
    default:
      return sortTracked(roles[type], did, () => {
        touch(sorted.money)
        touch(sorted.engaged)
      })
  }
}

/** Fields that say where somebody is, as edits and as identify name them. */
const ZONE_FIELDS: ReadonlySet<string> = new Set(['time_zone', 'timeZone', 'country', 'phone'])

/** Messages and changes of contacts carry no context: only pages, screens and tracked events say where somebody is. */
function noteSeen(seen: Map<string, SeenZone>, { contactId, payload }: LogEvent): void {
  const { context } = payload as { context?: { timezone?: unknown } } // as `incomingPayload` has it, or nothing of it
  if (contactId === null || context?.timezone === undefined) return
  const zone = zoneNamed(context.timezone)
  if (zone !== null) seen.set(`${contactId} ${zone}`, { contactId, zone })
}

/** A tracked event, by what it means. */
function sortTracked(role: Roles[string] | undefined, did: (weight: number) => void, pay: () => void): void {
  if (role === undefined) return did(POINTS.event)
  pay()
  if (role === 'purchase') did(POINTS.ordered)
  else if (role === 'subscription_started') did(POINTS.event)
}

const isMachine = (event: LogEvent): boolean => (event.payload as { machine?: unknown }).machine === true

const isReceived = (state: string): boolean => state === 'sent' || state === 'delivered'

function addAll(set: Set<ContactId>, ids: readonly string[]): void {
  for (const id of ids) set.add(id as ContactId) // events carry ids in the database's form
}
