/** Statements over the suppression list. */
import type { Ctx } from '../../platform/context.ts'
import { byteaArray } from '../../platform/db/index.ts'
import type { ContactId } from '../../platform/ids.ts'
import type { SuppressionReason, SuppressionScope } from '../words.ts'

/** Kinds of addresses that can be suppressed; a telephone number is one, whatever travels to it. */
export type SuppressedChannel = 'email' | 'sms'

/** The kind of address that messages of a channel go to, where they go to one. */
export const suppressedChannel = (channel: string | null): SuppressedChannel =>
  channel === 'email' ? 'email' : 'sms'

/** An entry of the list. */
export interface Suppression {
  channel: SuppressedChannel
  addressHash: Buffer
  reason: SuppressionReason
  scope: SuppressionScope
  source: string
  note: string
  contactId: ContactId | null
  unsubscribedAt: Date | null
  createdAt: Date
  expiresAt: Date | null
}

/** A new entry. */
export interface NewSuppression {
  channel: SuppressedChannel
  addressHash: Buffer
  reason: SuppressionReason
  scope: SuppressionScope
  source: string
  note?: string
  contactId?: ContactId | null
  expiresAt?: Date | null
  /** The list that brings it. */
  importId?: string | null
}

const COLUMNS =
  'channel, address_hash, reason, scope, source, note, contact_id, unsubscribed_at, created_at, expires_at'

/** Weakest first: an entry gives way to a stronger reason only, so that lifting a weak one never frees an address. */
const STRENGTH = (reason: string): string =>
  `array_position(array['unsubscribe', 'import', 'soft_repeat', 'manual', 'complaint', 'hard', 'erasure'], ${reason})`

const UPSERT = `
  on conflict (org_id, channel, address_hash) do update
  set reason = excluded.reason, scope = excluded.scope, source = excluded.source, note = excluded.note,
    contact_id = coalesce(excluded.contact_id, suppression.contact_id), created_at = excluded.created_at,
    expires_at = excluded.expires_at, import_id = excluded.import_id, unsubscribed_at = coalesce(suppression.unsubscribed_at, excluded.unsubscribed_at)
  where ${STRENGTH('excluded.reason')} > ${STRENGTH('suppression.reason')}
    or (excluded.reason = suppression.reason and excluded.expires_at is distinct from suppression.expires_at)
    or suppression.expires_at <= excluded.created_at`

/** Adds entries. An entry that is there stays, unless the new reason is stronger. @returns those that are new or stronger */
export const insertSuppressions = (ctx: Ctx, entries: readonly NewSuppression[]): Promise<Suppression[]> =>
  ctx.db.named(
    'consent_suppressions_insert',
    `
    insert into suppression (org_id, channel, address_hash, reason, scope, source, note, contact_id, created_at, expires_at, import_id)
    select distinct on (s.channel, s.address_hash) $1, s.channel, s.address_hash, s.reason, s.scope, s.source, s.note, s.contact_id, $2,
      s.expires_at, s.import_id
    from unnest($3::text[], $4::bytea[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[], $10::timestamptz[], $11::uuid[])
      as s (channel, address_hash, reason, scope, source, note, contact_id, expires_at, import_id)
    order by s.channel, s.address_hash, ${STRENGTH('s.reason')} desc
    ${UPSERT}
    returning ${COLUMNS}`,
    [
      ctx.orgId,
      ctx.now(),
      entries.map((entry) => entry.channel),
      entries.map((entry) => entry.addressHash),
      entries.map((entry) => entry.reason),
      entries.map((entry) => entry.scope),
      entries.map((entry) => entry.source),
      entries.map((entry) => entry.note ?? ''),
      entries.map((entry) => entry.contactId ?? null),
      entries.map((entry) => entry.expiresAt ?? null),
      entries.map((entry) => entry.importId ?? null),
    ],
  )

/** A person's word about a channel, as far as their addresses are concerned. */
interface WordOnAddress {
  contactId: ContactId
  channel: string
  decidedAt: Date
}

