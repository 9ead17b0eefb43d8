/** What proves that mail from a domain is ours: the keys that sign it, and the host that its bounces return to. */
import type { Ctx } from '../../platform/context.ts'
import { loadDkimKey, type DkimKey } from '../channels/email/dkim.ts'
import { isWithin } from './dmarc.ts'
import { listDkimKeys, listDomains, type SendingDomainRow } from './queries.ts'

export interface SendingIdentity {
  /** The sending domain; null when nobody has set one up. */
  domain: string | null
  keys: readonly DkimKey[]
  /** Null: bounces go to the sender's own mailbox. */
  returnPathHost: string | null
}

/** The identity for a domain, or for the nearest parent that is a sending domain (RFC 7489 relaxed alignment). */
export async function sendingIdentity(ctx: Ctx, domain: string): Promise<SendingIdentity> {
  const [own] = await domainsAbove(ctx, domain)
  if (!own) return { domain: null, keys: [], returnPathHost: null }
  const secrets = await ctx.platform.secrets.of(ctx)
  const rows = (await listDkimKeys(ctx, own.id)).filter((key) => key.signsSince && !key.replacedAt)
  return {
    domain: own.domain,
    keys: rows.map(({ selector, algorithm, privateSealed }) =>
      loadDkimKey({
        domain: own.domain,
        selector,
        algorithm,
        privatePem: secrets.open(keyPlace(own.id, selector), privateSealed),
      }),
    ),
    returnPathHost: own.returnPathHost,
  }
}

/** Has the world seen the organization's keys in the DNS of this domain, or of a parent? */
export async function isProven(ctx: Ctx, domain: string): Promise<boolean> {
  const above = await domainsAbove(ctx, domain)
  return above.some(({ findings }) => findings?.some(({ kind, isRight }) => kind === 'dkim' && isRight))
}

/** Sending domains that a domain lies in, the nearest first. */
const domainsAbove = async (ctx: Ctx, domain: string): Promise<SendingDomainRow[]> =>
  (await listDomains(ctx))
    .filter((row) => isWithin(domain, row.domain))
    .toSorted((a, b) => b.domain.length - a.domain.length)

/** `hello@shop.example` → `shop.example`. */
export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1)

/** Where a sealed private key belongs, so that it cannot be moved to another domain's row. */
export const keyPlace = (domainId: string, selector: string): string =>
  `dkim_key.private:${domainId}:${selector}`
