/** What this room refuses, and why. */
import { defineErrors } from '../platform/errors.ts'

/** The room's errors: thrown where found, answered as problem details. */
export const errors = defineErrors('team', {
  already_set_up: { status: 409, message: 'Fanfare is already set up. Sign in instead.' },
  wrong_credentials: { status: 401, message: 'The e-mail address or the password is not right.' },
  wrong_code: {
    status: 400,
    message: 'This code is not right. Use the newest one of your app, or a recovery code.',
  },
  challenge_over: { status: 410, message: 'This sign-in took too long. Enter your password again.' },
  too_many_attempts: { status: 429, message: 'Too many attempts. Wait before you try again.' },
  wrong_password: { status: 403, message: 'Your present password is not right.' },
  password_weak: { status: 400, message: 'This password is too easy to guess.' },
  reset_link_over: {
    status: 410,
    message: 'This link was already used, or is older than an hour. Ask for a new one.',
  },
  second_factor_already_on: { status: 409, message: 'The second factor is already on.' },
  second_factor_off: { status: 409, message: 'The second factor is not on.' },
  session_not_found: { status: 404, message: 'No such session.' },
  organization_not_found: { status: 404, message: 'No such organization.' },
  organization_forbidden: { status: 404, message: 'You do not belong to such an organization.' },
  person_not_found: { status: 404, message: 'Nobody has an account with this e-mail address.' },
  organizations_too_many: { status: 409, message: 'You already belong to as many organizations as one may.' },
  member_not_found: { status: 404, message: 'No such member.' },
  last_owner: {
    status: 409,
    message: 'An organization needs an owner. Make somebody else owner first.',
  },
  role_above_own: { status: 403, message: 'Only an owner may give or take the role of owner.' },
  role_above_key: {
    status: 403,
    message: 'A key may give or take only a role of which it holds every permission.',
  },
  already_member: { status: 409, message: 'This person is already a member.' },
  already_invited: {
    status: 409,
    message: 'This person already has an open invitation. Send it again instead.',
  },
  invitations_too_many: { status: 409, message: 'Too many open invitations. Revoke some first.' },
  invitation_not_found: { status: 404, message: 'No such open invitation.' },
  invitation_over: {
    status: 410,
    message: 'This invitation was used, revoked or has expired. Ask for a new one.',
  },
  sign_in_first: { status: 409, message: 'You already have an account. Sign in to accept the invitation.' },
  other_account: {
    status: 409,
    message: 'This invitation is for another e-mail address. Sign out, then open it again.',
  },
  name_missing: { status: 400, message: 'Say your name.' },
  api_key_not_found: { status: 404, message: 'No such API key.' },
  api_keys_too_many: { status: 409, message: 'Too many API keys. Revoke some first.' },
  scope_above_own: { status: 403, message: 'A key cannot be allowed more than you are.' },
  cursor_invalid: { status: 400, message: 'This cursor was not given by this list.' },
})
