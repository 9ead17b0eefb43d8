/**
 * The import itself: a job that reads the file, converts rows and merges them in batches. A batch, its figures, its
 * problems, its undo records, its consent and the cursor commit together, fenced by the lease and by the cursor: after
 * a kill it goes on behind the last committed row and no row counts twice.
 */
import { z } from 'zod'
import { audit } from '../../platform/audit/index.ts'
import { nextTurn } from '../../platform/clock.ts'
import type { Ctx } from '../../platform/context.ts'
import { afterCommit, inTransaction } from '../../platform/db/index.ts'
import { AppError, assert } from '../../platform/errors.ts'
import { announce } from '../../platform/events/index.ts'
import { type ContactId, toWire } from '../../platform/ids.ts'
import { type JobOutcome, type Lease, defineJob } from '../../platform/jobs/index.ts'
import { insertUndo } from '../changes/queries.ts'
import { type ConsentClaim, type ConsentIntakePerson, consentIntake } from '../consent-intake.ts'
import type { CsvRow } from '../csv/tokenizer.ts'
import { contactsCreated, contactsImported, contactsUpdated } from '../events.ts'
import { selectFields } from '../fields/queries.ts'
import type { AddressHashes, Draft } from '../store/draft.ts'
import {
  type AddressHasher,
  type BatchResult,
  type ReadAhead,
  hashesOf,
  mergeBatch,
  readAhead,
} from '../store/merge-batch.ts'
import { changedFields } from '../store/revision.ts'
import { type Problem, type RowConverter, rowConverter } from './convert.ts'
import { type ContactImport, type ImportCounts, type ImportId, fileOf } from './import.ts'
import { type ImportOptions } from './options.ts'
import { advanceImport, insertProblems, lockImport, selectImport, updateState } from './queries.ts'
import { readRows } from './rows.ts'

/** Rows of one batch: one transaction. Three are in memory at once: 4,000 are no faster and take 110 MB more (measured). */
const BATCH_ROWS = 2_000
/** Problems that are kept for the file of errors; what lies beyond is counted. */
export const PROBLEMS_KEPT_MAX = 200_000
/** How long a whole import can be taken back. */
export const IMPORT_UNDO_MS = 7 * 24 * 3_600_000
/**
 * Rows converted at a stretch, about a millisecond. The statements of the batches on their way wait for their next word
 * from this thread: converting 2,000 rows at once made an import a third slower (measured).
 */
const STRETCH_ROWS = 100
const ATTEMPTS_MAX = 5
/** A batch of which fewer are new gains nothing by being read ahead. */
const READ_AHEAD_SHARE_MIN = 0.5

/** The source under which imported contacts stand. */
export const IMPORT_SOURCE = 'import'

/** Runs a started import to its end. */
export const runImport = defineJob({
  kind: 'contacts.run_import',
  lane: 'bulk',
  payload: z.object({ importId: z.string() }),
  attemptsMax: ATTEMPTS_MAX,
  handle: async (ctx, payload, lease): Promise<JobOutcome> => {
    const found = await selectImport(ctx, payload.importId as ImportId) // written by startImport
    if (found?.state !== 'running' || found.options === null) return
    try {
      return await runRows(ctx, found, found.options, lease)
    } catch (error) {
      if (error instanceof Superseded) return
      // What is wrong with the file stays wrong; anything else is tried again, from the last committed row.
      const isFile = error instanceof AppError && error.code.startsWith('contacts.csv_')
      if (isFile || lease.attempt >= ATTEMPTS_MAX)
        await failImport(
          ctx,
          found.id,
          error instanceof AppError ? error.code : 'contacts.import_interrupted',
        )
      if (isFile) return
      throw error
    }
  },
})

/** The import was cancelled, or another worker has gone on with it: what this one has in hand is dropped. */
class Superseded extends Error {}

