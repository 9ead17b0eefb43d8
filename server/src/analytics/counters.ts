/** Counting what people and programs did, from the event log: exactly once per event, however often it is read. */
import type { Ctx } from '../platform/context.ts'
import { defineConsumer, type LogEvent } from '../platform/events/index.ts'
import type { CampaignId, ContactId, RunId } from '../platform/ids.ts'
import {
  messageClicked,
  messageClicksReclassified,
  messageComplained,
  messageOpened,
  messageReplied,
  messagesMoved,
  messageUnsubscribed,
  type HandedOverState,
} from '../tracking/index.ts'
import { appendDeltas } from './deltas.ts'
import type { MetricDelta, MetricSubject } from './metric-delta.ts'
import {
  addEngagements,
  addLinkEngagements,
  linkKey,
  type EngagementRow,
  type LinkEngagementRow,
} from './engagement-queries.ts'
import { ENGAGEMENTS, type Engagement } from './names.ts'

/** A message event whose subject is complete; others cannot be counted anywhere. */
export interface Counted {
  subject: MetricSubject & { contactId: ContactId }
  at: Date
  /** How much more of each engagement; negative when clicks turn out to be a machine's. */
  changes: Partial<Record<Engagement, number>>
  links: { linkNo: number; clicked: number; machineClicked: number }[]
}

/** Keeps engagements and their figures in step with the log. Source: FR-006.2, FR-006.4, CS-011.2 */
export const countEngagement = defineConsumer({
  name: 'analytics.engagement',
  types: [
    messageOpened.type,
    messageClicked.type,
    messageClicksReclassified.type,
    messageReplied.type,
    messageUnsubscribed.type,
    messageComplained.type,
    messagesMoved.type,
  ],
  handle: async (ctx, events) => {
    const counted = events.flatMap(countedOf)
    await appendDeltas(ctx, [
      ...events.flatMap(movedDeltas),
      ...totalsOf(counted),
      ...(await peopleDeltas(ctx, counted)),
      ...(await linksOf(ctx, counted)),
    ])
  },
})

function countedOf(event: LogEvent): Counted[] {
  const { contactId, campaignId, runId, channel, at } = event
  if (contactId === null || campaignId === null || runId === null || channel === null) return []
  const of = (variant: number, changes: Counted['changes'], links: Counted['links'] = []): Counted[] => [
    { subject: { campaignId, runId, channel, variant, contactId }, at, changes, links },
  ]
  switch (event.type) {
    case messageOpened.type: {
      const { variant, machine } = messageOpened.payload.parse(event.payload)
      return of(variant, machine ? { machine_opened: 1 } : { opened: 1 })
    }
    case messageClicked.type: {
      const { variant, machine, linkNo } = messageClicked.payload.parse(event.payload)
      const link = { linkNo, clicked: machine ? 0 : 1, machineClicked: machine ? 1 : 0 }
      return of(variant, machine ? { machine_clicked: 1 } : { clicked: 1 }, [link])
    }
    case messageClicksReclassified.type: {
      const { variant, clicks } = messageClicksReclassified.payload.parse(event.payload)
      const links = clicks.map(({ linkNo }) => ({ linkNo, clicked: -1, machineClicked: 1 }))
      return of(variant, { clicked: -clicks.length, machine_clicked: clicks.length }, links)
    }
    case messageReplied.type:
      return of(messageReplied.payload.parse(event.payload).variant, { replied: 1 })
    case messageUnsubscribed.type:
      return of(messageUnsubscribed.payload.parse(event.payload).variant, { unsubscribed: 1 })
    case messageComplained.type:
      return of(messageComplained.payload.parse(event.payload).variant, { complained: 1 })
    default:
      return []
  }
}

