/** The SQL of contacts themselves. */
import type { Ctx } from '../../platform/context.ts'
import {
  arrayLiteral,
  bigintArray,
  byteaArray,
  dateArray,
  jsonbArray,
  soughtBy,
  textArray,
  unlessTaken,
} from '../../platform/db/index.ts'
import type { ContactId } from '../../platform/ids.ts'
import type { Contact, ContactContent } from './draft.ts'

/** The columns of a contact, as every read gives them. */
export const CONTACT_COLUMNS = `
  c.id, c.email, c.phone, c.first_name, c.last_name, c.language, c.time_zone, c.country, c.city,
  to_char(c.birthday, 'YYYY-MM-DD') as birthday, c.subscription_tier, c.subscription_status, c.tags, c.attributes,
  c.source, c.import_id, c.created_at, c.updated_at`

/** One contact, or undefined. */
export async function selectContact(ctx: Ctx, id: ContactId): Promise<Contact | undefined> {
  const [contact] = await ctx.db.named<Contact>(
    'contacts_get',
    `select ${CONTACT_COLUMNS} from contact c where c.org_id = $1 and c.id = $2`,
    [ctx.orgId, id],
  )
  return contact
}

/** Contacts by id, locked in the order of their ids, so that two changes to the same people wait instead of deadlock. */
export function lockContacts(ctx: Ctx, ids: readonly ContactId[]): Promise<Contact[]> {
  return ctx.db.named<Contact>(
    'contacts_lock',
    `select ${CONTACT_COLUMNS} from contact c where c.org_id = $1 and c.id = any($2::bigint[]) order by c.id for update`,
    [ctx.orgId, ids],
  )
}

/** A contact as a batch reads it: with the hashes of its addresses, so that nobody computes them again. */
export interface MatchedContact extends Contact {
  /** In hex. */
  emailHash: string | null
  phoneHash: string | null
}

/** Most contacts that one phone number may find; the oldest is meant. */
const SAME_PHONE_MAX = 20
/** Who has the phone `p.phone`, the longest known first. */
const OF_PHONE = soughtBy('c.phone', 'p.phone', { by: 'c.id', most: SAME_PHONE_MAX })

/** Addresses by which a batch looks for its people. */
export interface SoughtAddresses {
  emails: readonly string[]
  /** Phones of people who bring no e-mail address: anybody with this number may be meant. */
  phones: readonly string[]
  /** Phones of people who bring one: only a contact without an address may be meant. */
  phonesBesideEmail: readonly string[]
}

/**
 * Ids of the contacts that have one of these addresses. Each address is looked up by itself (`limit` keeps the planner
 * from joining, and the order chooses the index: see `soughtBy`): before the first `analyze` of a growing table it believes
 * that an organization has a few hundred contacts and reads all of them instead, for every batch (measured: 100 ms at
 * 300,000 contacts, 6 ms this way). Whether anybody is known by phone alone is asked once before their numbers are looked up.
 */
export function selectIdsByAddress(
  ctx: Ctx,
  sought: SoughtAddresses,
): Promise<{ id: ContactId; email: string | null; phone: string | null }[]> {
  return ctx.db.named<{ id: ContactId; email: string | null; phone: string | null }>(
    'contacts_ids_by_address',
    `
    select hit.id, hit.email, hit.phone from unnest($2::text[]) as e (email)
    cross join lateral (select c.id, c.email, c.phone from contact c where c.org_id = $1 and ${soughtBy('c.email', 'e.email')}) hit
    union
    select hit.id, hit.email, hit.phone from unnest($3::text[]) as p (phone)
    cross join lateral (
      select c.id, c.email, c.phone from contact c where c.org_id = $1 and ${OF_PHONE}
    ) hit
    union
    select hit.id, hit.email, hit.phone from unnest($4::text[]) as p (phone)
    cross join lateral (
      select c.id, c.email, c.phone from contact c
      where c.org_id = $1 and c.email is null and c.phone is not null and ${OF_PHONE}
    ) hit
    where (select exists (select from contact c where c.org_id = $1 and c.email is null and c.phone is not null))`,
    [
      ctx.orgId,
      textArray(sought.emails, itself),
      textArray(sought.phones, itself),
      textArray(sought.phonesBesideEmail, itself),
    ],
  )
}

