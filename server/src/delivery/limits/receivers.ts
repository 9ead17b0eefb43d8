/**
 * Who receives mail: domains, and groups of domains that one company answers for. Pure.
 * Source: compliance report §1.9, after KumoMTA's shaping rules
 */

/** Groups that limits may name, with the domains of people’s mailboxes there; a trailing dot stands for any country. */
export const RECEIVER_GROUPS: Readonly<Record<string, readonly string[]>> = {
  google: ['gmail.com', 'googlemail.com'],
  microsoft: ['outlook.', 'hotmail.', 'live.', 'msn.com'],
  yahoo: ['yahoo.', 'ymail.com', 'rocketmail.com', 'aol.com', 'aim.com'],
  apple: ['icloud.com', 'me.com', 'mac.com'],
  orange: ['orange.fr', 'wanadoo.fr'],
  free: ['free.fr'],
  sfr: ['sfr.fr', 'neuf.fr', 'cegetel.net', 'numericable.fr'],
  laposte: ['laposte.net'],
  gmx: ['gmx.', 'web.de', 'mail.com'],
  comcast: ['comcast.net', 'xfinity.com'],
}

/** The first of these limits, by name of a group or a domain, that holds for a domain; null when none does. */
export function receiverOf(domain: string, receivers: readonly string[]): string | null {
  return (
    receivers.find((receiver) => {
      const group = RECEIVER_GROUPS[receiver]
      if (group === undefined) return domain === receiver
      return group.some((name) => (name.endsWith('.') ? isOfAnyCountry(domain, name) : domain === name))
    }) ?? null
  )
}

/** `hotmail.` is hotmail.com and hotmail.co.uk, and not hotmail.example.com. */
const isOfAnyCountry = (domain: string, name: string): boolean =>
  domain.startsWith(name) && /^(?:[a-z]{2,3}|com?\.[a-z]{2})$/.test(domain.slice(name.length))
