/** Which passwords are refused because everybody tries them first. */

export const PASSWORD_LENGTH_MIN = 8
export const PASSWORD_LENGTH_MAX = 200

/** What guessing begins with, as words: a password that is one of them plus digits and signs is no better. */
const COMMON = new Set([
  'password',
  'passwort',
  'motdepasse',
  'azerty',
  'azertyuiop',
  'qwerty',
  'qwertyuiop',
  'letmein',
  'welcome',
  'bienvenue',
  'iloveyou',
  'jetaime',
  'admin',
  'administrator',
  'changeme',
  'football',
  'baseball',
  'monkey',
  'dragon',
  'sunshine',
  'soleil',
  'princess',
  'loulou',
  'doudou',
  'chouchou',
  'master',
  'superman',
  'batman',
  'trustno',
  'fanfare',
  'secret',
])

/**
 * Whether a password is among the first that anybody would try for this person.
 * Source: ASVS 6.2.4, 6.2.11 (words of the context)
 */
export function isEasyToGuess(password: string, email: string): boolean {
  const plain = password.normalize('NFKC').toLowerCase()
  const word = plain.replaceAll(/[^\p{L}]/gu, '')
  const [mailbox = ''] = email.toLowerCase().split('@')
  return (
    COMMON.has(word) ||
    new Set(plain).size <= 3 ||
    '0123456789012345678901234567890'.includes(plain) ||
    '98765432109876543210'.includes(plain) ||
    plain === email.toLowerCase() ||
    (mailbox.length > 3 && word === mailbox.replaceAll(/[^\p{L}]/gu, ''))
  )
}
