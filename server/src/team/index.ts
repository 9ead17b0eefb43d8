/** The door of the team: people, organizations, memberships, sessions and keys. */
import { anyJob } from '../platform/jobs/index.ts'
import { room } from '../platform/room.ts'
import { purgeSignInTraces, sendPasswordReset } from './jobs.ts'
import { handlers } from './routes.ts'
export { authenticate } from './authenticate.ts'
export { sessionPlugin } from './session-plugin.ts'
export { auditLog } from './service/audit-log.ts'
export { actorNames } from './queries/actor-names.ts'
export { setPasswordFor } from './service/passwords.ts'
export { membersOf, notify, type Notified } from './service/notified.ts'
export { createOrganization, organizationOf } from './service/organizations.ts'
export { sessionTokenHash } from './authenticate.ts'
export type { Organization, OrganizationSettings } from './queries/organizations.ts'
export { setupFromEnvironment, setupInstallation, type Setup } from './service/setup.ts'

/** The room as app.ts lists it. */
export const team = room('team', {
  routes: handlers,
  jobs: [anyJob(sendPasswordReset)],
  schedules: [purgeSignInTraces],
})
