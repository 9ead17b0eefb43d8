/** Statements over consent events and preferences. */
import type { Ctx } from '../../platform/context.ts'
import type { CampaignId, ContactId } from '../../platform/ids.ts'
import type {
  ConsentBasis,
  ConsentChannel,
  ConsentPurpose,
  ConsentSource,
  ConsentState,
  StoredPurpose,
} from '../words.ts'
import { RESTRICTIVENESS } from './fold.ts'

/** One consent event as it is stored. */
export interface ConsentEventRow {
  contactId: ContactId
  channel: ConsentChannel
  purpose: StoredPurpose
  state: ConsentState
  basis: ConsentBasis
  occurredAt: Date
  expiresAt: Date | null
  sourceId: string | null
  sourceVersion: string | null
  wordingHash: Buffer | null
  locale: string | null
  campaignId: CampaignId | null
  reason: string | null
}

/** What all events of one call have in common: who wrote them down. */
export interface ConsentRecorder {
  sourceKind: string
  actorKind: string
  actorId: string | null
  addressPrefix: string | null
  userAgentFamily: string | null
}

/** A preference that changed. */
export interface ChangedPreference {
  contactId: ContactId
  channel: ConsentChannel
  purpose: StoredPurpose
  state: ConsentState
  decidedAt: Date
}

const RANK = (state: string): string => `array_position(array['${RESTRICTIVENESS.join(`', '`)}'], ${state})`

/**
 * Appends events and folds them, in one statement: the history and the word in force cannot differ. The fold is
 * `takesPlaceOf`; rows are locked in the order of their key, so that batches never deadlock.
 */
export const insertEvents = (
  ctx: Ctx,
  recorder: ConsentRecorder,
  rows: readonly ConsentEventRow[],
): Promise<ChangedPreference[]> =>
  ctx.db.named(
    'consent_events_insert',
    `
    with recorded as (
      insert into consent_event (org_id, contact_id, channel, purpose, state, basis, occurred_at, recorded_at, expires_at,
        source_kind, source_id, source_version, wording_hash, locale, actor_kind, actor_id, address_prefix,
        user_agent_family, campaign_id, reason)
      select $1, e.contact_id, e.channel, e.purpose, e.state, e.basis, e.occurred_at, $2, e.expires_at,
        $3, e.source_id, e.source_version, e.wording_hash, e.locale, $4, $5, $6, $7, e.campaign_id, e.reason
      from unnest($8::bigint[], $9::text[], $10::text[], $11::text[], $12::text[], $13::timestamptz[], $14::timestamptz[],
        $15::text[], $16::text[], $17::bytea[], $18::text[], $19::uuid[], $20::text[])
        as e (contact_id, channel, purpose, state, basis, occurred_at, expires_at,
          source_id, source_version, wording_hash, locale, campaign_id, reason)
      returning id, contact_id, channel, purpose, state, occurred_at, expires_at
    )
    insert into preference (org_id, contact_id, channel, purpose, state, decided_at, expires_at, event_id)
    select distinct on (r.contact_id, r.channel, r.purpose) $1, r.contact_id, r.channel, r.purpose, r.state, r.occurred_at,
      r.expires_at, r.id
    from recorded r
    order by r.contact_id, r.channel, r.purpose, (r.state = 'pending'), r.occurred_at desc, ${RANK('r.state')} desc, r.id desc
    on conflict (org_id, contact_id, channel, purpose) do update
    set state = excluded.state, decided_at = excluded.decided_at, expires_at = excluded.expires_at, event_id = excluded.event_id
    where case
      when (excluded.state = 'pending') <> (preference.state = 'pending') then preference.state = 'pending'
      else (excluded.decided_at, ${RANK('excluded.state')}, excluded.event_id)
        > (preference.decided_at, ${RANK('preference.state')}, preference.event_id) end
    returning contact_id, channel, purpose, state, decided_at`,
    [
      ctx.orgId,
      ctx.now(),
      recorder.sourceKind,
      recorder.actorKind,
      recorder.actorId,
      recorder.addressPrefix,
      recorder.userAgentFamily,
      rows.map((row) => row.contactId),
      rows.map((row) => row.channel),
      rows.map((row) => row.purpose),
      rows.map((row) => row.state),
      rows.map((row) => row.basis),
      rows.map((row) => row.occurredAt),
      rows.map((row) => row.expiresAt),
      rows.map((row) => row.sourceId),
      rows.map((row) => row.sourceVersion),
      rows.map((row) => row.wordingHash),
      rows.map((row) => row.locale),
      rows.map((row) => row.campaignId),
      rows.map((row) => row.reason),
    ],
  )

/** Makes changes to one person's word wait for each other, so that repeating one is seen to be repeating. */
export const lockPerson = (ctx: Ctx, contactId: ContactId): Promise<unknown> =>
  ctx.db.named('consent_person_lock', 'select pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `consent:${ctx.orgId}:${contactId}`,
  ])

