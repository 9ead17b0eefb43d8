/** What everybody may know about this installation before they sign in. */
import type { Ctx } from '../../platform/context.ts'
import { someOrganizationExists } from '../queries/organizations.ts'

export interface InstallationFacts {
  needsSetup: boolean
  mailStaysHere: boolean
}

export async function installationFacts(ctx: Ctx): Promise<InstallationFacts> {
  return {
    needsSetup: !(await someOrganizationExists(ctx.db)),
    mailStaysHere: ctx.platform.config.mailStaysHere,
  }
}
