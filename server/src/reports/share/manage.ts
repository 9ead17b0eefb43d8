/** Links that show a report to whoever holds them. */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx, Locale } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { newId, type OrgId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { signToken, UUID_BYTES, uuidBytes, uuidOf, verifyToken } from '../../platform/signed-token.ts'
import { errors } from '../errors.ts'
import { answerPaper } from '../papers/answer.ts'
import { question as questionSchema, type Question, type Share } from '../schema.ts'
import { insertShare, revokeShareRow, selectShares, type ReportShareId, type ShareRow } from './queries.ts'

const DAY_MS = 86_400_000
const SHARES_SHOWN = 200
const PURPOSE = 'report-share'

export async function listShares(ctx: Ctx): Promise<{ items: Share[] }> {
  return { items: (await selectShares(ctx, SHARES_SHOWN)).map((row) => onWire(ctx, row)) }
}

/** @throws reports.campaign_not_found Source: CB-15.4, MA-7.4 */
export function shareReport(
  ctx: Ctx,
  asked: { question: Question; title: string; days: number; locale?: Locale | undefined },
): Promise<Share> {
  return inTransaction(ctx, async (ctx) => {
    const locale = asked.locale ?? ctx.locale
    // Written once now, so that a link never leads to a question without an answer.
    const { title } = await answerPaper({ ...ctx, locale }, asked.question)
    const row: ShareRow = {
      id: newId<'report_share'>(ctx.now()),
      title: asked.title === '' ? title : asked.title,
      question: questionSchema.encode(asked.question),
      locale,
      createdAt: ctx.now(),
      expiresAt: new Date(ctx.now().getTime() + asked.days * DAY_MS),
      revokedAt: null,
      views: 0,
      lastViewedAt: null,
    }
    await insertShare(ctx, row, `${ctx.actor.kind}:${ctx.actor.id}`)
    audit(
      ctx,
      'reports.shared',
      { kind: 'report_share', id: row.id },
      { title: row.title, question: row.question, expiresAt: row.expiresAt.toISOString() },
    )
    return onWire(ctx, row)
  })
}

/** @throws reports.share_not_found */
export function revokeShare(ctx: Ctx, id: ReportShareId): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    const was = await revokeShareRow(ctx, id, `${ctx.actor.kind}:${ctx.actor.id}`)
    if (!was) throw errors.share_not_found({ id })
    audit(ctx, 'reports.share_revoked', { kind: 'report_share', id })
  })
}

/** What a link's token names; null for every token that is not ours. */
export function readShareToken(
  platform: Platform,
  token: string,
): { orgId: OrgId; id: ReportShareId } | null {
  const named = verifyToken(platform, PURPOSE, token, 2 * UUID_BYTES)
  if (!named) return null
  return {
    orgId: uuidOf(named.subarray(0, UUID_BYTES)) as OrgId, // we signed it
    id: uuidOf(named.subarray(UUID_BYTES)) as ReportShareId, // likewise
  }
}

/** May it still be looked at? */
export const isOpen = ({ revokedAt, expiresAt }: ShareRow, now: Date): boolean =>
  revokedAt === null && now < expiresAt

const onWire = (ctx: Ctx, row: ShareRow): Share => ({
  ...row,
  question: questionSchema.parse(row.question),
  url: isOpen(row, ctx.now())
    ? `${ctx.platform.config.publicUrl}/r/${signToken(
        ctx.platform,
        PURPOSE,
        Buffer.concat([uuidBytes(ctx.orgId), uuidBytes(row.id)]),
      )}`
    : null,
})