/** Stores a wording once. */
export const insertWording = (
  ctx: Ctx,
  wording: { hash: Buffer; locale: string; text: string },
): Promise<unknown> =>
  ctx.db.named(
    'consent_wording_insert',
    `
    insert into consent_wording (org_id, hash, locale, text, created_at) values ($1, $2, $3, $4, $5)
    on conflict (org_id, hash) do nothing`,
    [ctx.orgId, wording.hash, wording.locale, wording.text, ctx.now()],
  )

/** The word in force about one channel and purpose. */
export interface Preference {
  contactId: ContactId
  channel: ConsentChannel
  purpose: StoredPurpose
  state: ConsentState
  decidedAt: Date
  expiresAt: Date | null
}

/** All words in force of some people. */
export const selectPreferences = (ctx: Ctx, contactIds: readonly ContactId[]): Promise<Preference[]> =>
  ctx.db.named(
    'consent_preferences_select',
    `
    select contact_id, channel, purpose, state, decided_at, expires_at
    from preference
    where org_id = $1 and contact_id = any($2::bigint[])
    order by contact_id, channel, purpose`,
    [ctx.orgId, contactIds],
  )

/** Who of these people has a live grant for one channel and purpose. */
export const selectGranted = (
  ctx: Ctx,
  contactIds: readonly ContactId[],
  channel: ConsentChannel,
  purpose: StoredPurpose,
): Promise<unknown[][]> =>
  ctx.db.rows(
    'consent_granted_select',
    `
    select contact_id from preference
    where org_id = $1 and contact_id = any($2::bigint[]) and channel = $3 and purpose = $4 and state = 'granted'
      and (expires_at is null or expires_at > $5)`,
    [ctx.orgId, contactIds, channel, purpose, ctx.now()],
  )

/** Whose word in force about a channel's marketing is a withdrawal that came from one source, with no word against all channels. */
export const selectWithdrawnBy = (
  ctx: Ctx,
  contactIds: readonly ContactId[],
  channel: ConsentChannel,
  source: ConsentSource,
): Promise<{ contactId: ContactId }[]> =>
  ctx.db.named(
    'consent_withdrawn_by_select',
    `
    select p.contact_id
    from preference p
    join consent_event e on e.org_id = $1 and e.id = p.event_id
    where p.org_id = $1 and p.contact_id = any($2::bigint[]) and p.channel = $3 and p.purpose = 'marketing'
      and p.state = 'withdrawn' and e.source_kind = $4
      and not exists (
        select 1 from preference a
        where a.org_id = $1 and a.contact_id = p.contact_id and a.channel = 'all' and a.purpose = 'marketing'
          and a.state in ('denied', 'withdrawn'))`,
    [ctx.orgId, contactIds, channel, source],
  )

/** Who of these people has said no about one channel and purpose. */
export const selectRefused = (
  ctx: Ctx,
  contactIds: readonly ContactId[],
  channel: ConsentChannel,
  purpose: StoredPurpose,
): Promise<unknown[][]> =>
  ctx.db.rows(
    'consent_refused_select',
    `
    select contact_id from preference
    where org_id = $1 and contact_id = any($2::bigint[]) and channel = $3 and purpose = $4
      and state in ('denied', 'withdrawn')`,
    [ctx.orgId, contactIds, channel, purpose],
  )

/** One entry of a person's history. */
export interface ConsentHistoryRow {
  id: string
  channel: ConsentChannel
  purpose: StoredPurpose
  state: ConsentState
  basis: ConsentBasis
  occurredAt: Date
  recordedAt: Date
  expiresAt: Date | null
  sourceKind: string
  sourceId: string | null
  sourceVersion: string | null
  wording: string | null
  wordingHash: Buffer | null
  locale: string | null
  actorKind: string
  actorId: string | null
  addressPrefix: string | null
  userAgentFamily: string | null
  campaignId: CampaignId | null
  reason: string | null
}

/** A person's history, oldest first, with that of profiles merged into this one. */
export const selectHistory = (ctx: Ctx, contactId: ContactId, limit: number): Promise<ConsentHistoryRow[]> =>
  ctx.db.named(
    'consent_history_select',
    `
    with recursive same_person (contact_id) as (
      select $2::bigint
      union
      select m.source_id::bigint
      from same_person p
      join consent_event m on m.org_id = $1 and m.contact_id = p.contact_id and m.source_kind = 'merge'
      where m.source_id is not null
    )
    select e.id, e.channel, e.purpose, e.state, e.basis, e.occurred_at, e.recorded_at, e.expires_at, e.source_kind, e.source_id,
      e.source_version, w.text as wording, e.wording_hash, e.locale, e.actor_kind, e.actor_id, e.address_prefix,
      e.user_agent_family, e.campaign_id, e.reason
    from same_person p
    join consent_event e on e.org_id = $1 and e.contact_id = p.contact_id
    left join consent_wording w on w.org_id = $1 and w.hash = e.wording_hash
    order by e.occurred_at, e.id
    limit $3`,
    [ctx.orgId, contactId, limit],
  )

/** A word of anybody, with whose it is. */
export interface LedgerRow extends ConsentHistoryRow {
  contactId: ContactId
  contactName: string
}

