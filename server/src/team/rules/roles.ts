/** Who may change whose role, and what a key may be allowed. Pure. */
import type { Actor } from '../../platform/context.ts'
import { roleHolds, type Permission, type Role } from '../../platform/permissions.ts'

/** May this actor give or take this role? Owners make owners; everybody else who may manage members manages the rest. */
export function mayManageRole(actor: Actor, role: Role): boolean {
  if (role !== 'owner') return true
  switch (actor.kind) {
    case 'member':
      return actor.role === 'owner'
    case 'api_key':
      return actor.scopes.includes('*')
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
