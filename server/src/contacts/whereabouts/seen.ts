/** The zone that a contact's browser or app showed last: a fact of the contact, which the reader of the log keeps. */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'
import { parseTimeZone } from '../values/place.ts'
import { selectSeenElsewhere, updateSeenZones } from './queries.ts'

/** A contact and a zone that an event of theirs named. */
export interface SeenZone {
  contactId: ContactId
  /** IANA name, as `zoneNamed` gives it. */
  zone: string
}

/** The zone that an event's context names, or null when it names none that there is. */
export function zoneNamed(text: unknown): string | null {
  if (typeof text !== 'string') return null
  const zone = parseTimeZone(text)
  return zone.ok ? zone.value : null
}

/** Of those seen in zones, who is known to be in another. Who is no contact is left out. */
export async function whoIsSeenElsewhere(ctx: Ctx, seen: readonly SeenZone[]): Promise<ContactId[]> {
  return seen.length === 0 ? [] : selectSeenElsewhere(ctx, seen)
}

/** Notes where contacts were last seen. @returns whose clock shows another zone by that */
export async function noteSeenZones(ctx: Ctx, seen: readonly SeenZone[]): Promise<ContactId[]> {
  return seen.length === 0 ? [] : updateSeenZones(ctx, seen)
}
