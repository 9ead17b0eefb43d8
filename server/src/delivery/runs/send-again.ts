/** Messages that nobody tries any more, and sending them again when somebody asks for it. */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { ownInLanguage } from '../../platform/http/index.ts'
import type { CampaignId, ContactId, RunId } from '../../platform/ids.ts'
import { enqueueMany } from '../../platform/jobs/index.ts'
import { decodeCursor, encodeCursor } from '../../platform/wire.ts'
import { errors } from '../errors.ts'
import { insertChunk } from '../handover/queries.ts'
import { slotsOfContacts } from '../timing/slots.ts'
import { chunkJob, deliverChunk } from '../work.ts'
import {
  listDeadLetters,
  nextAgainNo,
  runsToSendAgain,
  takeDeadLetters,
  type DeadLetterFilter,
  type DeadLetterPlace,
  type DeadLetterRow,
} from './desk-queries.ts'
import { lockRun } from './queries.ts'
import { RUN_CHANNELS, type Run, type RunChannel } from './run.ts'

/** Messages that one wish sends again; more need another. */
export const SEND_AGAIN_MAX = 5_000
const CHUNK_MAX = 2_000

/** A page of messages that failed, bounced or stayed without an answer, over all runs of a campaign. */
export async function deadLetters(
  ctx: Ctx,
  campaignId: CampaignId,
  page: DeadLetterFilter & { cursor?: string | undefined; limit: number },
): Promise<{ items: DeadLetterRow[]; nextCursor: string | null }> {
  const after = placeFrom(page.cursor)
  const { channel, reason } = page
  const rows = await listDeadLetters(ctx, campaignId, { channel, reason, after, limit: page.limit + 1 })
  const items = rows
    .slice(0, page.limit)
    .map((row) => ({ ...row, words: row.words && ownInLanguage(row.words, ctx.locale) }))
  const last = rows.length > page.limit ? items.at(-1) : undefined
  return {
    items,
    nextCursor: last ? encodeCursor([last.runId, last.contactId, last.channel]) : null,
  }
}

/** A cursor that is none begins anew. */
function placeFrom(cursor: string | undefined): DeadLetterPlace | null {
  const [runId, contactId, channel] = decodeCursor(cursor ?? '') ?? []
  const known = RUN_CHANNELS.find((candidate) => candidate === channel)
  if (!known || typeof runId !== 'string' || typeof contactId !== 'string') return null
  // Written by us above; whoever makes one up gets a page of their own organization's.
  return /^[0-9a-f-]{36}$/.test(runId) && /^\d{1,18}$/.test(contactId)
    ? { runId: runId as RunId, contactId: contactId as ContactId, channel: known }
    : null
}

/** Which messages shall be sent again: of a channel, for a reason, to some people; what is null narrows nothing. */
export interface SendAgain {
  channel: RunChannel | null
  reason: string | null
  contactIds: readonly ContactId[] | null
}

/**
 * Sends messages of a campaign again that failed or bounced, or, where that reason is named, whose provider never answered:
 * these may have arrived, and then arrive twice. Consent, suppression, hours and limits are looked at anew;
 * the answer takes the place of the one before in the same row of the ledger. What waits already is not asked for twice.
 * @returns how many wait now that did not before
 * @throws delivery.nothing_to_send_again
 */
export function sendAgain(ctx: Ctx, campaignId: CampaignId, wish: SendAgain): Promise<{ people: number }> {
  return inTransaction(ctx, async (ctx) => {
    let people = 0
    for (const runId of await runsToSendAgain(ctx, campaignId)) {
      const run = await lockRun(ctx, runId)
      if (run) people += await freezeAgain(ctx, run, wish, SEND_AGAIN_MAX - people)
      if (people >= SEND_AGAIN_MAX) break
    }
    if (people === 0) throw errors.nothing_to_send_again({ campaignId, ...wish })
    const { channel, reason } = wish
    audit(
      ctx,
      'campaign.sent_again',
      { kind: 'campaign', id: campaignId },
      { people, channel, reason, contactIds: wish.contactIds },
    )
    return { people }
  })
}

/** Chunks of what shall be sent again, each due when its people may be written to. @returns how many people */
async function freezeAgain(ctx: Ctx, run: Run, wish: SendAgain, limit: number): Promise<number> {
  const groups = await takeDeadLetters(ctx, run.id, { ...wish, limit })
  let chunkNo = await nextAgainNo(ctx, run.id)
  const made: { chunkNo: number; dueAt: Date }[] = []
  let people = 0
  for (const { channel, variant, contactIds } of groups)
    for (const { slot, contactIds: ids } of await slotsOfContacts(ctx, run, channel, contactIds))
      for (let at = 0; at < ids.length; at += CHUNK_MAX) {
        const { dueAt, place } = slot
        await insertChunk(ctx, run.id, {
          chunkNo,
          channel,
          variant,
          contactIds: ids.slice(at, at + CHUNK_MAX),
          dueAt,
          place,
        })
        made.push({ chunkNo, dueAt })
        people += Math.min(CHUNK_MAX, ids.length - at)
        chunkNo -= 1
      }
  await enqueueMany(
    ctx,
    deliverChunk,
    made.map((chunk) => chunkJob(run.id, chunk)),
  )
  return people
}
