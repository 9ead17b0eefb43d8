/** Who calls. The team room knows people, sessions and keys; this is the shape it answers in. */
import type { FastifyRequest } from 'fastify'
import type { Actor, Locale } from '../context.ts'
import type { OrgId, PersonId } from '../ids.ts'
import { roleHolds, type Permission } from '../permissions.ts'
import { errors } from './errors.ts'

/** A recognised caller. `actor` is null while a person has chosen no organization. */
export interface Caller {
  personId: PersonId | null
  orgId: OrgId | null
  actor: Actor | null
  locale: Locale
  /** How it proved itself: a cookie needs protection against forged requests, a key does not. */
  by: 'session' | 'api_key'
}

/** What asking who calls means: a use of the proof, or only a look whether it still holds. */
export interface Asking {
  /** False: it is no use, and keeps no idle session alive. */
  isUse: boolean
}

/** Recognises the caller of a request, null when there is no valid proof. It is a use of the proof unless said otherwise. */
export type Authenticate = (request: FastifyRequest, asking?: Asking) => Promise<Caller | null>

/** May this actor do this? Contacts act through signed links only, never through permissions. */
export function actorHolds(actor: Actor, permission: Permission): boolean {
  switch (actor.kind) {
    case 'member':
      return roleHolds(actor.role, permission)
    case 'api_key':
      return actor.scopes.includes('*') || actor.scopes.includes(permission)
    case 'system':
      return true
    case 'contact':
      return false
  }
}

/** Refuses an actor what it may not do: for a route, or for what only some calls of a route ask. @throws request.not_permitted */
export function demandPermission(actor: Actor, permission: Permission): void {
  if (!actorHolds(actor, permission)) throw errors.not_permitted({ permission }, { extra: { permission } })
}
