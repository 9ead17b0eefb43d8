/** Keeping reports that are asked for again. */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { paperPdf } from '../../platform/document/index.ts'
import { newId, toWire, type PersonId } from '../../platform/ids.ts'
import { enqueue } from '../../platform/jobs/index.ts'
import { membersOf, organizationOf } from '../../team/index.ts'
import { errors } from '../errors.ts'
import { answerPaper, checkQuestion } from '../papers/answer.ts'
import { question as questionSchema, type Saved, type SavedInput } from '../schema.ts'
import { nextMailing } from './plan.ts'
import {
  countSaved,
  deleteSaved,
  lockSaved,
  putSaved,
  selectOneSaved,
  selectSaved,
  type SavedReportId,
  type SavedRow,
} from './queries.ts'
import { mailPlanned } from './work.ts'

/** Saved reports of one organization. */
const SAVED_MAX = 200

export async function listSaved(ctx: Ctx): Promise<{ items: Saved[] }> {
  return { items: (await selectSaved(ctx, SAVED_MAX)).map(onWire) }
}

/** @throws reports.too_many, reports.campaign_not_found, reports.recipients_invalid Source: MA-7.4 */
export function saveReport(ctx: Ctx, input: SavedInput): Promise<Saved> {
  return inTransaction(ctx, async (ctx) => {
    if ((await countSaved(ctx)) >= SAVED_MAX) throw errors.too_many({ max: SAVED_MAX })
    const id = newId<'saved_report'>(ctx.now())
    const now = ctx.now()
    return write(ctx, input, { id, createdBy: `${ctx.actor.kind}:${ctx.actor.id}`, createdAt: now }, 'saved')
  })
}

/** @throws reports.saved_not_found, reports.campaign_not_found, reports.recipients_invalid */
export function changeSaved(ctx: Ctx, id: SavedReportId, input: SavedInput): Promise<Saved> {
  return inTransaction(ctx, async (ctx) => {
    const row = await lockSaved(ctx, id)
    if (!row) throw errors.saved_not_found({ id })
    return write(ctx, input, row, 'changed')
  })
}

/** @throws reports.saved_not_found */
export function removeSaved(ctx: Ctx, id: SavedReportId): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    const removed = await deleteSaved(ctx, id)
    if (!removed) throw errors.saved_not_found({ id })
    audit(ctx, 'reports.removed', { kind: 'saved_report', id }, removed)
  })
}

/** What it says now. @throws reports.saved_not_found, reports.campaign_not_found */
export async function savedPdf(ctx: Ctx, id: SavedReportId): Promise<Buffer> {
  const row = await selectOneSaved(ctx, id)
  if (!row) throw errors.saved_not_found({ id })
  return paperPdf(await answerPaper(ctx, questionOf(row)))
}

/** A question as it lies in the database: ids as on the wire. */
export const questionOf = (row: Pick<SavedRow, 'question'>): SavedRow['question'] =>
  questionSchema.parse(row.question)

/** Asks for the mails of the next instant. */
export const planMailing = (ctx: Ctx, reportId: SavedReportId, at: Date): Promise<void> =>
  enqueue(
    ctx,
    mailPlanned,
    { reportId, plannedAt: at.toISOString() },
    { key: `${reportId}:${at.toISOString()}`, dueAt: at },
  )

async function write(
  ctx: Ctx,
  { name, question, schedule, recipients }: SavedInput,
  kept: Pick<SavedRow, 'id' | 'createdBy' | 'createdAt'>,
  what: 'saved' | 'changed',
): Promise<Saved> {
  await checkQuestion(ctx, question)
  const people = await recipientsOf(ctx, schedule === null ? [] : recipients)
  const { timeZone } = await organizationOf(ctx)
  const nextAt = schedule && people.length > 0 ? nextMailing(schedule, timeZone, ctx.now()) : null
  const row = { ...kept, name, schedule, recipients: people, nextAt, updatedAt: ctx.now() }
  await putSaved(ctx, { ...row, question: questionSchema.encode(question) })
  // A plan that was changed leaves its old job to find another instant there.
  if (nextAt) await planMailing(ctx, kept.id, nextAt)
  audit(
    ctx,
    `reports.${what}`,
    { kind: 'saved_report', id: kept.id },
    { name, kind: question.kind, schedule },
  )
  return { ...row, question, lastMailedAt: null }
}

/** The caller, when nobody is named. @throws reports.recipients_invalid */
async function recipientsOf(ctx: Ctx, asked: readonly PersonId[]): Promise<PersonId[]> {
  const own = ctx.actor.kind === 'member' ? [ctx.actor.id as PersonId] : [] // members are people
  const wanted = [...new Set(asked.length > 0 ? asked : own)]
  const members = await membersOf(ctx, wanted)
  if (members.length < wanted.length)
    throw errors.recipients_invalid(
      {},
      {
        problems: [{ path: 'recipients', message: 'Not all of them are members.' }],
      },
    )
  return wanted
}

const onWire = (row: SavedRow & { lastMailedAt: Date | null }): Saved => ({
  ...row,
  question: questionOf(row),
})

/** The page on which a saved report is found. */
export const savedUrl = ({ platform }: Ctx, id: SavedReportId): string =>
  `${platform.config.publicUrl}/reports/saved#${toWire('saved_report', id)}`
