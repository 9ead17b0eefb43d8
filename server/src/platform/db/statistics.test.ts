/** What autovacuum counts. */
import { expect, test } from 'vitest'
import { harness } from '../../testing/harness.ts'

const h = await harness()

test('nobody counts the elements of arrays that lie by the thousand, as nothing is looked for within them', async () => {
  const org = await h.organization()
  const counted = await org.systemCtx.db.query<{ name: string }>(`
    select a.attrelid::regclass || '.' || a.attname as name
    from pg_attribute a
    join pg_class c on c.oid = a.attrelid and c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
    where a.attname ~ '(^|_)ids$' and a.atttypid = 'bigint[]'::regtype and not a.attisdropped
      and a.attstattarget is distinct from 0
    order by 1`)
  expect(counted.map(({ name }) => name)).toEqual([])
})
