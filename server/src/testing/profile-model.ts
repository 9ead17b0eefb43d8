/**
 * What profiles should read, computed from log and ledger in plain TypeScript, one event after the other: a second
 * opinion that shares no line with the statements.
 */
import type { Ctx } from '../platform/context.ts'

interface Row {
  contactId: string
  seq: string
  at: Date
  type: string
  channel: string | null
  runId: string | null
  payload: {
    machine?: boolean
    orderId?: string
    money?: { amountMinor: number; currency: string }
    properties?: { tier?: string }
    clicks?: { seq: string }[]
    context?: { timezone?: string }
  }
}

/** One contact as comparable values; zeros are left out. */
type Standing = Record<string, string> & { contactId: string }

type Value = Date | string | number | bigint | readonly number[] | null | undefined

const DAY_MS = 86_400_000
const dayNo = (at: Date): number => Math.floor((at.getTime() - Date.UTC(2020, 0, 1)) / DAY_MS)

const unit = (day: number): bigint =>
  day < 0 ? 0n : BigInt(Math.round(65_536 * 2 ** ((day % 30) / 30))) << BigInt(Math.floor(day / 30))

/** What stands in the derived tables. */
export async function standingProfiles(ctx: Ctx): Promise<Standing[]> {
  const rows = await ctx.db.query<Record<string, Value> & { contactId: string }>(
    `select contact_id, orders, refunds, revenue_minor, refunded_minor, average_order_minor, last_order_minor, first_order_at, last_order_at,
       first_activity_at, last_activity_at, activity_points, engagement_score, lifetime_value_minor, spending_level,
       subscription_tier, subscription_status, best_hours from contact_profile where org_id = $1`,
    [ctx.orgId],
  )
  const engaged = await ctx.db.query<Record<string, Value> & { contactId: string; channel: string }>(
    `select contact_id, channel, opened, clicked, converted, last_opened_at, last_clicked_at from contact_engagement where org_id = $1`,
    [ctx.orgId],
  )
  const received = await ctx.db.query<Record<string, Value> & { contactId: string; channel: string }>(
    'select contact_id, channel, received from contact_received where org_id = $1',
    [ctx.orgId],
  )
  const other = await ctx.db.query<Record<string, Value> & { contactId: string; currency: string }>(
    `select contact_id, currency, orders, revenue_minor, refunded_minor from contact_other_money where org_id = $1`,
    [ctx.orgId],
  )
  const all = new Map<string, Standing>()
  const of = (contactId: string): Standing => {
    const standing = all.get(contactId) ?? { contactId }
    all.set(contactId, standing)
    return standing
  }
  for (const { contactId, ...values } of rows) put(of(contactId), values, '')
  for (const { contactId, channel, ...values } of [...engaged, ...received])
    put(of(contactId), values, `${channel}.`)
  for (const { contactId, currency, ...values } of other) put(of(contactId), values, `${currency}.`)
  return sorted(all)
}

function put(standing: Standing, values: Record<string, Value>, prefix: string): void {
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === undefined || String(value) === '0') continue
    if (Array.isArray(value) && value.every((n) => n === 0)) continue
    standing[prefix + name] =
      value instanceof Date ? value.toISOString() : Array.isArray(value) ? value.join() : String(value)
  }
}

const sorted = (all: ReadonlyMap<string, Standing>): Standing[] =>
  [...all.values()]
    .filter((standing) => Object.keys(standing).length > 1)
    .toSorted((a, b) => Number(a.contactId) - Number(b.contactId))

