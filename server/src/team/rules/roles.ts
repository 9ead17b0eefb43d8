/** Who may change whose role, and what a key may be allowed. Pure. */
import type { Actor } from '../../platform/context.ts'
import { permissionsOf, roleHolds, type Permission, type Role } from '../../platform/permissions.ts'

/**
 * May this actor, who may manage members, give or take this role? Owners make owners, and admins the rest. A key gives
 * nobody more than it holds: who makes somebody an admin can be that somebody.
 */
export function mayManageRole(actor: Actor, role: Role): boolean {
  switch (actor.kind) {
    case 'member':
      return role !== 'owner' || actor.role === 'owner'
    case 'api_key':
      return (
        actor.scopes.includes('*') ||
        permissionsOf(role).every((permission) => actor.scopes.includes(permission))
      )
    case 'system':
      return true
    case 'contact':
      return false
  }
}

/** May this actor give a key this scope? Nobody gives more than they hold; `*` is everything, an owner's to give. */
export function mayGrantScope(actor: Actor, scope: Permission | '*'): boolean {
  switch (actor.kind) {
    case 'member':
      return scope === '*' ? actor.role === 'owner' : roleHolds(actor.role, scope)
    case 'api_key':
      return actor.scopes.includes('*') || actor.scopes.includes(scope)
    case 'system':
      return true
    case 'contact':
      return false
  }
}
