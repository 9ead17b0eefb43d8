/**
 * Renewing the keys of a domain: new ones beside the old, which sign once their records are seen; the old records stay
 * published until mails on their way have arrived, then the keys are destroyed.
 * Sources: M3AAWG DKIM Key Rotation (every six months); RFC 6376 §3.1, RFC 6376 App. C.1; compliance report §1.2
 */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import type { OrgKeys } from '../../platform/secrets/index.ts'
import { notify } from '../../team/index.ts'
import { newDkimKey, type NewDkimKey } from '../channels/email/dkim.ts'
import { errors } from '../errors.ts'
import { keyRecordName } from './dns-check.ts'
import { keyPlace } from './identity.ts'
import {
  insertDkimKey,
  listDkimKeys,
  lockDomain,
  markReminded,
  retireKeys,
  selectorsEver,
  switchKeys,
  type DkimKeyRow,
  type DnsFinding,
  type SendingDomainId,
  type SendingDomainRow,
} from './queries.ts'

const DAY_MS = 86_400_000
/** How long the record of a replaced key stays published: queues give up after five days, readers verify later. */
export const KEPT_DAYS = 14
/** The age at which keys should be renewed. */
export const KEY_AGE_DAYS = 180
const REMINDED_EVERY_DAYS = 30

const ALGORITHMS = ['rsa-sha256', 'ed25519-sha256'] as const

/** `waiting` for its record to be seen; `signing`; `replaced`: its record must stay published for a while. */
export type KeyState = 'waiting' | 'signing' | 'replaced'

/** Where a key stands. */
export const keyStateOf = ({ signsSince, replacedAt }: DkimKeyRow): KeyState =>
  replacedAt ? 'replaced' : signsSince ? 'signing' : 'waiting'

/** When the record of a replaced key may be taken from the DNS. */
export const removableAt = (replacedAt: Date): Date => new Date(replacedAt.getTime() + KEPT_DAYS * DAY_MS)

/** Have the keys that sign been in use for too long, with no new ones waiting? */
export function areKeysDue(keys: readonly DkimKeyRow[], now: Date): boolean {
  const limit = now.getTime() - KEY_AGE_DAYS * DAY_MS
  const signing = keys.filter((key) => keyStateOf(key) === 'signing')
  const isWaiting = keys.some((key) => keyStateOf(key) === 'waiting')
  return !isWaiting && signing.some(({ signsSince }) => signsSince !== null && signsSince.getTime() <= limit)
}

interface MadeKeys {
  keys: readonly NewDkimKey[]
  secrets: OrgKeys
}

/** Makes a key of each algorithm. It takes a tenth of a second: not inside a transaction. */
export async function makeKeys(ctx: Ctx): Promise<MadeKeys> {
  const keys = await Promise.all(ALGORITHMS.map((algorithm) => newDkimKey(algorithm)))
  return { keys, secrets: await ctx.platform.secrets.of(ctx) }
}

/** In the caller's transaction: keeps keys of a domain under numbered selectors. @returns the selectors */
export async function keepKeys(
  ctx: Ctx,
  domainId: SendingDomainId,
  { keys, secrets }: MadeKeys,
  { firstNo, signsSince }: { firstNo: number; signsSince: Date | null },
): Promise<string[]> {
  const selectors: string[] = []
  for (const [at, { algorithm, privatePem, record }] of keys.entries()) {
    const selector = `fanfare${firstNo + at}`
    selectors.push(selector)
    const privateSealed = secrets.seal(keyPlace(domainId, selector), privatePem)
    await insertDkimKey(ctx, { domainId, selector, algorithm, record, privateSealed, signsSince })
  }
  return selectors
}

/**
 * Makes new keys, under selectors that were never used before. They sign nothing yet.
 * @throws delivery.domain_not_found
 * @throws delivery.renewal_under_way while new keys wait for their records
 */
export async function renewKeys(ctx: Ctx, id: SendingDomainId): Promise<void> {
  const made = await makeKeys(ctx)
  await inTransaction(ctx, async (ctx) => {
    if (!(await lockDomain(ctx, id))) throw errors.domain_not_found({ id })
    const keys = await listDkimKeys(ctx, id)
    if (keys.some((key) => keyStateOf(key) === 'waiting')) throw errors.renewal_under_way({ id })
    const used = await selectorsEver(ctx, id)
    const last = Math.max(0, ...used.map(({ selector }) => Number(/^fanfare(\d+)$/.exec(selector)?.[1] ?? 0)))
    const selectors = await keepKeys(ctx, id, made, { firstNo: last + 1, signsSince: null })
    audit(ctx, 'sending_domain.keys_made', { kind: 'sending_domain', id }, { selectors })
  })
}

/** In the caller's transaction: waiting keys whose records were found sign from now on, each for its algorithm. */
export async function switchSeenKeys(
  ctx: Ctx,
  { id, domain }: Pick<SendingDomainRow, 'id' | 'domain'>,
  findings: readonly DnsFinding[],
): Promise<void> {
  const published = new Set(
    findings.filter(({ kind, isRight }) => kind === 'dkim' && isRight).map(({ name }) => name),
  )
  const seen = (await listDkimKeys(ctx, id)).filter(
    (key) => keyStateOf(key) === 'waiting' && published.has(keyRecordName(key.selector, domain)),
  )
  if (seen.length === 0) return
  const replaced = await switchKeys(ctx, id, seen)
  audit(
    ctx,
    'sending_domain.keys_switched',
    { kind: 'sending_domain', id },
    {
      signing: seen.map(({ selector }) => selector),
      replaced: replaced.map(({ selector }) => selector),
    },
  )
}

/** Destroys keys whose time beside their successors is over. */
export function retireReplacedKeys(ctx: Ctx): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    const retired = await retireKeys(ctx, new Date(ctx.now().getTime() - KEPT_DAYS * DAY_MS))
    for (const { domainId, selector } of retired)
      audit(ctx, 'sending_domain.key_retired', { kind: 'sending_domain', id: domainId }, { selector })
  })
}

/** Writes to those who answer for the organization that keys are old; once a month at most. */
export async function remindOfKeys(
  ctx: Ctx,
  row: SendingDomainRow,
  keys: readonly DkimKeyRow[],
): Promise<void> {
  if (!areKeysDue(keys, ctx.now())) return
  const before = ctx.now().getTime() - REMINDED_EVERY_DAYS * DAY_MS
  if (row.keysRemindedAt !== null && row.keysRemindedAt.getTime() > before) return
  const link = `${ctx.platform.config.publicUrl}/settings/sending`
  await notify(ctx, null, (locale) => REMINDER[locale](row.domain, link))
  // Last: a mail that does not leave is tried again with the next look.
  await markReminded(ctx, row.id)
}

const REMINDER = {
  en: (domain: string, link: string) => ({
    subject: `The keys that sign mail from ${domain} should be renewed`,
    text: `The DKIM keys of ${domain} have signed for more than six months. Renew them in the sending settings and publish the new records; the old keys go on until the new ones are seen.\n\n${link}\n\n— Fanfare`,
  }),
  fr: (domain: string, link: string) => ({
    subject: `Les clés qui signent les e-mails de ${domain} sont à renouveler`,
    text: `Les clés DKIM de ${domain} signent depuis plus de six mois. Renouvelez-les dans les réglages d’envoi et publiez les nouveaux enregistrements ; les anciennes clés servent jusqu’à ce que les nouvelles soient vues.\n\n${link}\n\n— Fanfare`,
  }),
}
