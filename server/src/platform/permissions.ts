/** Who may do what: the one table of permissions, and the least role that holds each. */

/** Roles of a member, weakest first. */
export const ROLES = ['viewer', 'editor', 'admin', 'owner'] as const
export type Role = (typeof ROLES)[number]

/** The least role that holds each permission. A viewer sees everything and changes nothing. */
export const PERMISSIONS = {
  'organization.read': 'viewer',
  'organization.write': 'admin',
  'organization.delete': 'owner',
  'members.read': 'viewer',
  'members.write': 'admin',
  'api_keys.read': 'viewer',
  'api_keys.write': 'admin',
  'audit.read': 'viewer',
  'contacts.read': 'viewer',
  'contacts.write': 'editor',
  'contacts.import': 'editor',
  'contacts.export': 'editor',
  'contacts.delete': 'editor',
  'events.write': 'editor',
  'tracking.read': 'viewer',
  'tracking.write': 'admin',
  /** Values of properties of events that the dictionary marks as personal. */
  'tracking.personal': 'editor',
  'segments.read': 'viewer',
  'segments.write': 'editor',
  'consent.read': 'viewer',
  'consent.write': 'editor',
  'suppression.write': 'admin',
  'privacy.read': 'viewer',
  'privacy.write': 'admin',
  'pages.read': 'viewer',
  'pages.write': 'editor',
  'content.read': 'viewer',
  'content.write': 'editor',
  'campaigns.read': 'viewer',
  'campaigns.write': 'editor',
  'campaigns.launch': 'editor',
  'campaigns.delete': 'editor',
  'analytics.read': 'viewer',
  'reports.write': 'editor',
  'reports.share': 'editor',
  'budgets.write': 'editor',
  'delivery.read': 'viewer',
  'delivery.write': 'admin',
  'messages.read': 'viewer',
  'messages.send': 'editor',
  'mailbox.read': 'viewer',
  'mailbox.write': 'editor',
} as const satisfies Record<string, Role>

export type Permission = keyof typeof PERMISSIONS

/** Does a member of this role hold this permission? */
export function roleHolds(role: Role, permission: Permission): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(PERMISSIONS[permission])
}

/** Every permission that a role holds, for the session answer and the screens. */
export function permissionsOf(role: Role): Permission[] {
  return (Object.keys(PERMISSIONS) as Permission[]).filter((permission) => roleHolds(role, permission))
}
