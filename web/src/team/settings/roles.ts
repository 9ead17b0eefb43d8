/** Roles as the screens list them. */
import type { Role } from '../api.ts'

/** Strongest first. */
export const ROLES: readonly Role[] = ['owner', 'admin', 'editor', 'viewer']