const MATCHED = `
    select ${CONTACT_COLUMNS}, encode(c.email_hash, 'hex') as email_hash, encode(c.phone_hash, 'hex') as phone_hash
    from contact c
    where c.org_id = $1 and c.id = any($2::bigint[])
    order by c.id`

/** Contacts with one of these addresses, in the order of their ids; locked when they are about to be changed. */
export async function selectByAddress(
  ctx: Ctx,
  sought: SoughtAddresses,
  mode: 'lock' | 'read',
): Promise<MatchedContact[]> {
  const ids = (await selectIdsByAddress(ctx, sought)).map(({ id }) => id)
  if (ids.length === 0) return []
  return mode === 'lock'
    ? ctx.db.named<MatchedContact>('contacts_lock_matched', `${MATCHED} for update`, [ctx.orgId, ids])
    : ctx.db.named<MatchedContact>('contacts_matched', MATCHED, [ctx.orgId, ids])
}

/** The contact with this address, or undefined. */
export async function selectByEmail(ctx: Ctx, email: string): Promise<Contact | undefined> {
  const [contact] = await ctx.db.named<Contact>(
    'contacts_by_email',
    `select ${CONTACT_COLUMNS} from contact c where c.org_id = $1 and c.email = $2`,
    [ctx.orgId, email],
  )
  return contact
}

const itself = (text: string): string => text

/** Everything that a contact's row holds beside its id and dates. */
export interface ContactWrite {
  content: Readonly<ContactContent>
  /** In hex. */
  emailHash: string | null
  phoneHash: string | null
  nameKey: string
  givenKey: string
}

/** The arrays that both bulk statements unnest, in the order of WRITE_TYPES. */
function writeArrays(writes: readonly ContactWrite[]): Buffer[] {
  const texts = (value: (write: ContactWrite) => string | null): Buffer => textArray(writes, value)
  return [
    texts((w) => w.content.email),
    byteaArray(writes, (w) => w.emailHash),
    texts((w) => w.content.phone),
    byteaArray(writes, (w) => w.phoneHash),
    texts((w) => w.content.firstName),
    texts((w) => w.content.lastName),
    texts((w) => w.nameKey),
    texts((w) => w.givenKey),
    texts((w) => w.content.language),
    texts((w) => w.content.timeZone),
    texts((w) => w.content.country),
    texts((w) => w.content.city),
    dateArray(writes, (w) => w.content.birthday),
    texts((w) => w.content.subscriptionTier),
    texts((w) => w.content.subscriptionStatus),
    tagsArray(writes),
    jsonbArray(writes, (w) => JSON.stringify(w.content.attributes)),
  ]
}

/** Tags travel as array literals within the array: unnest would flatten an array of arrays. Rows of a file share theirs. */
function tagsArray(writes: readonly ContactWrite[]): Buffer {
  const literals = new Map<readonly string[], string>()
  return textArray(writes, ({ content: { tags } }) => {
    const known = literals.get(tags)
    if (known !== undefined) return known
    const literal = arrayLiteral(tags)
    literals.set(tags, literal)
    return literal
  })
}

const WRITE_COLUMNS = `email, email_hash, phone, phone_hash, first_name, last_name, name_key, given_key, language, time_zone,
      country, city, birthday, subscription_tier, subscription_status, tags, attributes`
const WRITE_TYPES =
  'text bytea text bytea text text text text text text text text date text text text jsonb'.split(' ')
/** Where among them the tags stand. */
const TAGS_AT = WRITE_TYPES.length - 2
const writeShape = (from: number): string =>
  WRITE_TYPES.map((type, i) => `$${from + i}::${type}[]`).join(', ')

/** Where inserted contacts come from. */
export interface Origin {
  source: string
  importId: string | null
  at: Date
}

/** Rows in the form in which statements take them: made ahead of the transaction that inserts them. */
export interface PreparedRows {
  writes: readonly ContactWrite[]
  arrays: readonly Buffer[]
  /** Numbers taken for many rows; few are numbered as they are inserted. */
  ids: readonly ContactId[] | null
}

