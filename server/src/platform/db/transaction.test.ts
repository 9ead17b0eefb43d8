import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { testPlatform } from '../../testing/test-platform.ts'
import { audit, verifyAudit, writeCheckpoint } from '../audit/index.ts'
import { newId, type OrgId } from '../ids.ts'
import { inTransaction } from './index.ts'

const { platform, clock, connection } = await testPlatform()
const newOrg = (): OrgId => newId<'organization'>(clock.now())
async function addField(orgId: OrgId, asOrg: OrgId = orgId): Promise<void> {
  await platform
    .systemCtx(asOrg)
    .db.query(
      "insert into custom_field (org_id, id, key, name, type, created_at, updated_at) values ($1, $2, 'size', 'Size', 'text', $3, $3)",
      [orgId, newId<'custom_field'>(clock.now()), clock.now()],
    )
}

describe('tenant isolation', () => {
  test('NFR-004.2 a row of one organization is invisible to another', async () => {
    const [mine, theirs] = [newOrg(), newOrg()]
    await addField(theirs)
    // The statement asks for the other organization by name: only the policy stands in between.
    const rows = await platform
      .systemCtx(mine)
      .db.query('select key from custom_field where org_id = $1', [theirs])
    expect(rows).toEqual([])
    expect(
      await platform.systemCtx(theirs).db.query('select key from custom_field where org_id = $1', [theirs]),
    ).toHaveLength(1)
  })

  test('NFR-004.2 a row cannot be written into another organization', async () => {
    const [mine, theirs] = [newOrg(), newOrg()]
    await expect(addField(theirs, mine)).rejects.toThrow(/row-level security/)
  })

  test('NFR-004.2 the application role sees nothing when no organization is named', async () => {
    const orgId = newOrg()
    await addField(orgId)
    const client = new pg.Client({ ...connection, options: '-c role=fanfare_app' })
    await client.connect()
    expect((await client.query('select count(*)::int as n from custom_field')).rows).toEqual([{ n: 0 }])
    await client.query(`begin; set local app.org = '${orgId}'`)
    await client.query('commit')
    // After a transaction the setting is an empty text, not absent: it must not become an error or everything.
    expect((await client.query('select count(*)::int as n from custom_field')).rows).toEqual([{ n: 0 }])
    await client.end()
  })

  test('NFR-004.2 a partition cannot be read around its policy', async () => {
    const client = new pg.Client({ ...connection, options: '-c role=fanfare_app' })
    await client.connect()
    await expect(client.query('select count(*) from event_default')).rejects.toThrow(/permission denied/)
    await client.end()
  })
})

describe('transactions', () => {
  test('NFR-004.4 an audit row vanishes with the change it tells of', async () => {
    const ctx = platform.systemCtx(newOrg())
    const failing = inTransaction(ctx, async (ctx) => {
      audit(ctx, 'field.created', { kind: 'custom_field', id: '1' })
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await ctx.db.query('select seq from audit_entry where org_id = $1', [ctx.orgId])).toEqual([])
  })

  test('a statement that a distributed database refuses is refused in tests', async () => {
    const ctx = platform.systemCtx(newOrg())
    await expect(
      ctx.db.query('update custom_field set updated_at = now() where org_id = $1', [ctx.orgId]),
    ).rejects.toThrow(/reads the clock/)
    await expect(ctx.db.query('select key from custom_field where key = $1', ['size'])).rejects.toThrow(
      /without org_id/,
    )
  })
})

describe('audit chain', () => {
  async function chainOf(length: number): Promise<ReturnType<typeof platform.systemCtx>> {
    const ctx = platform.systemCtx(newOrg())
    for (let i = 0; i < length; i++)
      await inTransaction(ctx, async (ctx) =>
        audit(
          ctx,
          'thing.changed',
          { kind: 'thing', id: String(i) },
          { to: i, at: ctx.now(), nested: { b: 1, a: 'é' } },
        ),
      )
    return ctx
  }
  const asOwner = async (text: string, values: unknown[]): Promise<void> => {
    const client = new pg.Client({ ...connection })
    await client.connect()
    await client.query(text, values)
    await client.end()
  }

  test('CS-018.7 an untouched chain verifies', async () => {
    const ctx = await chainOf(5)
    expect(await verifyAudit(ctx)).toEqual({ entries: 5, intact: true, brokenAt: null, problem: null })
  })

  test('CS-018.7 concurrent writers make one chain without forks', async () => {
    const ctx = platform.systemCtx(newOrg())
    await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        inTransaction(ctx, async (ctx) => audit(ctx, 'thing.changed', { kind: 'thing', id: String(i) })),
      ),
    )
    expect(await verifyAudit(ctx)).toMatchObject({ entries: 30, intact: true })
  })

  test('CS-018.7 a changed entry is found, with its number', async () => {
    const ctx = await chainOf(5)
    await asOwner("update audit_entry set actor_id = 'somebody else' where org_id = $1 and seq = 3", [
      ctx.orgId,
    ])
    expect(await verifyAudit(ctx)).toMatchObject({ intact: false, brokenAt: 3 })
  })

  test('CS-018.7 an altered record of the change is found', async () => {
    const ctx = await chainOf(4)
    await asOwner(`update audit_entry set change = '{"to": 99}' where org_id = $1 and seq = 2`, [ctx.orgId])
    expect(await verifyAudit(ctx)).toMatchObject({ intact: false, brokenAt: 2 })
  })

  test('CS-018.7 erasing what an entry says keeps the chain whole', async () => {
    const ctx = await chainOf(4)
    await asOwner('update audit_entry set change = null, salt = null where org_id = $1 and seq = 2', [
      ctx.orgId,
    ])
    expect(await verifyAudit(ctx)).toMatchObject({ entries: 4, intact: true })
  })

  test('CS-018.7 a tail that was cut off is found by the checkpoint outside the database', async () => {
    const ctx = await chainOf(5)
    await writeCheckpoint(ctx)
    await asOwner('delete from audit_entry where org_id = $1 and seq > 3', [ctx.orgId])
    expect(await verifyAudit(ctx)).toMatchObject({ intact: false, brokenAt: 4 })
  })

  test('CS-018.7 the application cannot rewrite the chain', async () => {
    const ctx = await chainOf(1)
    await expect(
      ctx.db.query("update audit_entry set action = 'x' where org_id = $1", [ctx.orgId]),
    ).rejects.toThrow(/permission denied/)
    await expect(ctx.db.query('delete from audit_entry where org_id = $1', [ctx.orgId])).rejects.toThrow(
      /permission denied/,
    )
  })
})
