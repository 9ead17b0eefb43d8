import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { testPlatform } from '../testing/test-platform.ts'
import { audit, verifyAudit } from './audit/index.ts'
import { chores } from './chores.ts'
import { inTransaction } from './db/index.ts'
import { newId, SYSTEM_ORG } from './ids.ts'

const { platform, clock, connection, dataDir } = await testPlatform()
const orgId = newId<'organization'>(clock.now())
const ctx = platform.systemCtx(orgId)

async function run(name: string): Promise<void> {
  const chore = chores.find((candidate) => candidate.name === name)
  if (!chore) throw new Error(`no chore ${name}`)
  await chore.handle(chore.perOrganization ? ctx : platform.systemCtx(SYSTEM_ORG))
}

describe('the platform’s chores', () => {
  test('CS-018.7 a cut end of the audit log is noticed, because its end was noted outside the database', async () => {
    for (const id of ['1', '2', '3'])
      await inTransaction(ctx, async (ctx) => audit(ctx, 'test.done', { kind: 'test', id }))
    await run('platform.checkpoint_audit')
    expect(readFileSync(join(dataDir, 'audit-checkpoints', `${orgId}.jsonl`), 'utf8')).toContain('"seq":3')
    const client = new pg.Client({ ...connection })
    await client.connect()
    await client.query('delete from audit_entry where org_id = $1 and seq = 3', [orgId])
    await client.end()
    expect(await verifyAudit(ctx)).toMatchObject({ intact: false, brokenAt: 3 })
  })

  test('partitions stand for this month and the next three, however often they are made', async () => {
    await run('platform.make_partitions')
    await run('platform.make_partitions')
    const client = new pg.Client({ ...connection })
    await client.connect()
    const { rows } = await client.query<{ name: string }>(
      `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
       where i.inhparent = 'event'::regclass order by 1`,
    )
    await client.end()
    expect(rows.map((row) => row.name)).toEqual([
      'event_2026_11',
      'event_2026_12',
      'event_2027_01',
      'event_2027_02',
      'event_default',
    ])
  })

  test('ended work is forgotten after a week, given-up work is not', async () => {
    const insert = (state: string): Promise<unknown> =>
      ctx.db.query(
        `insert into work (org_id, kind, lane, payload, state, due_at, created_at, updated_at)
         values ($1, 'test.chore', 0, '{}', $2, $3, $3, $3)`,
        [orgId, state, clock.now()],
      )
    await insert('done')
    await insert('dead')
    clock.advance(8 * 24 * 3_600_000)
    await run('platform.purge_ended_work')
    expect(await ctx.db.query('select state from work where org_id = $1', [orgId])).toEqual([
      { state: 'dead' },
    ])
  })
})