/** A message that moved leaves its old state and enters the new one; their sum stays what was handed over. */
function movedDeltas(event: LogEvent): MetricDelta[] {
  const { campaignId, runId, channel, at } = event
  if (event.type !== messagesMoved.type || campaignId === null || runId === null || channel === null)
    return []
  const { from, to, reason, wasReason, variant, contactIds } = messagesMoved.payload.parse(event.payload)
  const delta = (name: string, n: number): MetricDelta => ({
    campaignId,
    runId,
    channel,
    variant,
    name,
    n,
    at,
  })
  return [
    delta(leftName(from, wasReason), -contactIds.length),
    delta(reason === '' ? to : `${to}.${reason}`, contactIds.length),
  ]
}

/** As it was booked. Older events do not say the reason: unknown messages had theirs, the others none. */
function leftName(from: HandedOverState, reason: string | undefined): string {
  const was = reason ?? (from === 'unknown' ? 'outcome_unknown' : '')
  return was === '' ? from : `${from}.${was}`
}

/** How often, per event and hour. */
function totalsOf(counted: readonly Counted[]): MetricDelta[] {
  return counted.flatMap(({ subject, at, changes, links }) => [
    ...ENGAGEMENTS.flatMap((name) => {
      const n = changes[name] ?? 0
      return n === 0 ? [] : [{ ...metricSubject(subject), name: `${name}.total`, n, at }]
    }),
    ...links.flatMap(({ linkNo, clicked, machineClicked }) => [
      { ...metricSubject(subject), name: `link.${linkNo}.total`, n: clicked, at },
      { ...metricSubject(subject), name: `link.${linkNo}.machine`, n: machineClicked, at },
    ]),
  ])
}

/** How many people: who began, less who turned out never to have. Booked in the hour of their first event here. */
export async function peopleDeltas(ctx: Ctx, counted: readonly Counted[]): Promise<MetricDelta[]> {
  const rows = new Map<string, EngagementRow & { at: Date }>()
  for (const { subject, at, changes } of counted) {
    const key = `${subject.runId}:${subject.contactId}:${subject.channel}`
    const row = rows.get(key) ?? { ...subject, variant: subject.variant ?? 0, changes: {}, at }
    for (const name of ENGAGEMENTS) row.changes[name] = (row.changes[name] ?? 0) + (changes[name] ?? 0)
    rows.set(key, row)
  }
  const asked = [...rows.values()]
  const after = await addEngagements(ctx, asked)
  return asked.flatMap((row) => {
    const now = after.get(`${row.runId}:${row.contactId}:${row.channel}`)
    return ENGAGEMENTS.flatMap((name) => {
      const n = now === undefined ? 0 : crossing(now[name], row.changes[name] ?? 0)
      return n === 0 ? [] : [{ ...metricSubject(row), name, n, at: row.at }]
    })
  })
}

async function linksOf(ctx: Ctx, counted: readonly Counted[]): Promise<MetricDelta[]> {
  const rows = new Map<string, LinkEngagementRow & { subject: MetricSubject; at: Date }>()
  for (const { subject, at, links } of counted) {
    for (const { linkNo, clicked, machineClicked } of links) {
      const { runId, channel, contactId } = subject
      const key = linkKey({ runId, channel, linkNo, contactId })
      const row = rows.get(key) ?? {
        runId,
        channel,
        contactId,
        linkNo,
        clicked: 0,
        machineClicked: 0,
        subject,
        at,
      }
      rows.set(key, {
        ...row,
        clicked: row.clicked + clicked,
        machineClicked: row.machineClicked + machineClicked,
      })
    }
  }
  const asked = [...rows.values()]
  const after = await addLinkEngagements(ctx, asked)
  return asked.flatMap((row) => {
    const n = crossing(after.get(linkKey(row)) ?? 0, row.clicked)
    return n === 0 ? [] : [{ ...metricSubject(row.subject), name: `link.${row.linkNo}`, n, at: row.at }]
  })
}

/** +1 when a count has left zero by this change, −1 when it came back to it. */
function crossing(now: number, change: number): number {
  return Number(now > 0) - Number(now - change > 0)
}

const metricSubject = ({
  campaignId,
  runId,
  channel,
  variant,
}: MetricSubject & { campaignId: CampaignId; runId: RunId }): MetricSubject => ({
  campaignId,
  runId,
  channel,
  ...(variant === undefined ? {} : { variant }),
})