/** From this many rows on, checking each for a taken address beforehand costs more than doing it over when one is. */
const UNCHECKED_FROM = 50

/** Makes rows ready to be inserted. */
export const prepareRows = async (ctx: Ctx, writes: readonly ContactWrite[]): Promise<PreparedRows> => ({
  writes,
  arrays: writeArrays(writes),
  ids: writes.length < UNCHECKED_FROM ? null : await nextNumbers(ctx, writes.length),
})

/**
 * Inserts contacts in one statement. Addresses are looked up before, so that a taken one is a rare race: many rows are
 * inserted under numbers taken before, without `on conflict`, whose check costs 2 µs a row, and without `returning`, for
 * which the policy would be asked a second time; and once more with both when an address was taken after all.
 *
 * @returns per row its id; undefined for one whose address was taken in the meantime: the caller reads that contact and
 *   applies its policy
 */
export async function insertContacts(
  ctx: Ctx,
  rows: PreparedRows,
  origin: Origin,
): Promise<readonly (ContactId | undefined)[]> {
  const { ids, writes, arrays } = rows
  const values = [ctx.orgId, origin.source, origin.importId, origin.at, ...arrays]
  const isInserted =
    ids !== null &&
    (await unlessTaken(ctx, () =>
      ctx.db.named('contacts_insert_numbered', INSERT_NUMBERED, [...values, bigintArray(ids, itself)]),
    )) !== undefined
  if (isInserted) return ids
  const inserted = await ctx.db.named<{ id: ContactId; address: string }>(
    'contacts_insert',
    `${INSERT} on conflict (org_id, email) do nothing returning id, coalesce(email, phone, '') as address`,
    values,
  )
  const idByAddress = new Map(inserted.map((row) => [row.address, row.id]))
  return writes.map(({ content }) => idByAddress.get(content.email ?? content.phone ?? ''))
}

// Arrays are unnested in the select list, which reads them side by side: in `from` each would go into a store of its own
// first (measured: 2 µs a row, of 18 without the indexes).
const WRITES_UNNESTED = WRITE_TYPES.map((type, i) =>
  i === TAGS_AT ? `unnest($${5 + i}::text[])::text[]` : `unnest($${5 + i}::${type}[])`,
).join(', ')
const INSERT = `
    insert into contact (org_id, source, import_id, created_at, updated_at, ${WRITE_COLUMNS})
    select $1, $2, $3, $4, $4, ${WRITES_UNNESTED}`
const INSERT_NUMBERED = `
    insert into contact (org_id, source, import_id, created_at, updated_at, ${WRITE_COLUMNS}, id)
    select $1, $2, $3, $4, $4, ${WRITES_UNNESTED}, unnest($${5 + WRITE_TYPES.length}::bigint[])`

/** Updates of this many rows are joined by probes of the primary key, whatever the planner believes. */
const PROBED_FROM = 50

/** Puts whole contents in the place of the present ones; the rows are locked by the caller. */
export async function updateContacts(
  ctx: Ctx,
  ids: readonly ContactId[],
  writes: readonly ContactWrite[],
  at: Date,
): Promise<void> {
  // As in selectIdsByAddress: without statistics a hash join would read every contact of the organization.
  const isLarge = ids.length >= PROBED_FROM
  if (isLarge) await setJoins(ctx, 'off')
  await ctx.db.named(
    'contacts_update',
    `
    update contact c set
      email = w.email, email_hash = w.email_hash, phone = w.phone, phone_hash = w.phone_hash, first_name = w.first_name,
      last_name = w.last_name, name_key = w.name_key, given_key = w.given_key, language = w.language, time_zone = w.time_zone,
      country = w.country, city = w.city, birthday = w.birthday, subscription_tier = w.subscription_tier,
      subscription_status = w.subscription_status, tags = w.tags::text[], attributes = w.attributes, updated_at = $2
    from unnest($3::bigint[], ${writeShape(4)}) as w (id, ${WRITE_COLUMNS})
    where c.org_id = $1 and c.id = w.id`,
    [ctx.orgId, at, ids, ...writeArrays(writes)],
  )
  if (isLarge) await setJoins(ctx, 'on')
}