const ADDRESSES = `
  select c.id as contact_id, a.channel, a.address_hash, w.decided_at
  from unnest($2::bigint[], $3::text[], $4::timestamptz[]) as w (contact_id, channel, decided_at)
  join contact c on c.org_id = $1 and c.id = w.contact_id
  cross join lateral (values ('email', c.email_hash), ('sms', c.phone_hash)) as a (channel, address_hash)
  where a.address_hash is not null
    and (w.channel = 'all' or a.channel = case when w.channel = 'whatsapp' then 'sms' else w.channel end)`

const wordColumns = (words: readonly WordOnAddress[]): unknown[] => [
  words.map((word) => word.contactId),
  words.map((word) => word.channel),
  words.map((word) => word.decidedAt),
]

/** Keeps withdrawals on the addresses: as their reason, or beneath a stronger one. */
export const suppressWithdrawn = (
  ctx: Ctx,
  source: string,
  words: readonly WordOnAddress[],
): Promise<unknown> =>
  ctx.db.named(
    'consent_withdrawn_suppress',
    `
    insert into suppression (org_id, channel, address_hash, reason, scope, source, contact_id, unsubscribed_at, created_at)
    select distinct on (a.channel, a.address_hash) $1, a.channel, a.address_hash, 'unsubscribe', 'marketing', $5, a.contact_id,
      a.decided_at, $6
    from (${ADDRESSES}) a
    order by a.channel, a.address_hash, a.decided_at desc
    on conflict (org_id, channel, address_hash) do update
    set unsubscribed_at = greatest(suppression.unsubscribed_at, excluded.unsubscribed_at)`,
    [ctx.orgId, ...wordColumns(words), source, ctx.now()],
  )

/**
 * Ends unsubscriptions that are older than a person's fresh yes. Stronger reasons stay.
 * One entry speaks for one address; a yes given on one profile counts for the address, which is the person's own.
 */
export async function endUnsubscriptions(ctx: Ctx, words: readonly WordOnAddress[]): Promise<void> {
  await ctx.db.named(
    'consent_unsubscriptions_delete',
    `
    delete from suppression s
    using (${ADDRESSES}) a
    where s.org_id = $1 and s.channel = a.channel and s.address_hash = a.address_hash and s.reason = 'unsubscribe'
      and s.unsubscribed_at <= a.decided_at`,
    [ctx.orgId, ...wordColumns(words)],
  )
  await ctx.db.named(
    'consent_unsubscriptions_forget',
    `
    update suppression s
    set unsubscribed_at = null
    from (${ADDRESSES}) a
    where s.org_id = $1 and s.channel = a.channel and s.address_hash = a.address_hash and s.unsubscribed_at <= a.decided_at`,
    [ctx.orgId, ...wordColumns(words)],
  )
}

/** One entry in force. */
export async function selectSuppression(
  ctx: Ctx,
  channel: SuppressedChannel,
  addressHash: Buffer,
): Promise<Suppression | null> {
  const [found] = await ctx.db.named<Suppression>(
    'consent_suppression_select',
    `
    select ${COLUMNS} from suppression
    where org_id = $1 and channel = $2 and address_hash = $3 and (expires_at is null or expires_at > $4)`,
    [ctx.orgId, channel, addressHash, ctx.now()],
  )
  return found ?? null
}

/** Entries in force of a contact's own addresses. */
export const selectSuppressionsOf = (ctx: Ctx, contactId: ContactId): Promise<Suppression[]> =>
  ctx.db.named(
    'consent_suppressions_of',
    `
    select s.channel, s.address_hash, s.reason, s.scope, s.source, s.note, s.contact_id, s.unsubscribed_at, s.created_at, s.expires_at
    from contact c
    join suppression s on s.org_id = $1
      and ((s.channel = 'email' and s.address_hash = c.email_hash) or (s.channel = 'sms' and s.address_hash = c.phone_hash))
    where c.org_id = $1 and c.id = $2 and (s.expires_at is null or s.expires_at > $3)
    order by s.channel`,
    [ctx.orgId, contactId, ctx.now()],
  )

/** Names of contacts, for entries that know whose address they hold. */
export const selectNames = (
  ctx: Ctx,
  contactIds: readonly ContactId[],
): Promise<{ id: ContactId; name: string }[]> =>
  ctx.db.named(
    'consent_contact_names',
    `
    select id, coalesce(nullif(concat_ws(' ', first_name, last_name), ''), email, phone, '') as name
    from contact where org_id = $1 and id = any($2::bigint[])`,
    [ctx.orgId, contactIds],
  )

