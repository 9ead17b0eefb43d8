/** The chain: h(n) = SHA-256(h(n−1) ‖ canonical(entry n)), with a gapless number per organization. */
import { createHash, randomBytes } from 'node:crypto'
import type { Actor, Ctx } from '../context.ts'
import type { Subject } from './index.ts'

/** An entry that waits for the end of its transaction. */
export interface PendingAudit {
  action: string
  subject: Subject
  change: Readonly<Record<string, unknown>>
  at: Date
  actor: Actor
  requestId: string
  addressPrefix: string | null
}

/** The end of a chain. */
export interface ChainHead {
  seq: bigint
  hash: Buffer
}

/** What the hash of an entry covers. */
export interface ChainedEntry {
  seq: string
  at: string
  actorKind: string
  actorId: string
  action: string
  subjectKind: string
  subjectId: string
  requestId: string
  commitment: Buffer
}

const SALT_BYTES = 16

/** Appends the entries to the chain; the caller holds the lock on the chain's head. */
export async function writeAuditEntries(
  ctx: Ctx,
  audits: readonly PendingAudit[],
  head: ChainHead,
): Promise<ChainHead> {
  let { seq, hash } = head
  const rows = audits.map((entry) => {
    seq += 1n
    const salt = randomBytes(SALT_BYTES)
    const change = canonical(entry.change)
    const chained: ChainedEntry = {
      seq: seq.toString(),
      at: entry.at.toISOString(),
      actorKind: entry.actor.kind,
      actorId: entry.actor.id,
      action: entry.action,
      subjectKind: entry.subject.kind,
      subjectId: entry.subject.id,
      requestId: entry.requestId,
      commitment: commit(salt, change),
    }
    hash = linkHash(hash, chained)
    return { ...chained, salt, change, hash, addressPrefix: entry.addressPrefix }
  })
  if (rows.length === 0) return head
  await ctx.db.named(
    'platform_audit_append',
    `
    insert into audit_entry (org_id, seq, at, actor_kind, actor_id, action, subject_kind, subject_id, request_id, address_prefix, commitment, salt, change, hash)
    select $1, a.seq, a.at, a.actor_kind, a.actor_id, a.action, a.subject_kind, a.subject_id, a.request_id, a.address_prefix, a.commitment, a.salt, a.change, a.hash
    from unnest($2::bigint[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::bytea[], $12::bytea[], $13::jsonb[], $14::bytea[])
      as a (seq, at, actor_kind, actor_id, action, subject_kind, subject_id, request_id, address_prefix, commitment, salt, change, hash)`,
    [
      ctx.orgId,
      rows.map((r) => r.seq),
      rows.map((r) => r.at),
      rows.map((r) => r.actorKind),
      rows.map((r) => r.actorId),
      rows.map((r) => r.action),
      rows.map((r) => r.subjectKind),
      rows.map((r) => r.subjectId),
      rows.map((r) => r.requestId),
      rows.map((r) => r.addressPrefix),
      rows.map((r) => r.commitment),
      rows.map((r) => r.salt),
      rows.map((r) => r.change),
      rows.map((r) => r.hash),
    ],
  )
  return { seq, hash }
}

/** The commitment to a change: without its salt it tells nothing, with it it proves the change. */
export function commit(salt: Buffer, canonicalChange: string): Buffer {
  return createHash('sha256').update(salt).update(canonicalChange).digest()
}

/** The next link of a chain. */
export function linkHash(previous: Buffer, entry: ChainedEntry): Buffer {
  const { seq, at, actorKind, actorId, action, subjectKind, subjectId, requestId } = entry
  const covered = {
    seq,
    at,
    actorKind,
    actorId,
    action,
    subjectKind,
    subjectId,
    requestId,
    commitment: entry.commitment.toString('hex'),
  }
  return createHash('sha256').update(previous).update(canonical(covered)).digest()
}

/** JSON with sorted keys, as RFC 8785 orders them, so that jsonb's own order does not matter. */
export function canonical(value: unknown): string {
  if (value instanceof Date) return JSON.stringify(value)
  if (Array.isArray(value))
    return `[${value.map((item) => canonical(item === undefined ? null : item)).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`
  }
  return JSON.stringify(value)
}