/** Rows that are converted and wait to be merged. */
interface Batch {
  fromRow: number
  toRow: number
  bytesRead: number
  drafts: Draft[]
  claims: (readonly ConsentClaim[])[]
  problems: Problem[]
  rejected: number
  consentUnproven: number
}

async function runRows(
  ctx: Ctx,
  started: ContactImport,
  options: ImportOptions,
  lease: Lease,
): Promise<JobOutcome> {
  assert(started.startedAt, 'a running import has begun')
  const fields = await selectFields(ctx)
  const converter = rowConverter(options, {
    customFields: new Map(
      fields.filter((field) => field.archivedAt === null).map((field) => [field.key, field]),
    ),
    now: started.startedAt,
    fileName: started.fileName,
  })
  const keys = await ctx.platform.secrets.of(ctx)
  const pipeline = batchPipeline(ctx, started, options, lease)
  let batch = emptyBatch(started.rowsDone)
  for await (const { rows, bytesRead } of readRows(ctx, started.id, started, started.rowsDone)) {
    for (let at = 0; at < rows.length;) {
      const part = rows.slice(at, at + Math.min(STRETCH_ROWS, BATCH_ROWS - batch.drafts.length))
      at += part.length
      convertRows(converter, keys, part, batch)
      await nextTurn()
      batch.bytesRead = bytesRead
      if (batch.drafts.length < BATCH_ROWS && batch.problems.length < BATCH_ROWS) continue
      await pipeline.hasRoom()
      if (lease.stopping) {
        await pipeline.ended()
        return { again: ctx.now() }
      }
      pipeline.push(batch)
      batch = emptyBatch(batch.toRow)
    }
  }
  batch.bytesRead = started.fileBytes
  await pipeline.hasRoom()
  pipeline.push(batch)
  await pipeline.ended()
  await completeImport(ctx, started)
}

/** Batches on their way into the database, in the order of the file. */
interface BatchPipeline {
  /** Waits until at most one batch is being written. */
  hasRoom(): Promise<void>
  push(full: Batch): void
  /** Waits until everything pushed has committed. */
  ended(): Promise<void>
}

/** How far the batch in front has come. */
interface BatchInFront {
  /** Its people and their consent are in the tables, though not committed; also when it has failed, which `committed` tells. */
  merged: Promise<void>
  committed: Promise<void>
}

/**
 * While PostgreSQL writes one batch, the next is read ahead and the one after it converted, so that both cores work.
 * A batch merges its people while the one in front commits, and books itself after that: the cursor knows one place
 * only. Merging waits for merging, never for what comes behind, so that no two batches wait for each other.
 */
function batchPipeline(
  ctx: Ctx,
  started: ContactImport,
  options: ImportOptions,
  lease: Lease,
): BatchPipeline {
  let problemsKept = started.problems
  // Off for the rest of the file once it meets people who are known already or known by phone alone: reading ahead
  // gains nothing for the former, and for the latter no key guards what was read.
  let readsAhead = true
  // Once a batch was all new, as in a first list, the next are not looked up before they are inserted, until that proves
  // wrong: the batches under way are then done twice.
  let wasAllNew = false
  let wasWrong = false
  let last: BatchInFront = { merged: Promise.resolve(), committed: Promise.resolve() }
  let lastButOne = last
  const prepare = async (full: Batch): Promise<ReadAhead | null> => {
    if (full.drafts.some((draft) => draft.email === null)) readsAhead = false
    if (!readsAhead) return null
    const expected = wasAllNew && !wasWrong ? 'newcomers' : 'anybody'
    const ahead = await readAhead(ctx, full.drafts, options.policy, expected)
    if (ahead.newcomers.length < full.drafts.length * READ_AHEAD_SHARE_MIN) readsAhead = false
    if (ahead.others.length === 0) wasAllNew = true
    return ahead
  }
  const write = async (
    full: Batch,
    prepared: Promise<ReadAhead | null>,
    inFront: BatchInFront,
    onMerged: () => void,
  ): Promise<void> => {
    await inFront.merged
    const kept = full.problems.slice(0, Math.max(0, PROBLEMS_KEPT_MAX - problemsKept))
    problemsKept += full.problems.length
    const ahead = await prepared
    const turn = { inFront: inFront.committed, onMerged }
    const { created } = await commitBatch(ctx, started, options, full, kept, lease, ahead, turn)
    if (ahead !== null && created < ahead.newcomers.length) {
      if (ahead.expected === 'anybody') readsAhead = false
      wasWrong = true
    }
  }
  return {
    hasRoom: () => lastButOne.committed,
    push: (full) => {
      const prepared = prepare(full)
      const merged = Promise.withResolvers<void>()
      const committed = write(full, prepared, last, merged.resolve)
      lastButOne = last
      last = { merged: merged.promise, committed }
      // Both are awaited later; a rejection in between must not count as unhandled.
      prepared.catch(() => undefined)
      committed.catch(merged.resolve)
    },
    ended: () => last.committed,
  }
}

