/** Sending domains: their keys, the records to publish, and what their DNS says. */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { systemLookup, type Lookup } from '../../platform/dns.ts'
import { newId } from '../../platform/ids.ts'
import { newDkimKey } from '../channels/email/dkim.ts'
import { errors } from '../errors.ts'
import { checkRecords, expectedRecords } from './dns-check.ts'
import { keyPlace } from './identity.ts'
import {
  deleteDomain,
  insertDkimKey,
  insertDomain,
  listDkimKeys,
  listDomains,
  readDomain,
  saveFindings,
  setReturnPathHost,
  type DnsFinding,
  type SendingDomainId,
  type SendingDomainRow,
} from './queries.ts'

/** A domain with the records that it should publish. */
export interface SendingDomain {
  id: SendingDomainId
  domain: string
  returnPathHost: string | null
  records: DnsFinding[]
  checkedAt: Date | null
  createdAt: Date
}

/** Two keys from the first day: every receiver reads RSA, and the shorter one stands beside it (RFC 8463 §6). */
const FIRST_KEYS = [
  { selector: 'fanfare1', algorithm: 'rsa-sha256' },
  { selector: 'fanfare2', algorithm: 'ed25519-sha256' },
] as const

/** All domains, by name. */
export async function sendingDomains(ctx: Ctx): Promise<SendingDomain[]> {
  const keys = await listDkimKeys(ctx)
  return (await listDomains(ctx)).map((row) => described(row, keys))
}

/** Adds a domain and makes its keys. @throws delivery.domain_exists */
export async function addDomain(ctx: Ctx, domain: string): Promise<SendingDomain> {
  // Making keys takes a tenth of a second: not inside a transaction.
  const made = await Promise.all(
    FIRST_KEYS.map(async ({ selector, algorithm }) => ({ selector, ...(await newDkimKey(algorithm)) })),
  )
  const secrets = await ctx.platform.secrets.of(ctx)
  return inTransaction(ctx, async (ctx) => {
    const id = newId<'sending_domain'>(ctx.now())
    if (!(await insertDomain(ctx, { id, domain }))) throw errors.domain_exists({ domain })
    for (const { selector, algorithm, privatePem, record } of made)
      await insertDkimKey(ctx, {
        domainId: id,
        selector,
        algorithm,
        record,
        privateSealed: secrets.seal(keyPlace(id, selector), privatePem),
      })
    audit(ctx, 'sending_domain.added', { kind: 'sending_domain', id }, { domain })
    return domainOf(ctx, id)
  })
}

/** Looks at what the domain publishes now, and remembers it. @throws delivery.domain_not_found */
export async function checkDomain(
  ctx: Ctx,
  id: SendingDomainId,
  lookup: Lookup = systemLookup(),
): Promise<SendingDomain> {
  const { records } = await domainOf(ctx, id)
  await saveFindings(ctx, id, await checkRecords(records, lookup))
  return domainOf(ctx, id)
}

/** Sets the host that bounces return to; its mail must come back to us. @throws delivery.domain_not_found */
export function setReturnPath(ctx: Ctx, id: SendingDomainId, host: string | null): Promise<SendingDomain> {
  return inTransaction(ctx, async (ctx) => {
    const before = await domainOf(ctx, id)
    await setReturnPathHost(ctx, id, host)
    audit(
      ctx,
      'sending_domain.return_path_set',
      { kind: 'sending_domain', id },
      { before: before.returnPathHost, after: host },
    )
    return domainOf(ctx, id)
  })
}

/** Removes a domain and its keys: mails from it are no longer signed. @throws delivery.domain_not_found */
export function removeDomain(ctx: Ctx, id: SendingDomainId): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    const [removed] = await deleteDomain(ctx, id)
    if (!removed) throw errors.domain_not_found({ id })
    audit(ctx, 'sending_domain.removed', { kind: 'sending_domain', id }, { domain: removed.domain })
  })
}

async function domainOf(ctx: Ctx, id: SendingDomainId): Promise<SendingDomain> {
  const row = await readDomain(ctx, id)
  if (!row) throw errors.domain_not_found({ id })
  return described(row, await listDkimKeys(ctx, id))
}

/** The records as they should be, with what was found when we last looked. */
function described(
  row: SendingDomainRow,
  keys: readonly { domainId: SendingDomainId; selector: string; record: string }[],
): SendingDomain {
  const { id, domain, returnPathHost, checkedAt, createdAt, findings } = row
  const expected = expectedRecords(
    domain,
    keys.filter((key) => key.domainId === id),
  )
  const records = expected.map(
    (record) =>
      findings?.find(
        (finding) =>
          finding.name === record.name &&
          finding.kind === record.kind &&
          finding.expected === record.expected,
      ) ?? record,
  )
  return { id, domain, returnPathHost, checkedAt, createdAt, records }
}