/** What should stand there. */
export async function expectedProfiles(ctx: Ctx): Promise<Standing[]> {
  const [org] = await ctx.db.query<{ currency: string; timeZone: string }>(
    'select currency, time_zone from organization where id = $1',
    [ctx.orgId],
  )
  const contacts = await ctx.db.query<{ id: string; timeZone: string | null }>(
    'select id, time_zone from contact where org_id = $1',
    [ctx.orgId],
  )
  const events = await ctx.db.query<Row>(
    `select contact_id, seq, at, type, channel, run_id, payload from event where org_id = $1 and contact_id is not null order by seq`,
    [ctx.orgId],
  )
  const messages = await ctx.db.query<{ contactId: string; channel: string }>(
    `select contact_id, channel from message where org_id = $1 and state in ('sent', 'delivered')`,
    [ctx.orgId],
  )
  const aliases = new Map(
    (
      await ctx.db.query<{ mergedId: string; keptId: string }>(
        'select merged_id, kept_id from contact_alias where org_id = $1',
        [ctx.orgId],
      )
    ).map(({ mergedId, keptId }) => [mergedId, keptId]),
  )
  const present = (id: string): string => {
    let now = id
    for (let next = aliases.get(now); next !== undefined; next = aliases.get(now)) now = next
    return now
  }
  const all = new Map<string, Standing>()
  for (const { id, timeZone } of contacts) {
    const standing: Standing = { contactId: id }
    const own = events.filter((event) => event.contactId === id)
    activityOf(standing, own, timeZone ?? lastZone(own) ?? org?.timeZone ?? 'UTC', ctx.now())
    ordersOf(standing, own, org?.currency ?? '', ctx.now())
    messagesOf(
      standing,
      own,
      messages.filter((message) => present(message.contactId) === id).map(({ channel }) => channel),
    )
    all.set(id, standing)
  }
  return sorted(all)
}

/** The zone of the last visit that named one there is. */
function lastZone(own: readonly Row[]): string | null {
  const named = own
    .filter(({ payload }) => Intl.supportedValuesOf('timeZone').includes(payload.context?.timezone ?? ''))
    .toSorted((a, b) => a.at.getTime() - b.at.getTime() || Number(a.seq) - Number(b.seq))
  return named.at(-1)?.payload.context?.timezone ?? null
}

function machineClicks(own: readonly Row[]): Set<string> {
  return new Set(
    own.flatMap((event) =>
      event.type === 'message.clicks_reclassified' ? (event.payload.clicks ?? []).map(({ seq }) => seq) : [],
    ),
  )
}

const isHuman = (event: Row, machines: ReadonlySet<string>): boolean =>
  event.payload.machine !== true && !machines.has(event.seq)

const WEIGHTS: Readonly<Record<string, number>> = {
  page: 1,
  'message.opened': 1,
  'message.clicked': 3,
  'message.replied': 3,
  'track:Order Completed': 10,
  'track:Video Watched': 1,
  'track:Subscription Started': 1,
}

/** What is done with a message by reading it. */
const READINGS: ReadonlySet<string> = new Set(['message.opened', 'message.clicked'])

function activityOf(standing: Standing, own: readonly Row[], zone: string, now: Date): void {
  const machines = machineClicks(own)
  const hours = Array.from({ length: 24 }, () => 0)
  let points = 0n
  let [first, last] = [Infinity, -Infinity]
  for (const event of own) {
    const weight = WEIGHTS[event.type]
    if (weight === undefined || !isHuman(event, machines)) continue
    points += BigInt(weight) * unit(dayNo(event.at))
    first = Math.min(first, event.at.getTime())
    last = Math.max(last, event.at.getTime())
    if (READINGS.has(event.type)) {
      const hour = Number(
        new Intl.DateTimeFormat('en', { hour: 'numeric', hourCycle: 'h23', timeZone: zone }).format(event.at),
      )
      hours[hour] = (hours[hour] ?? 0) + 1
    }
  }
  const half = 20n * unit(dayNo(now))
  put(
    standing,
    {
      firstActivityAt: first === Infinity ? null : new Date(first),
      lastActivityAt: first === Infinity ? null : new Date(last),
      activityPoints: points,
      engagementScore: points === 0n ? 0 : (200n * points + points + half) / (2n * (points + half)),
      bestHours: hours,
    },
    '',
  )
}

function purchasesOf(own: readonly Row[]): Map<string, Row> {
  const orders = new Map<string, Row>()
  for (const event of own) {
    const key = event.payload.orderId ?? `#${event.seq}`
    if (event.type === 'track:Order Completed' && !orders.has(key)) orders.set(key, event)
  }
  return orders
}

