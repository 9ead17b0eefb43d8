/** Which variables this organization's mails may use. */
import { propertiesOfEvents } from '../../tracking/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { readOwnFields } from '../queries.ts'
import {
  ANY_EVENT,
  CALLERS_DATA,
  type EventProperty,
  eventVariables,
  type VariableDefinition,
  variableCatalogue,
} from '../rules/variables.ts'

/** What a content may name beside the standard variables and the organization's own contact fields. */
export interface Takes {
  /** `data.…`, whatever the caller of a single message names so. */
  readonly data?: boolean
  /** `event.…`: the properties of events of this type, as the dictionary knows them. */
  readonly event?: string | null | undefined
}

/** Takes whatever a version that was frozen may name. */
export const TAKES_ALL: readonly VariableDefinition[] = [CALLERS_DATA, ANY_EVENT]

/** Every variable that a content may use. */
export async function listVariables(
  ctx: Ctx,
  { data = false, event = null }: Takes = {},
): Promise<VariableDefinition[]> {
  return [
    ...variableCatalogue(await readOwnFields(ctx)),
    ...(event === null ? [] : eventVariables(await eventProperties(ctx, event))),
    ...(data ? [CALLERS_DATA] : []),
  ]
}

/** The properties of an event that a text can show; an object shows nothing as a whole. */
export async function eventProperties(ctx: Ctx, event: string): Promise<EventProperty[]> {
  return (await propertiesOfEvents(ctx, event)).flatMap(({ name, kind }) =>
    kind === 'object' || (name.includes('"') && name.includes("'")) ? [] : [{ name, type: kind }],
  )
}