function emptyBatch(fromRow: number): Batch {
  return {
    fromRow,
    toRow: fromRow,
    bytesRead: 0,
    drafts: [],
    claims: [],
    problems: [],
    rejected: 0,
    consentUnproven: 0,
  }
}

function convertRows(
  converter: RowConverter,
  keys: AddressHasher,
  rows: readonly CsvRow[],
  batch: Batch,
): void {
  for (const row of rows) {
    const before = batch.problems.length
    const { draft, claims } = converter.convert(row, batch.problems)
    batch.toRow = row.number
    if (draft) {
      batch.drafts.push(draft)
      draft.hashes = hashesOf(keys, draft)
      batch.claims.push(claims)
    } else if (batch.problems.length > before) batch.rejected++
    for (let i = before; i < batch.problems.length; i++)
      if (batch.problems[i]?.reason === 'consent_unproven') batch.consentUnproven++
  }
}

function commitBatch(
  ctx: Ctx,
  started: ContactImport,
  options: ImportOptions,
  batch: Batch,
  kept: readonly Problem[],
  lease: Lease,
  ahead: ReadAhead | null,
  turn: { inFront: Promise<void>; onMerged: () => void },
): Promise<ImportCounts> {
  assert(started.startedAt, 'a running import has begun')
  const origin = { source: IMPORT_SOURCE, importId: started.id, at: started.startedAt }
  return inTransaction(ctx, async (ctx) => {
    const result = await mergeBatch(ctx, batch.drafts, options.policy, origin, ahead)
    const consent = await consentIntake().receive(ctx, started.id, peopleOf(result, batch.claims))
    turn.onMerged()
    await turn.inFront
    await lease.fence(ctx)
    // What this import itself created needs no record: undoing removes it.
    const changed = result.updated.filter((update) => update.before.importId !== started.id)
    if (changed.length > 0)
      await insertUndo(
        ctx,
        started.id,
        changed.map((update) => ({ contactId: update.before.id, kind: 'updated', ...changedFields(update) })),
      )
    if (kept.length > 0) await insertProblems(ctx, started.id, kept)
    const counts: ImportCounts = {
      ...countOutcomes(result),
      rejected: batch.rejected,
      problems: batch.problems.length,
      consentRecorded: consent.recorded,
      consentUnproven: batch.consentUnproven,
      suppressed: consent.suppressed,
    }
    const isOurs = await advanceImport(ctx, started.id, {
      fromRow: batch.fromRow,
      toRow: batch.toRow,
      bytesDone: batch.bytesRead,
      counts,
    })
    if (!isOurs) throw new Superseded('the import was cancelled or is in other hands')
    announceBatch(ctx, started.id, result)
    afterCommit(ctx, () => publishProgress(ctx, started, batch))
    return counts
  })
}

function countOutcomes(
  result: BatchResult,
): Pick<ImportCounts, 'created' | 'updated' | 'unchanged' | 'skipped'> {
  const counts = { created: 0, updated: 0, unchanged: 0, skipped: 0 }
  for (const { outcome } of result.outcomes) counts[outcome]++
  return counts
}