/** The latest words of all people, with their present names. Words of contacts that are gone name nobody. */
export const selectLedger = (
  ctx: Ctx,
  wanted: {
    channel: ConsentChannel | null
    state: ConsentState | null
    campaignId: CampaignId | null
    purpose: ConsentPurpose | null
    before: string | null
    limit: number
  },
): Promise<LedgerRow[]> =>
  ctx.db.named(
    `consent_ledger_select${wanted.campaignId === null ? '' : '_campaign'}`,
    `
    select e.id, e.contact_id, coalesce(nullif(concat_ws(' ', c.first_name, c.last_name), ''), c.email, c.phone, '') as contact_name,
      e.channel, e.purpose, e.state, e.basis, e.occurred_at, e.recorded_at, e.expires_at, e.source_kind, e.source_id,
      e.source_version, w.text as wording, e.wording_hash, e.locale, e.actor_kind, e.actor_id, e.address_prefix,
      e.user_agent_family, e.campaign_id, e.reason
    from consent_event e
    left join contact c on c.org_id = $1 and c.id = e.contact_id
    left join consent_wording w on w.org_id = $1 and w.hash = e.wording_hash
    where e.org_id = $1 and ($2::text is null or e.channel = $2) and ($3::text is null or e.state = $3)
      and ($4::bigint is null or e.id < $4) and ${ofCampaign('e.', '$6', wanted.campaignId)}
      and ($7::text is null or e.purpose = $7 or $7 = 'marketing' and starts_with(e.purpose, 'topic:'))
    order by e.id desc
    limit $5`,
    [ctx.orgId, wanted.channel, wanted.state, wanted.before, wanted.limit, wanted.campaignId, wanted.purpose],
  )

/** Of one campaign or of all: two statements, so that the one of a campaign always finds its index. */
const ofCampaign = (prefix: string, param: string, campaignId: CampaignId | null): string =>
  campaignId === null ? `${param}::uuid is null` : `${prefix}campaign_id = ${param}::uuid`

/** Reasons that came with withdrawals, the most frequent first. */
export const selectLeavingReasons = (
  ctx: Ctx,
  campaignId: CampaignId | null,
  limit: number,
): Promise<{ reason: string | null; people: number }[]> =>
  ctx.db.named(
    `consent_leaving_reasons${campaignId === null ? '' : '_campaign'}`,
    `
    select reason, count(distinct contact_id)::int as people
    from consent_event
    where org_id = $1 and state = 'withdrawn' and source_kind in ('one_click', 'unsubscribe_page', 'preference_page')
      and (purpose = 'marketing' or starts_with(purpose, 'topic:')) and ${ofCampaign('', '$2', campaignId)}
    group by reason
    order by people desc, reason
    limit $3`,
    [ctx.orgId, campaignId, limit],
  )

/** A grant that a withdrawal ended: what it said, so that it can be said again. */
export interface EndedGrant {
  contactId: ContactId
  basis: ConsentBasis
  expiresAt: Date | null
}

/**
 * Grants of a channel's marketing that were live until a withdrawal of one kind, where that withdrawal is still in force and
 * no word stands against all channels. A withdrawal of that kind that was repeated ended the same grant.
 */
export const selectEndedGrants = (
  ctx: Ctx,
  contactIds: readonly ContactId[],
  channel: ConsentChannel,
  sourceId: string,
): Promise<EndedGrant[]> =>
  ctx.db.named(
    'consent_ended_grants_select',
    `
    select p.contact_id, b.basis, b.expires_at
    from preference p
    join consent_event e on e.org_id = $1 and e.id = p.event_id
    cross join lateral (
      select before.state, before.basis, before.expires_at
      from consent_event before
      where before.org_id = $1 and before.contact_id = p.contact_id and before.channel = p.channel
        and before.purpose = p.purpose and before.state <> 'pending'
        and (before.occurred_at, before.id) < (e.occurred_at, e.id)
        and not (before.state = 'withdrawn' and before.source_id is not distinct from $4)
      order by before.occurred_at desc, before.id desc
      limit 1) b
    where p.org_id = $1 and p.contact_id = any($2::bigint[]) and p.channel = $3 and p.purpose = 'marketing'
      and p.state = 'withdrawn' and e.source_id = $4
      and b.state = 'granted' and (b.expires_at is null or b.expires_at > $5)
      and not exists (
        select from preference a
        where a.org_id = $1 and a.contact_id = p.contact_id and a.channel = 'all' and a.purpose = 'marketing'
          and a.state in ('denied', 'withdrawn'))
    order by p.contact_id`,
    [ctx.orgId, contactIds, channel, sourceId, ctx.now()],
  )

/** Forgets what a person said. */
export async function deletePerson(ctx: Ctx, contactId: ContactId): Promise<void> {
  await ctx.db.named(
    'consent_preference_forget',
    'delete from preference where org_id = $1 and contact_id = $2',
    [ctx.orgId, contactId],
  )
  await ctx.db.named(
    'consent_event_forget',
    'delete from consent_event where org_id = $1 and contact_id = $2',
    [ctx.orgId, contactId],
  )
}
