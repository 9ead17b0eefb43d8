/** Which variables this organization's mails may use. */
import type { Ctx } from '../../platform/context.ts'
import { readOwnFields } from '../queries.ts'
import { type VariableDefinition, variableCatalogue } from '../rules/variables.ts'

/** The standard variables and the organization's own contact fields. */
export async function listVariables(ctx: Ctx): Promise<VariableDefinition[]> {
  return variableCatalogue(await readOwnFields(ctx))
}
