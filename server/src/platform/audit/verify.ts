/** Verification of an organization's chain, entry by entry, against itself and against the last checkpoint. */
import type { Ctx } from '../context.ts'
import { canonical, commit, linkHash } from './chain.ts'
import { lastCheckpoint } from './checkpoint.ts'

/** What a verification found. `brokenAt` is the first number that does not fit. */
export interface AuditVerdict {
  entries: number
  intact: boolean
  brokenAt: number | null
  problem: string | null
}

interface EntryRow {
  seq: string
  at: Date
  actorKind: string
  actorId: string
  action: string
  subjectKind: string
  subjectId: string
  requestId: string
  commitment: Buffer
  salt: Buffer | null
  change: unknown
  hash: Buffer
}

const BATCH = 5_000

/**
 * Walks the chain from its first entry.
 * Source: CS-018.7; fault F21 of the reliability report
 */
export async function verifyAudit(ctx: Ctx): Promise<AuditVerdict> {
  let previous: Buffer = Buffer.alloc(0)
  let seq = 0
  const checkpoint = await lastCheckpoint(ctx)
  const broken = (brokenAt: number, problem: string): AuditVerdict => ({
    entries: seq,
    intact: false,
    brokenAt,
    problem,
  })
  for (;;) {
    const rows = await ctx.db.named<EntryRow>(
      'platform_audit_read',
      `
      select seq, at, actor_kind, actor_id, action, subject_kind, subject_id, request_id, commitment, salt, change, hash
      from audit_entry where org_id = $1 and seq > $2 order by seq limit $3`,
      [ctx.orgId, seq, BATCH],
    )
    for (const row of rows) {
      if (Number(row.seq) !== seq + 1) return broken(seq + 1, 'an entry is missing')
      const expected = linkHash(previous, { ...row, at: row.at.toISOString() })
      if (!expected.equals(row.hash)) return broken(Number(row.seq), 'the entry was changed')
      if (row.salt && !commit(row.salt, canonical(row.change)).equals(row.commitment))
        return broken(Number(row.seq), 'the recorded change was altered')
      if (checkpoint && checkpoint.seq === Number(row.seq) && checkpoint.hash !== row.hash.toString('hex'))
        return broken(Number(row.seq), 'the chain differs from its checkpoint')
      previous = row.hash
      seq += 1
    }
    if (rows.length < BATCH) break
  }
  if (checkpoint && checkpoint.seq > seq) return broken(seq + 1, 'the end of the chain was cut off')
  return { entries: seq, intact: true, brokenAt: null, problem: null }
}
