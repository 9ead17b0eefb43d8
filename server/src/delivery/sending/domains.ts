/** Sending domains: their keys, the records to publish, and what their DNS says. */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { systemLookup, type Lookup } from '../../platform/dns.ts'
import { newId } from '../../platform/ids.ts'
import { errors } from '../errors.ts'
import { checkRecords, expectedRecords, keyRecordName } from './dns-check.ts'
import { judgeDmarc, type DmarcJudgement } from './dmarc.ts'
import {
  deleteDomain,
  lockDomain,
  insertDomain,
  listDkimKeys,
  listDomains,
  readDomain,
  saveFindings,
  setReturnPathHost,
  type DkimKeyRow,
  type DnsFinding,
  type SendingDomainId,
  type SendingDomainRow,
} from './queries.ts'

import {
  areKeysDue,
  keepKeys,
  keyStateOf,
  makeKeys,
  remindOfKeys,
  removableAt,
  renewKeys,
  retireReplacedKeys,
  switchSeenKeys,
  type KeyState,
} from './renew-keys.ts'

/** A record to publish; of a key also where it stands. */
export interface ShownRecord extends DnsFinding {
  keyState: KeyState | null
  /** When the record of a replaced key may be taken away. */
  removableAt: Date | null
}

/** A domain with the records that it should publish. */
export interface SendingDomain {
  id: SendingDomainId
  domain: string
  returnPathHost: string | null
  records: ShownRecord[]
  dmarc: DmarcJudgement
  /** The keys have signed for so long that they should be renewed. */
  areKeysDue: boolean
  checkedAt: Date | null
  createdAt: Date
}

/** Two keys from the first day: every receiver reads RSA, and the shorter one stands beside it (RFC 8463 §6). */
/** All domains, by name. */
export async function sendingDomains(ctx: Ctx): Promise<SendingDomain[]> {
  const keys = await listDkimKeys(ctx)
  return (await listDomains(ctx)).map((row) => described(row, keys, ctx.now()))
}

/** Adds a domain and makes its keys. @throws delivery.domain_exists */
export async function addDomain(ctx: Ctx, domain: string): Promise<SendingDomain> {
  const made = await makeKeys(ctx)
  return inTransaction(ctx, async (ctx) => {
    const id = newId<'sending_domain'>(ctx.now())
    if (!(await insertDomain(ctx, { id, domain }))) throw errors.domain_exists({ domain })
    // There is none that could sign until they are published.
    await keepKeys(ctx, id, made, { firstNo: 1, signsSince: ctx.now() })
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
  const { domain, records } = await domainOf(ctx, id)
  const expected = records.map(({ keyState: _state, removableAt: _at, ...record }) => record)
  const findings = await checkRecords(expected, lookup)
  return inTransaction(ctx, async (ctx) => {
    if (!(await lockDomain(ctx, id))) throw errors.domain_not_found({ id })
    await saveFindings(ctx, id, findings)
    await switchSeenKeys(ctx, { id, domain }, findings)
    return domainOf(ctx, id)
  })
}

/** Makes new keys beside those that sign. @throws delivery.domain_not_found, delivery.renewal_under_way */
export async function renewDomainKeys(ctx: Ctx, id: SendingDomainId): Promise<SendingDomain> {
  await renewKeys(ctx, id)
  return domainOf(ctx, id)
}

/** A domain is looked at once a day, and oftener while new keys wait to be seen. */
const LOOKED_AT_EVERY_MS = 86_400_000

/** Looks at domains whose turn it is, ends old keys, and reminds people of those to renew. */
export async function tendDomains(ctx: Ctx, lookup: Lookup = systemLookup()): Promise<void> {
  await retireReplacedKeys(ctx)
  const keys = await listDkimKeys(ctx)
  const domains = await listDomains(ctx)
  for (const row of domains) {
    const isWaiting = keys.some((key) => key.domainId === row.id && keyStateOf(key) === 'waiting')
    const seenMs = row.checkedAt?.getTime() ?? 0
    if (isWaiting || seenMs <= ctx.now().getTime() - LOOKED_AT_EVERY_MS)
      await checkDomain(ctx, row.id, lookup)
  }
  const keysNow = await listDkimKeys(ctx)
  for (const row of domains) {
    const own = keysNow.filter((key) => key.domainId === row.id)
    await remindOfKeys(ctx, row, own)
  }
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
  return described(row, await listDkimKeys(ctx, id), ctx.now())
}

/** The records as they should be, with what was found when we last looked. */
function described(row: SendingDomainRow, allKeys: readonly DkimKeyRow[], now: Date): SendingDomain {
  const { id, domain, returnPathHost, checkedAt, createdAt, findings } = row
  const keys = allKeys.filter((key) => key.domainId === id)
  const byName = new Map(keys.map((key) => [keyRecordName(key.selector, domain), key]))
  const records = expectedRecords(domain, keys, returnPathHost).map(
    (record) =>
      findings?.find(
        (finding) =>
          finding.name === record.name &&
          finding.kind === record.kind &&
          finding.expected === record.expected,
      ) ?? record,
  )
  return {
    id,
    domain,
    returnPathHost,
    checkedAt,
    createdAt,
    records: records.map((record) => {
      const key = record.kind === 'dkim' ? byName.get(record.name) : undefined
      return {
        ...record,
        keyState: key ? keyStateOf(key) : null,
        removableAt: key?.replacedAt ? removableAt(key.replacedAt) : null,
      }
    }),
    dmarc: judgeDmarc(domain, returnPathHost, records),
    areKeysDue: areKeysDue(keys, now),
  }
}
