/** Reading what is unusual, saying that it was seen, and choosing to be told. */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import type { CampaignId, PersonId } from '../../platform/ids.ts'
import { toMajor } from '../../platform/money.ts'
import { decodeCursor, encodeCursor } from '../../platform/wire.ts'
import { actorNames, membersOf, organizationOf } from '../../team/index.ts'
import { errors } from '../errors.ts'
import type { AnomalyOnWire } from '../schema.ts'
import {
  deleteWatcher,
  putWatcher,
  selectAnomalies,
  selectAnomaliesById,
  selectWatchers,
  setAcknowledged,
  type AnomalyId,
  type AnomalyRow,
} from './queries.ts'
import { FALSE_ALARMS_PER_RUN } from './rules.ts'
import { causeIn, evidenceIn, headlineOf } from './words.ts'

/** A page of anomalies, latest first. @throws reports.cursor_invalid */
export async function listAnomalies(
  ctx: Ctx,
  asked: {
    campaignId?: CampaignId | undefined
    state: 'open' | 'all'
    limit: number
    cursor?: string | undefined
  },
): Promise<{
  items: AnomalyOnWire[]
  nextCursor: string | null
  falseAlarmsPerRun: number
  isMailed: boolean
}> {
  const rows = await selectAnomalies(ctx, {
    campaignId: asked.campaignId ?? null,
    isOpenOnly: asked.state === 'open',
    after: placeOf(asked.cursor),
    limit: asked.limit + 1,
  })
  const shown = rows.slice(0, asked.limit)
  const last = shown.at(-1)
  return {
    items: await onWire(ctx, shown),
    nextCursor:
      rows.length > asked.limit && last ? encodeCursor([last.foundAt.toISOString(), last.id]) : null,
    falseAlarmsPerRun: FALSE_ALARMS_PER_RUN,
    isMailed: ctx.actor.kind === 'member' && (await selectWatchers(ctx)).includes(ctx.actor.id as PersonId), // members are people
  }
}

/** Says that one was seen; or that it is how things are from now on. @throws reports.anomaly_not_found */
export function acknowledgeAnomaly(
  ctx: Ctx,
  id: AnomalyId,
  { note, isUsual }: { note: string; isUsual: boolean },
): Promise<AnomalyOnWire> {
  return inTransaction(ctx, async (ctx) => {
    const by = `${ctx.actor.kind}:${ctx.actor.id}`
    if (!(await setAcknowledged(ctx, id, { by, note, isUsual }))) throw errors.anomaly_not_found({ id })
    const [shown] = await onWire(ctx, await selectAnomaliesById(ctx, [id]))
    if (!shown) throw errors.anomaly_not_found({ id })
    audit(ctx, 'reports.anomaly_acknowledged', { kind: 'anomaly', id }, { note, isUsual })
    return shown
  })
}

/** Whether the caller is told by mail from now on. @throws reports.members_only */
export function chooseMail(ctx: Ctx, isMailed: boolean): Promise<{ isMailed: boolean }> {
  return inTransaction(ctx, async (ctx) => {
    const personId = ctx.actor.id as PersonId // the route is for people
    if ((await membersOf(ctx, [personId])).length === 0) throw errors.members_only()
    await (isMailed ? putWatcher(ctx, personId) : deleteWatcher(ctx, personId))
    audit(ctx, 'reports.anomaly_mail_chosen', { kind: 'person', id: personId }, { isMailed })
    return { isMailed }
  })
}

/** As people read them. */
export async function onWire(ctx: Ctx, rows: readonly AnomalyRow[]): Promise<AnomalyOnWire[]> {
  if (rows.length === 0) return []
  const { currency, timeZone } = await organizationOf(ctx)
  const names = await actorNames(
    ctx,
    rows.flatMap(({ acknowledgedBy }) => acknowledgedBy ?? []),
  )
  const reader = { locale: ctx.locale, currency, timeZone }
  return rows.map((row) => {
    const as = (value: number): number =>
      row.metric === 'order_value' ? (toMajor(value, currency) ?? 0) : value
    return {
      ...row,
      channel: row.channel as AnomalyOnWire['channel'], // written by the counters, which know no others
      part: as(row.part),
      observed: as(row.part / row.whole),
      usual: {
        median: as(row.usualMedian),
        low: as(row.usualLow),
        high: as(row.usualHigh),
        runs: row.peers,
      },
      cause: { kind: row.cause.kind, label: row.cause.label },
      headline: headlineOf(reader, row),
      evidence: evidenceIn(reader, row),
      likelyCause: causeIn(reader, row),
      acknowledgedBy: row.acknowledgedBy && (names.get(row.acknowledgedBy) ?? row.acknowledgedBy),
    }
  })
}

function placeOf(cursor: string | undefined): { foundAt: string; id: string } | null {
  if (cursor === undefined) return null
  const [foundAt, id] = decodeCursor(cursor) ?? []
  const isPlace =
    typeof foundAt === 'string' &&
    !Number.isNaN(Date.parse(foundAt)) &&
    typeof id === 'string' &&
    /^[0-9a-f-]{36}$/.test(id)
  if (!isPlace) throw errors.cursor_invalid()
  return { foundAt, id }
}