/** A page of the list, newest first. */
export const selectSuppressions = (
  ctx: Ctx,
  wanted: {
    channel: SuppressedChannel | null
    reason: SuppressionReason | null
    after: { at: Date; hash: Buffer } | null
    limit: number
  },
): Promise<Suppression[]> =>
  ctx.db.named(
    'consent_suppressions_page',
    `
    select ${COLUMNS} from suppression
    where org_id = $1 and ($2::text is null or channel = $2) and ($3::text is null or reason = $3)
      and (expires_at is null or expires_at > $4)
      and ($5::timestamptz is null or (created_at, address_hash) < ($5, $6::bytea))
    order by created_at desc, address_hash desc
    limit $7`,
    [
      ctx.orgId,
      wanted.channel,
      wanted.reason,
      ctx.now(),
      wanted.after?.at ?? null,
      wanted.after?.hash ?? null,
      wanted.limit,
    ],
  )

/** Takes an entry off; what lies beneath it comes to light again. */
export async function liftEntry(ctx: Ctx, entry: Suppression): Promise<void> {
  const key = [ctx.orgId, entry.channel, entry.addressHash]
  if (entry.unsubscribedAt === null) {
    await ctx.db.named(
      'consent_suppression_delete',
      'delete from suppression where org_id = $1 and channel = $2 and address_hash = $3',
      key,
    )
    return
  }
  await ctx.db.named(
    'consent_suppression_uncover',
    `
    update suppression set reason = 'unsubscribe', scope = 'marketing', expires_at = null, created_at = unsubscribed_at
    where org_id = $1 and channel = $2 and address_hash = $3`,
    key,
  )
}

/** How many people of a batch have a suppressed address. Most lists begin empty: that is asked before any is sent. */
export async function countSuppressedPeople(
  ctx: Ctx,
  people: readonly { emailHash: string | null; phoneHash: string | null }[],
): Promise<number> {
  const [anybody] = await ctx.db.named(
    'consent_suppressed_any',
    'select 1 from suppression s where s.org_id = $1 limit 1',
    [ctx.orgId],
  )
  if (!anybody) return 0
  const [row] = await ctx.db.named<{ n: number }>(
    'consent_suppressed_count',
    `
    select count(*)::int as n
    from unnest($2::bytea[], $3::bytea[]) as p (email_hash, phone_hash)
    where exists (select 1 from suppression s where s.org_id = $1 and s.channel = 'email' and s.address_hash = p.email_hash
        and (s.expires_at is null or s.expires_at > $4))
      or exists (select 1 from suppression s where s.org_id = $1 and s.channel = 'sms' and s.address_hash = p.phone_hash
        and (s.expires_at is null or s.expires_at > $4))`,
    [
      ctx.orgId,
      byteaArray(people, (person) => person.emailHash),
      byteaArray(people, (person) => person.phoneHash),
      ctx.now(),
    ],
  )
  return row?.n ?? 0
}

/** The list forgets whose address it was; the address stays on it. */
export const forgetContact = (ctx: Ctx, contactId: ContactId): Promise<unknown> =>
  ctx.db.named(
    'consent_suppression_forget',
    "update suppression set contact_id = null, note = '' where org_id = $1 and contact_id = $2",
    [ctx.orgId, contactId],
  )

/** Remarks that name a person by one of these texts, on whatever entry. */
export const forgetRemarks = (ctx: Ctx, texts: readonly string[]): Promise<unknown> =>
  ctx.db.named(
    'consent_suppression_remarks_forget',
    `
    update suppression set note = ''
    where org_id = $1 and note <> ''
      and exists (select from unnest($2::text[]) as t (text) where position(lower(t.text) in lower(note)) > 0)`,
    [ctx.orgId, texts],
  )

/** Hashes of a contact's present addresses. */
export async function selectAddressHashes(
  ctx: Ctx,
  contactId: ContactId,
): Promise<{ emailHash: Buffer | null; phoneHash: Buffer | null } | null> {
  const [found] = await ctx.db.named<{ emailHash: Buffer | null; phoneHash: Buffer | null }>(
    'consent_address_hashes',
    'select email_hash, phone_hash from contact where org_id = $1 and id = $2',
    [ctx.orgId, contactId],
  )
  return found ?? null
}
