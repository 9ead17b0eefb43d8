/**
 * Messages whose provider never answered are handed over a second time, never a third: first their report has time to
 * come, and whoever's came meanwhile is left in peace.
 * Source: design §5 Delivery; compliance report §5.1
 */
import { stillUnknown } from '../../tracking/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { isSentAgain, ledgerRun, type Run, type RunChannel } from '../runs/run.ts'
import type { Addressee } from './addressee.ts'
import type { Chunk } from './queries.ts'

/**
 * So long a message waits for word of its first hand-over. A mail goes out again under the same Message-ID, so that
 * receivers that compare them show it once; a text message would be read twice, and paid twice.
 */
export const SECOND_HANDOVER_PAUSE_MS: Readonly<Record<RunChannel, number>> = {
  email: 60_000,
  sms: 15 * 60_000,
  whatsapp: 15 * 60_000,
  in_app: 5_000,
  webhook: 60_000,
}

/** Why a second hand-over is left out: what came of the first is known by now. Goes to no ledger. */
export const OUTCOME_KNOWN = 'outcome_known'

/** Chunks below 0 hold messages that have a row in the ledger: unknown ones, and such as were asked to be sent again. */
export const isSecondHandover = (chunkNo: number): boolean => chunkNo < 0

/** Takes out whose first message was reported on meanwhile. */
export async function leaveReported(
  ctx: Ctx,
  run: Run,
  { chunkNo, channel }: Pick<Chunk, 'chunkNo' | 'channel'>,
  people: readonly Addressee[],
): Promise<Addressee[]> {
  if (!isSecondHandover(chunkNo) || isSentAgain(chunkNo)) return [...people]
  const open = await stillUnknown(
    ctx,
    ledgerRun(run, channel),
    people.map(({ id }) => id),
  )
  return people.map((person) => (open.has(person.id) ? person : { ...person, reason: OUTCOME_KNOWN }))
}
