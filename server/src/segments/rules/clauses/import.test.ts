/** Whom an import brought is found by an index, among any number of contacts. */
import { expect, test } from 'vitest'
import { newId } from '../../../platform/ids.ts'
import { harness } from '../../../testing/harness.ts'
import { readGiven } from '../../service/read.ts'
import type { Rule } from '../rule.ts'

const h = await harness()
const PEOPLE = 20_000
const BROUGHT = 200

test('CB-3.3 a rule about an import reads the people whom it brought, and not all contacts', async () => {
  const { systemCtx: ctx, orgId } = await h.organization()
  const id = newId<'contact_import'>(h.clock.now())
  const startedAt = new Date(h.clock.now().getTime() - 3_600_000)
  await ctx.db.query(
    `insert into contact_import (org_id, id, file_name, file_bytes, encoding, separator, has_header, columns, state,
       created_by, created_at, updated_at, started_at)
     values ($1, $2, 'people.csv', 1, 'utf-8', ',', true, '[]', 'completed', 'test', $3, $3, $3)`,
    [orgId, id, startedAt],
  )
  await ctx.db.query(
    `insert into contact (org_id, source, import_id, created_at, updated_at)
     select $1, 'test', case when n <= ${BROUGHT} then $2::uuid end,
       case when n <= ${BROUGHT} then $3::timestamptz else $3 - n * interval '1 minute' end, $3
     from generate_series(1, ${PEOPLE}) n`,
    [orgId, id, startedAt],
  )
  await ctx.db.query('analyze contact')
  const rule: Rule = { kind: 'import', operator: 'one_of', value: [id] }
  const { text, values } = (await readGiven(ctx, rule)).toSql({ alias: 'c', orgIdParam: '$1', firstParam: 2 })
  const plan = await ctx.db.query(
    `explain (analyze, costs off, timing off, format json) select c.id from contact c where c.org_id = $1 and (${text})`,
    [orgId, ...values],
  )
  const said = JSON.stringify(plan)
  expect(said).toContain('contact_created')
  expect(said).not.toContain('Seq Scan on contact')
  const [row] = await ctx.db.query<{ n: number }>(
    `select count(*)::int as n from contact c where c.org_id = $1 and (${text})`,
    [orgId, ...values],
  )
  expect(row?.n).toBe(BROUGHT)
})
