/** Which properties of events say something about a person. */
import type { Ctx } from '../../platform/context.ts'
import type { PersonalProperties } from '../intake/forget.ts'
import { selectPersonal } from './queries.ts'

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
