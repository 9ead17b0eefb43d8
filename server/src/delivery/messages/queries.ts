/** SQL of messages that are sent one by one. Claimed in batches, recorded in batches: no statement is run per message. */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId, MailVersionId, MessageId, RunId } from '../../platform/ids.ts'
import type { LedgerState } from '../../tracking/index.ts'
import type { Purpose, RunChannel } from '../runs/run.ts'

/** A message as it is accepted. */
export interface NewDirectMessage {
  id: MessageId
  channel: RunChannel
  purpose: Purpose
  topic: string | null
  versionId: MailVersionId
  sourceId: string
  contactId: ContactId
  month: string
  data: Readonly<Record<string, unknown>>
  key: string | null
  /** When it may leave. */
  dueAt?: Date
}

/** A message as its worker holds it. */
export interface DirectMessage extends NewDirectMessage {
  attempt: number
  isSecond: boolean
  createdAt: Date
}

/** Takes messages in; one whose key is known already makes no second. @returns the ids of those taken in */
export const insertMessages = async (
  ctx: Ctx,
  messages: readonly NewDirectMessage[],
): Promise<ReadonlySet<MessageId>> =>
  new Set(
    (
      await ctx.db.named<{ id: MessageId }>(
        'delivery_messages_insert',
        `
        insert into direct_message (org_id, id, channel, purpose, version_id, source_id, contact_id, month, data, key,
          due_at, topic, created_at, updated_at)
        select $1, m.id, m.channel, m.purpose, m.version_id, m.source_id, m.contact_id, m.month, m.data, m.key, m.due_at, m.topic, $2, $2
        from unnest($3::uuid[], $4::text[], $5::text[], $6::uuid[], $7::uuid[], $8::bigint[], $9::date[], $10::jsonb[], $11::text[],
          $12::timestamptz[], $13::text[])
          as m (id, channel, purpose, version_id, source_id, contact_id, month, data, key, due_at, topic)
        on conflict (org_id, key) where key is not null do nothing
        returning id`,
        [
          ctx.orgId,
          ctx.now(),
          messages.map((message) => message.id),
          messages.map((message) => message.channel),
          messages.map((message) => message.purpose),
          messages.map((message) => message.versionId),
          messages.map((message) => message.sourceId),
          messages.map((message) => message.contactId),
          messages.map((message) => message.month),
          messages.map((message) => JSON.stringify(message.data)),
          messages.map((message) => message.key),
          messages.map((message) => message.dueAt ?? ctx.now()),
          messages.map((message) => message.topic),
        ],
      )
    ).map(({ id }) => id),
  )

/** Who of these exist. */
export const presentContacts = async (ctx: Ctx, ids: readonly ContactId[]): Promise<ReadonlySet<ContactId>> =>
  new Set(
    (
      await ctx.db.named<{ id: ContactId }>(
        'delivery_present_contacts',
        'select id from contact where org_id = $1 and id = any($2::bigint[])',
        [ctx.orgId, ids],
      )
    ).map(({ id }) => id),
  )

/** Messages that were taken in under these keys before. */
export const messagesOfKeys = (
  ctx: Ctx,
  keys: readonly string[],
): Promise<{ key: string; id: MessageId; contactId: ContactId }[]> =>
  ctx.db.named(
    'delivery_messages_of_keys',
    'select key, id, contact_id from direct_message where org_id = $1 and key = any($2::text[])',
    [ctx.orgId, keys],
  )

const HELD = `id, channel, purpose, topic, version_id, source_id, contact_id, to_char(month, 'YYYY-MM-DD') as month, data, key, attempt, is_second, created_at`

/** Which messages are held: transactional ones of all channels, or marketing ones of one. */
export interface MessageLane {
  purpose: Purpose
  channels: readonly RunChannel[]
  limit: number
}

/** Holds messages that are due, each with its place in the log of hand-overs. */
export const holdMessages = (
  ctx: Ctx,
  jobId: string,
  flightId: string | null,
  { purpose, channels, limit }: MessageLane,
): Promise<(DirectMessage & { flightNo: number })[]> =>
  ctx.db.named(
    'delivery_messages_hold',
    `
    with due as (
      select id, due_at from direct_message
      where org_id = $1 and state = 'queued' and purpose = $6 and channel = any($7::text[]) and due_at <= $2
      order by due_at, id
      limit $5
      for update skip locked
    ), numbered as (
      select id, (row_number() over (order by due_at, id))::int as no from due
    )
    update direct_message m
    set state = 'held', held_by = $3, flight_id = $4, flight_no = numbered.no, updated_at = $2
    from numbered
    where m.org_id = $1 and m.id = numbered.id
    returning m.id, channel, purpose, topic, version_id, source_id, contact_id, to_char(month, 'YYYY-MM-DD') as month, data, key, attempt,
      is_second, created_at, flight_no`,
    [ctx.orgId, ctx.now(), jobId, flightId, limit, purpose, channels],
  )

/** What a job holds of an earlier turn: its worker died, or lost its lease. */
export const heldBy = (
  ctx: Ctx,
  jobId: string,
): Promise<(DirectMessage & { flightNo: number; flightId: string | null; heldAt: Date })[]> =>
  ctx.db.named(
    'delivery_messages_held',
    `select ${HELD}, flight_no, flight_id, updated_at as held_at from direct_message where org_id = $1 and held_by = $2 and state = 'held'`,
    [ctx.orgId, jobId],
  )

