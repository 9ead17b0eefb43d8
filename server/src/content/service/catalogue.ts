/** Which variables this organization's mails may use. */
import type { Ctx } from '../../platform/context.ts'
import { readOwnFields } from '../queries.ts'
import { CALLERS_DATA, type VariableDefinition, variableCatalogue } from '../rules/variables.ts'

/** The standard variables and the organization's own contact fields. */
export async function listVariables(ctx: Ctx): Promise<VariableDefinition[]> {
  return variableCatalogue(await readOwnFields(ctx))
}

/** The same for messages that are sent one by one, each with data of its caller's. */
export async function listVariablesWithData(ctx: Ctx): Promise<VariableDefinition[]> {
  return [...(await listVariables(ctx)), CALLERS_DATA]
}
