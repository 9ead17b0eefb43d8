/** The work that delivery asks for. */
import { z } from 'zod'
import type { RunId } from '../platform/ids.ts'
import { defineWork } from '../platform/jobs/index.ts'
import { ANSWERS } from './intake/inbound/answer-words.ts'
import type { InboundId } from './intake/inbound/queries.ts'

const runId = z.custom<RunId>((value) => typeof value === 'string')

/** A job that fails for reasons of ours is tried for days, not given up: its people would be forgotten. */
const ATTEMPTS_MAX = 500

/** Names the first people of a run. Not in the bulk lane: its first message must not wait for another run's last. */
export const resolveRun = defineWork({
  kind: 'delivery.resolve_run',
  lane: 'transactional',
  payload: z.object({ runId }),
  attemptsMax: ATTEMPTS_MAX,
})

/** Turns the rest of a run's audience into chunks, in the run's own turns: whoever is named is written to meanwhile. */
export const resolveRest = defineWork({
  kind: 'delivery.resolve_rest',
  lane: 'bulk',
  payload: z.object({ runId }),
  attemptsMax: ATTEMPTS_MAX,
  part: ({ runId }) => runId,
})

/** Hands one chunk over. */
export const deliverChunk = defineWork({
  kind: 'delivery.deliver_chunk',
  lane: 'bulk',
  payload: z.object({ runId, chunkNo: z.number().int() }),
  attemptsMax: ATTEMPTS_MAX,
  // A small campaign beside a large one has every other turn, not the last.
  part: ({ runId }) => runId,
})

/** Hands over messages that were asked for one by one. Before everything else: somebody waits for each of them. */
export const sendMessages = defineWork({
  kind: 'delivery.send_messages',
  lane: 'trigger',
  payload: z.object({}),
  attemptsMax: ATTEMPTS_MAX,
})

/** Applies what providers told of messages before the ledger had them. */
export const applyEarlyEvents = defineWork({
  kind: 'delivery.apply_early_events',
  lane: 'transactional',
  payload: z.object({}),
  attemptsMax: ATTEMPTS_MAX,
})

/** Answers an inbound message, where the provider's call is not answered with it. The words are made when it leaves. */
export const answerInbound = defineWork({
  kind: 'delivery.answer_inbound',
  lane: 'transactional',
  payload: z.object({
    inboundId: z.custom<InboundId>((value) => typeof value === 'string'),
    kind: z.enum(ANSWERS),
    locale: z.enum(['en', 'fr']),
  }),
  attemptsMax: ATTEMPTS_MAX,
})

/** A chunk has at most one job. */
export const chunkKey = (id: RunId, chunkNo: number): string => `${id}:${chunkNo}`

/** The job of a chunk. */
export const chunkJob = (
  runId: RunId,
  { chunkNo, dueAt }: { chunkNo: number; dueAt: Date },
): { payload: { runId: RunId; chunkNo: number }; key: string; dueAt: Date } => ({
  payload: { runId, chunkNo },
  key: chunkKey(runId, chunkNo),
  dueAt,
})
