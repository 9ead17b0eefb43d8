/** Which properties of events say something about a person. */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'
import type { PersonalProperties } from '../intake/forget.ts'
import { selectPersonal, selectPersonalValues } from './queries.ts'

/** The personal properties of every type. */
export async function personalProperties(ctx: Ctx): Promise<PersonalProperties> {
  const byType = new Map<string, Set<string>>()
  for (const { type, name } of await selectPersonal(ctx)) {
    const names = byType.get(type) ?? new Set()
    names.add(name)
    byType.set(type, names)
  }
  return byType
}

/** Values that are looked for when a person is erased; more than anybody has. */
const VALUES_MAX = 2_000

/** What the personal properties of people's events hold, as texts: what an erasure looks for elsewhere in what is theirs. */
export async function personalValues(ctx: Ctx, contactIds: readonly ContactId[]): Promise<string[]> {
  return (await selectPersonalValues(ctx, contactIds, VALUES_MAX)).map(({ value }) => value)
}
