/** What the server refuses, in the reader's words: its own sentences are English. */
import { useTranslations } from 'use-intl'
import { ApiError } from '../platform/api/problem.ts'
import { useErrorText } from '../ui/ErrorState.tsx'

/**
 * The sentence for an error as a whole; `undefined` when there is none, or when its fields say it.
 */
export function useRefusalText(error: unknown): string | undefined {
  const t = useTranslations('team.refusals')
  const { message } = useErrorText(error)
  if (!error) return undefined
  if (!(error instanceof ApiError)) return message
  if (error.code === 'team.too_many_attempts')
    return t('too_many_attempts', { seconds: Number(error.problem['retryAfterS'] ?? 0) })
  if (error.code.startsWith('team.')) {
    const key = error.code.slice('team.'.length)
    if (isKnown(key)) return t(key)
  }
  return error.issues.length > 0 ? t('invalid') : message
}

/**
 * The sentence for each refused field, by the path that the server names.
 *
 * @param prefix  what stands before the path in this form's body: `organization.`
 */
export function useIssues(error: unknown, prefix = ''): Readonly<Record<string, string>> {
  const t = useTranslations('team.issues')
  if (!(error instanceof ApiError)) return {}
  const weak = error.code === 'team.password_weak'
  return Object.fromEntries(
    error.issues
      .filter(({ path }) => path.startsWith(prefix))
      .map(({ path, message }) => {
        const field = path.slice(prefix.length)
        const key = weak ? 'weak' : lastPart(field)
        return [field, isField(key) ? t(key) : message]
      }),
  )
}

const lastPart = (path: string): string => path.split('.').at(-1) ?? path

const REFUSALS = [
  'already_invited',
  'already_member',
  'already_set_up',
  'api_keys_too_many',
  'challenge_over',
  'invitation_over',
  'last_owner',
  'member_not_found',
  'organizations_too_many',
  'other_account',
  'password_weak',
  'reset_link_over',
  'role_above_own',
  'scope_above_own',
  'sign_in_first',
  'wrong_code',
  'wrong_credentials',
  'wrong_password',
] as const

const FIELDS = [
  'code',
  'currency',
  'email',
  'name',
  'newPassword',
  'password',
  'postalAddress',
  'scopes',
  'timeZone',
  'weak',
] as const

const isKnown = (key: string): key is (typeof REFUSALS)[number] => REFUSALS.some((known) => known === key)
const isField = (key: string): key is (typeof FIELDS)[number] => FIELDS.some((known) => known === key)
