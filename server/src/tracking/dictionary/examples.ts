/** What rooms above need of a type of events to speak of it: its properties, and its latest one. */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'
import { VALUE_KINDS, type ValueKind } from '../intake/words.ts'
import { selectLatest, selectProperties } from './queries.ts'
import { PROPERTIES_MAX } from './watch.ts'

/** The properties that events of a type were seen with, by name, each with the kind of value that came most often. */
export async function propertiesOfEvents(
  ctx: Ctx,
  type: string,
): Promise<{ name: string; kind: ValueKind }[]> {
  return (await selectProperties(ctx, type, PROPERTIES_MAX)).map((row) => {
    const count = (kind: ValueKind): number => Number(row[`${kind}Count`])
    return {
      name: row.name,
      kind: VALUE_KINDS.reduce((most, kind) => (count(kind) > count(most) ? kind : most)),
    }
  })
}

/** The latest event of a type, of one contact or of anybody; null when none is kept. */
export async function latestEvent(
  ctx: Ctx,
  type: string,
  contactId: ContactId | null,
): Promise<{ at: Date; properties: Readonly<Record<string, unknown>> } | null> {
  const [event] = await selectLatest(ctx, type, contactId)
  return event ? { at: event.at, properties: event.properties ?? {} } : null
}
