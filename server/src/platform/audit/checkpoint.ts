/** Checkpoints: the end of each chain, written outside the database, so that a cut tail is noticed. */
import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Ctx } from '../context.ts'

const checkpointSchema = z.object({ seq: z.number().int(), hash: z.string(), at: z.string() })
type Checkpoint = z.infer<typeof checkpointSchema>

/** Appends the present end of the chain to the organization's checkpoint file, when it has moved. */
export async function writeCheckpoint(ctx: Ctx): Promise<void> {
  const [head] = await ctx.db.named<{ auditSeq: string; auditHash: Buffer }>(
    'platform_audit_head',
    'select audit_seq, audit_hash from org_log where org_id = $1',
    [ctx.orgId],
  )
  if (!head || head.auditSeq === '0') return
  const last = await lastCheckpoint(ctx)
  if (last?.seq === Number(head.auditSeq)) return
  const checkpoint: Checkpoint = {
    seq: Number(head.auditSeq),
    hash: head.auditHash.toString('hex'),
    at: ctx.now().toISOString(),
  }
  await mkdir(directory(ctx), { recursive: true })
  await appendFile(path(ctx), `${JSON.stringify(checkpoint)}\n`)
}

/** The last checkpoint of the organization, null when none was written. */
export async function lastCheckpoint(ctx: Ctx): Promise<Checkpoint | null> {
  const text = await readFile(path(ctx), 'utf8').catch(() => '')
  const line = text.trimEnd().split('\n').at(-1)
  return line ? checkpointSchema.parse(JSON.parse(line)) : null
}

const directory = (ctx: Ctx): string => join(ctx.platform.config.dataDir, 'audit-checkpoints')
const path = (ctx: Ctx): string => join(directory(ctx), `${ctx.orgId}.jsonl`)
