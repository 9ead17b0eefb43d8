/** The door of platform/http. */
export { serveHealth } from './health.ts'
export { createServer, type ServerParts } from './server.ts'
export { actorHolds, demandPermission, type Authenticate, type Caller } from './authenticate.ts'
export { errors as httpErrors } from './errors.ts'
export { ownInLanguage } from './language.ts'
export { openApiDocument } from './openapi.ts'
export { ACCESS_TOPIC } from './stream.ts'
export { bodyOf } from './intake-scope.ts'
