/** The door of the team: people, organizations, memberships, sessions and keys. */
export { authenticate } from './authenticate.ts'
export { sessionPlugin } from './session-plugin.ts'