/** Where a message goes after a hand-over. */
export interface Next {
  id: MessageId
  state: 'queued' | 'ended'
  attempt: number
  isSecond: boolean
  dueAt: Date
}

export const moveOn = (ctx: Ctx, next: readonly Next[]): Promise<unknown> =>
  ctx.db.rows(
    'delivery_messages_move_on',
    `
    update direct_message m
    set state = n.state, attempt = n.attempt, is_second = n.is_second, due_at = n.due_at, held_by = null, flight_id = null,
      flight_no = null, updated_at = $2
    from unnest($3::uuid[], $4::text[], $5::smallint[], $6::boolean[], $7::timestamptz[])
      as n (id, state, attempt, is_second, due_at)
    where m.org_id = $1 and m.id = n.id`,
    [
      ctx.orgId,
      ctx.now(),
      next.map(({ id }) => id),
      next.map(({ state }) => state),
      next.map(({ attempt }) => attempt),
      next.map(({ isSecond }) => isSecond),
      next.map(({ dueAt }) => dueAt),
    ],
  )

/** When the next message that waits is due, of all or of those that are due after an instant; null when none is. */
export async function nextDue(ctx: Ctx, after: Date | null): Promise<Date | null> {
  const [row] = await ctx.db.named<{ dueAt: Date }>(
    'delivery_messages_next_due',
    `
    select due_at from direct_message
    where org_id = $1 and state = 'queued' and due_at > coalesce($2::timestamptz, '-infinity') order by due_at, id limit 1`,
    [ctx.orgId, after],
  )
  return row?.dueAt ?? null
}

/** How many marketing messages are due on each channel, up to a number. */
export const waitingMarketing = (
  ctx: Ctx,
  channels: readonly RunChannel[],
  limit: number,
): Promise<{ channel: RunChannel; messages: number }[]> =>
  ctx.db.named(
    'delivery_messages_marketing',
    `
    select asked.channel, due.messages
    from unnest($2::text[]) with ordinality as asked (channel, no)
    cross join lateral (
      select count(*)::int as messages from (
        select 1 from direct_message m
        where m.org_id = $1 and m.state = 'queued' and m.purpose = 'marketing' and m.channel = asked.channel and m.due_at <= $3
        limit $4
      ) few
    ) due
    where due.messages > 0
    order by asked.no`,
    [ctx.orgId, channels, ctx.now(), limit],
  )

/** A message with what the ledger says of it. */
export interface MessageStatusRow {
  id: MessageId
  channel: RunChannel
  purpose: Purpose
  topic: string | null
  contactId: ContactId
  key: string | null
  state: 'queued' | 'held' | 'ended'
  attempt: number
  dueAt: Date
  createdAt: Date
  ledgerState: LedgerState | null
  reason: string | null
  handedOverAt: Date | null
  stateAt: Date | null
}

export async function readMessage(ctx: Ctx, id: MessageId): Promise<MessageStatusRow | null> {
  const [row] = await ctx.db.named<MessageStatusRow>(
    'delivery_message_read',
    `
    select d.id, d.channel, d.purpose, d.topic, d.contact_id, d.key, d.state, d.attempt, d.due_at, d.created_at,
      m.state as ledger_state, nullif(m.reason, '') as reason, m.handed_over_at, m.state_at
    from direct_message d
    left join message m on m.org_id = $1 and m.run_id = d.id and m.contact_id = d.contact_id and m.channel = d.channel
      and m.month = d.month
    where d.org_id = $1 and d.id = $2`,
    [ctx.orgId, id],
  )
  return row ?? null
}

/** The topic of a message that was sent by itself; null: about anything, or no such message. */
export async function topicOfMessage(ctx: Ctx, id: RunId): Promise<string | null> {
  const [row] = await ctx.db.named<{ topic: string | null }>(
    'delivery_message_topic',
    'select topic from direct_message where org_id = $1 and id = $2',
    [ctx.orgId, id],
  )
  return row?.topic ?? null
}

/** Forgets what callers gave with messages that ended before an instant. */
export const forgetData = (ctx: Ctx, before: Date, limit: number): Promise<unknown> =>
  ctx.db.named(
    'delivery_messages_forget_data',
    `
    update direct_message set data = '{}'
    where org_id = $1 and id in (
      select id from direct_message
      where org_id = $1 and state = 'ended' and updated_at < $2 and data <> '{}' order by updated_at, id limit $3)`,
    [ctx.orgId, before, limit],
  )

/** Removes messages that ended before an instant: the ledger keeps what came of them. */
export const removeEnded = (ctx: Ctx, before: Date, limit: number): Promise<unknown> =>
  ctx.db.named(
    'delivery_messages_remove',
    `
    delete from direct_message
    where org_id = $1 and id in (
      select id from direct_message
      where org_id = $1 and state = 'ended' and updated_at < $2 order by updated_at, id limit $3)`,
    [ctx.orgId, before, limit],
  )

/** Takes a person out of the queue, with what was to be told to them. */
export const forgetMessages = (ctx: Ctx, contactId: ContactId): Promise<unknown> =>
  ctx.db.named(
    'delivery_messages_forget',
    'delete from direct_message where org_id = $1 and contact_id = $2',
    [ctx.orgId, contactId],
  )