/** Allows or forbids hash and merge joins until the end of the transaction. */
function setJoins(ctx: Ctx, state: 'on' | 'off'): Promise<unknown> {
  return ctx.db.named(
    'contacts_set_joins',
    `select set_config('enable_hashjoin', $1, true), set_config('enable_mergejoin', $1, true)`,
    [state],
  )
}

/** Puts deleted contacts back under their old ids; one whose address has been taken since stays away. */
export function reinsertContacts(
  ctx: Ctx,
  contacts: readonly Contact[],
  writes: readonly ContactWrite[],
): Promise<{ id: ContactId }[]> {
  return ctx.db.named<{ id: ContactId }>(
    'contacts_reinsert',
    `
    insert into contact (org_id, id, source, import_id, created_at, updated_at, ${WRITE_COLUMNS})
    select $1, w.id, w.source, w.import_id, w.created_at, w.updated_at, w.email, w.email_hash, w.phone, w.phone_hash, w.first_name,
      w.last_name, w.name_key, w.given_key, w.language, w.time_zone, w.country, w.city, w.birthday, w.subscription_tier,
      w.subscription_status, w.tags::text[], w.attributes
    from unnest($2::bigint[], $3::text[], $4::uuid[], $5::timestamptz[], $6::timestamptz[], ${writeShape(7)})
      as w (id, source, import_id, created_at, updated_at, ${WRITE_COLUMNS})
    on conflict do nothing
    returning id`,
    [
      ctx.orgId,
      contacts.map((c) => c.id),
      contacts.map((c) => c.source),
      contacts.map((c) => c.importId),
      contacts.map((c) => c.createdAt),
      contacts.map((c) => c.updatedAt),
      ...writeArrays(writes),
    ],
  )
}

/** Numbers of the sequence that numbers contacts, ascending. The sequence is looked up once, not for each of them. */
export async function nextNumbers(ctx: Ctx, count: number): Promise<ContactId[]> {
  const [row] = await ctx.db.rows(
    'contacts_numbers',
    `
    with sequence as materialized (select pg_get_serial_sequence('contact', 'id')::regclass as name)
    select string_agg(nextval(s.name)::text, ',') from sequence s cross join generate_series(1, $1::int)`,
    [count],
  )
  const numbers = row?.[0] as string // the select list has one column, a list of at least one number
  return numbers.split(',') as ContactId[]
}

/** Takes contacts off the list. @returns the ids that were there */
export function deleteContacts(ctx: Ctx, ids: readonly ContactId[]): Promise<{ id: ContactId }[]> {
  return ctx.db.named<{ id: ContactId }>(
    'contacts_delete',
    'delete from contact where org_id = $1 and id = any($2::bigint[]) returning id',
    [ctx.orgId, ids],
  )
}

/** Remembers tags, so that they can be offered. */
export function rememberTags(ctx: Ctx, tags: readonly string[], at: Date): Promise<unknown> {
  return ctx.db.named(
    'contacts_remember_tags',
    `
    insert into contact_tag (org_id, tag, created_at)
    select $1, t.tag, $3 from unnest($2::text[]) as t (tag)
    on conflict (org_id, tag) do nothing`,
    [ctx.orgId, tags, at],
  )
}

/** Tags that begin with a text, in order. */
export function selectTags(ctx: Ctx, prefix: string, limit: number): Promise<{ tag: string }[]> {
  return ctx.db.named<{ tag: string }>(
    'contacts_tags',
    'select tag from contact_tag where org_id = $1 and starts_with(lower(tag), lower($2)) order by lower(tag), tag limit $3',
    [ctx.orgId, prefix, limit],
  )
}

/**
 * Serialises, for the rest of the transaction, whoever adds people that have a phone and no e-mail: no unique index
 * can tell that two such rows are one person, because families share a phone.
 */
export function lockPhoneOnly(ctx: Ctx): Promise<unknown> {
  return ctx.db.named(
    'contacts_lock_phone_only',
    `select pg_advisory_xact_lock(hashtext('contacts.phone'), hashtext($1))`,
    [ctx.orgId],
  )
}