function ordersOf(standing: Standing, own: readonly Row[], currency: string, now: Date): void {
  const orders = purchasesOf(own)
  const paid = new Map<string, { orders: number; paid: number; refunded: number }>()
  const purse = (code: string): { orders: number; paid: number; refunded: number } => {
    const money = paid.get(code) ?? { orders: 0, paid: 0, refunded: 0 }
    paid.set(code, money)
    return money
  }
  for (const { payload } of orders.values()) {
    if (!payload.money) continue
    purse(payload.money.currency).orders += 1
    purse(payload.money.currency).paid += payload.money.amountMinor
  }
  const refunds = new Map<string, number>()
  let count = 0
  for (const event of own) {
    if (event.type !== 'track:Order Refunded') continue
    count += 1
    const key = event.payload.orderId ?? `#${event.seq}`
    const of = orders.get(key)?.payload.money
    const money = event.payload.money ?? of
    if (!money) continue
    const name = `${key}\0${money.currency}`
    const before = refunds.get(name) ?? 0
    const most = of?.currency === money.currency ? of.amountMinor : Infinity
    const after = Math.min(most, before + money.amountMinor)
    refunds.set(name, after)
    purse(money.currency).refunded += after - before
  }
  const inOrder = [...orders.values()].toSorted(
    (a, b) => a.at.getTime() - b.at.getTime() || Number(a.seq) - Number(b.seq),
  )
  const mine = inOrder.filter(({ payload }) => payload.money?.currency === currency)
  const purseOfOwn = purse(currency)
  const revenue = purseOfOwn.paid - purseOfOwn.refunded
  const [first, last] = [inOrder[0], inOrder.at(-1)]
  const subscriptions = own
    .filter(({ type }) => type.startsWith('track:Subscription'))
    .toSorted((a, b) => a.at.getTime() - b.at.getTime() || Number(a.seq) - Number(b.seq))
  const started = subscriptions.filter(({ type }) => type === 'track:Subscription Started').at(-1)
  put(
    standing,
    {
      orders: orders.size,
      refunds: count,
      revenueMinor: revenue,
      refundedMinor: purseOfOwn.refunded,
      averageOrderMinor: purseOfOwn.orders === 0 ? null : Math.round(purseOfOwn.paid / purseOfOwn.orders),
      lastOrderMinor: mine.at(-1)?.payload.money?.amountMinor,
      firstOrderAt: first?.at,
      lastOrderAt: last?.at,
      spendingLevel:
        orders.size === 0 ? null : revenue >= 50_000 ? 'high' : revenue >= 10_000 ? 'medium' : 'low',
      subscriptionStatus:
        subscriptions.length === 0 ? null : subscriptions.at(-1) === started ? 'active' : 'ended',
      subscriptionTier: started?.payload.properties?.tier,
      lifetimeValueMinor: lifetime(revenue, first?.at, last?.at, now),
    },
    '',
  )
  for (const [code, money] of paid)
    if (code !== currency)
      put(
        standing,
        { orders: money.orders, revenueMinor: money.paid - money.refunded, refundedMinor: money.refunded },
        `${code}.`,
      )
}

function lifetime(revenue: number, first: Date | undefined, last: Date | undefined, now: Date): number {
  if (revenue <= 0 || !first || !last) return 0
  const steps = Math.floor(Math.max(0, dayNo(now) - dayNo(last)) / 30)
  const left = Math.round(65_536 * 2 ** (-(steps % 6) / 6)) / 65_536 / 2 ** Math.floor(steps / 6)
  return revenue + Math.floor((revenue * 365 * left) / Math.max(365, dayNo(now) - dayNo(first)))
}

function messagesOf(standing: Standing, own: readonly Row[], received: readonly string[]): void {
  const machines = machineClicks(own)
  const hits = own.filter(
    (event) => READINGS.has(event.type) && event.runId !== null && isHuman(event, machines),
  )
  const clicks = hits
    .filter(({ type }) => type === 'message.clicked')
    .toSorted((a, b) => a.at.getTime() - b.at.getTime() || Number(a.seq) - Number(b.seq))
  const channels = new Set([...received, ...hits.map(({ channel }) => channel ?? '')])
  const credited = [...purchasesOf(own).values()].map(
    (order) =>
      clicks.findLast(({ at }) => at <= order.at && order.at.getTime() - at.getTime() < 7 * DAY_MS)?.channel,
  )
  for (const channel of channels) {
    const of = (type: string): Row[] =>
      hits.filter((event) => event.type === type && event.channel === channel)
    const [opened, clicked] = [of('message.opened'), of('message.clicked')]
    const latest = (events: readonly Row[]): Date | null =>
      events.length === 0 ? null : new Date(Math.max(...events.map(({ at }) => at.getTime())))
    put(
      standing,
      {
        received: received.filter((name) => name === channel).length,
        opened: new Set(opened.map(({ runId }) => runId)).size,
        clicked: new Set(clicked.map(({ runId }) => runId)).size,
        converted: credited.filter((name) => name === channel).length,
        lastOpenedAt: latest(opened),
        lastClickedAt: latest(clicked),
      },
      `${channel}.`,
    )
  }
}