/** Everybody whom the batch is about, once, with what the file claims of them. */
function peopleOf(result: BatchResult, claims: readonly (readonly ConsentClaim[])[]): ConsentIntakePerson[] {
  const claimsOf = new Map<ContactId, ConsentClaim[]>()
  result.outcomes.forEach(({ contactId }, i) => {
    const made = claims[i] ?? NO_CLAIMS
    if (made.length > 0) claimsOf.set(contactId, [...(claimsOf.get(contactId) ?? []), ...made])
  })
  const personOf = (contactId: ContactId, { emailHash, phoneHash }: AddressHashes): ConsentIntakePerson => ({
    contactId,
    emailHash,
    phoneHash,
    claims: claimsOf.get(contactId) ?? NO_CLAIMS,
  })
  const known = new Map<ContactId, ConsentIntakePerson>()
  for (const { before, write } of result.updated) known.set(before.id, personOf(before.id, write))
  for (const present of result.unchanged) known.set(present.id, personOf(present.id, present))
  return [...result.created.map(({ id, write }) => personOf(id, write)), ...known.values()]
}
const NO_CLAIMS: readonly ConsentClaim[] = []

function announceBatch(ctx: Ctx, importId: ImportId, result: BatchResult): void {
  const about = { source: IMPORT_SOURCE, importId }
  if (result.created.length > 0)
    announce(ctx, contactsCreated, { ...about, contactIds: result.created.map(({ id }) => id) })
  if (result.updated.length > 0) {
    const fields = [...new Set(result.updated.flatMap((update) => update.changed))]
    announce(ctx, contactsUpdated, {
      ...about,
      contactIds: result.updated.map(({ before }) => before.id),
      fields,
    })
  }
}

/** Tells the screens that watch; they fetch the figures themselves. */
function publishProgress(ctx: Ctx, started: ContactImport, batch: Pick<Batch, 'bytesRead' | 'toRow'>): void {
  const id = toWire('contact_import', started.id)
  ctx.platform.hub.publish(ctx.orgId, 'contacts.import', {
    id,
    rowsDone: batch.toRow,
    share: started.fileBytes === 0 ? 1 : batch.bytesRead / started.fileBytes,
  })
}

async function completeImport(ctx: Ctx, started: ContactImport): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    const found = await lockImport(ctx, started.id)
    if (found?.state !== 'running') return
    const now = ctx.now()
    await updateState(ctx, found.id, 'completed', {
      endedAt: now,
      undoUntil: new Date(now.getTime() + IMPORT_UNDO_MS),
    })
    const { created, updated, unchanged, skipped, rejected } = found
    announce(ctx, contactsImported, { importId: found.id, created, updated, unchanged, skipped, rejected })
    audit(
      ctx,
      'contacts.import_completed',
      { kind: 'contact_import', id: found.id },
      { created, updated, unchanged, skipped, rejected },
    )
    afterCommit(ctx, () =>
      publishProgress(ctx, started, { bytesRead: started.fileBytes, toRow: found.rowsDone }),
    )
  })
  await ctx.platform.storage.remove(ctx.orgId, fileOf(started.id))
}

async function failImport(ctx: Ctx, id: ImportId, failure: string): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    const found = await lockImport(ctx, id)
    if (found?.state !== 'running') return
    const now = ctx.now()
    await updateState(ctx, id, 'failed', {
      endedAt: now,
      undoUntil: new Date(now.getTime() + IMPORT_UNDO_MS),
      failure,
    })
    audit(
      ctx,
      'contacts.import_failed',
      { kind: 'contact_import', id },
      { failure, rowsDone: found.rowsDone },
    )
    afterCommit(ctx, () => publishProgress(ctx, found, { bytesRead: found.bytesDone, toRow: found.rowsDone }))
  })
}
