/** The layout that a distributed PostgreSQL takes unchanged: checked in the catalog of the migrated schema, and over every statement. */
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, describe, expect, inject, test } from 'vitest'
import { statementProblems } from '../server/src/platform/db/statement-rules.ts'
import { onDatabase } from '../server/src/testing/databases.ts'
import '../server/src/testing/databases.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const { connection, template } = inject('postgres')

// The template itself may not be connected to while others clone it: this file reads a clone of its own.
const name = `layout_${process.pid}`
const admin = new pg.Client({ ...connection })
await admin.connect()
await admin.query(`create database ${name} template ${template}`)
const client = new pg.Client({ ...onDatabase(connection, name) })
await client.connect()
afterAll(async () => {
  await client.end()
  await admin.query(`drop database ${name} with (force)`)
  await admin.end()
})

const names = async (text: string): Promise<string[]> =>
  (await client.query<{ name: string }>(text)).rows.map((row) => row.name)
const TENANT = `select c.oid, c.relname from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
  and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'org_id' and not a.attisdropped)`

describe('the catalog', () => {
  test('every table has a primary key', async () => {
    expect(
      await names(`select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)`),
    ).toEqual([])
  })

  test('org_id comes first in every primary and unique key of a tenant table', async () => {
    expect(
      await names(`with tenant as (${TENANT}) select i.indexrelid::regclass::text as name from pg_index i join tenant t on t.oid = i.indrelid
      join pg_attribute a on a.attrelid = i.indrelid and a.attname = 'org_id' where (i.indisunique or i.indisprimary) and i.indkey[0] <> a.attnum`),
    ).toEqual([])
  })

  test('org_id is never null', async () => {
    expect(
      await names(
        `with tenant as (${TENANT}) select t.relname as name from tenant t join pg_attribute a on a.attrelid = t.oid and a.attname = 'org_id' where not a.attnotnull`,
      ),
    ).toEqual([])
  })

  test('foreign keys among tenant tables begin with org_id and never set null', async () => {
    expect(
      await names(`with tenant as (${TENANT}) select f.conname as name from pg_constraint f join tenant t on t.oid = f.conrelid
      join pg_attribute a on a.attrelid = f.conrelid and a.attname = 'org_id'
      where f.contype = 'f' and (f.conkey[1] <> a.attnum or f.confdeltype in ('n', 'd') or not exists (select from tenant r where r.oid = f.confrelid))`),
    ).toEqual([])
  })

  test('no foreign key leads from a table without organization to a tenant table', async () => {
    expect(
      await names(`with tenant as (${TENANT}) select f.conname as name from pg_constraint f where f.contype = 'f'
      and f.confrelid in (select oid from tenant) and f.conrelid not in (select oid from tenant)`),
    ).toEqual([])
  })

  test('DS-database-optimization.1 what is often asked for has an index behind its organization', async () => {
    const indexed = await names(`select i.indrelid::regclass || '.' || a.attname as name from pg_index i
      join pg_attribute o on o.attrelid = i.indrelid and o.attnum = i.indkey[0] and o.attname = 'org_id'
      join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[1]`)
    expect(OFTEN_ASKED.filter((column) => !indexed.includes(column))).toEqual([])
  })

  test('there are no triggers', async () => {
    expect(await names('select tgname as name from pg_trigger where not tgisinternal')).toEqual([])
  })

  test('every tenant table forces row-level policies, and none has a sub-select', async () => {
    expect(
      await names(`with tenant as (${TENANT}) select t.relname as name from tenant t join pg_class c on c.oid = t.oid
      where not (c.relrowsecurity and c.relforcerowsecurity) or not exists (select from pg_policy p where p.polrelid = t.oid)`),
    ).toEqual([])
    expect(
      await names(
        `select polname as name from pg_policy where pg_get_expr(polqual, polrelid) ~* '\\mselect\\M' or pg_get_expr(polwithcheck, polrelid) ~* '\\mselect\\M'`,
      ),
    ).toEqual([])
  })

  test('every view shows whoever asks what the policies of its tables let them see', async () => {
    expect(
      await names(`select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')
      and not coalesce(reloptions @> '{security_invoker=true}', false)`),
    ).toEqual([])
  })

  test('tables without org_id are few and known', async () => {
    const known = [
      'installation',
      'organization',
      'person',
      'schedule',
      'schema_migration',
      'session',
      'sign_in_throttle',
      'two_factor',
      'verification',
    ]
    const found = await names(
      `with tenant as (${TENANT}) select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.oid not in (select oid from tenant)`,
    )
    expect(found.filter((table) => !known.includes(table))).toEqual([])
  })
})

describe('statements', () => {
  test('no statement has a shape that cannot be distributed', async () => {
    const tenantTables = new Set(await names(`with tenant as (${TENANT}) select relname as name from tenant`))
    const root = join(ROOT, 'server/src')
    const files = (await readdir(root, { recursive: true })).filter(
      (file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.startsWith('testing/'),
    )
    const broken: string[] = []
    for (const file of files) {
      const text = await readFile(join(root, file), 'utf8')
      // Statements are template literals that begin with a verb of SQL.
      for (const match of text.matchAll(/`\s*((?:with|select|insert|update|delete|merge)\b[^`]*)`/gi)) {
        const statement = (match[1] ?? '').replaceAll(/\$\{[^}]*\}/g, ' ')
        // The head of a statement, whose conditions its callers add, is judged whole when tests run it.
        const isHead =
          /^select/i.test(statement) && !/\bwhere\b/i.test(statement.replaceAll(/\([^()]*\)/g, ''))
        const problems = statementProblems(statement, tenantTables).filter(
          (problem) => !((isHead || SYSTEM_FILES.has(file)) && problem.endsWith('without org_id')),
        )
        broken.push(...problems.map((problem) => `${relative(ROOT, join(root, file))}: ${problem}`))
      }
    }
    expect(broken).toEqual([])
  })
})

/** What lists, reports, profiles and hand-overs look rows up by. */
const OFTEN_ASKED = [
  'campaign.id',
  'campaign.created_at',
  'campaign.scheduled_at',
  'contact.email',
  'contact.phone',
  'contact.created_at',
  'conversion.contact_id',
  'conversion.at',
  'conversion_credit.campaign_id',
  'conversion_credit.contact_id',
  'event.contact_id',
  'event.type',
  'message.run_id',
  'message.contact_id',
  'metric.campaign_id',
  'metric.hour',
  'segment.updated_at',
  'segment_member.segment_id',
  'segment_member.contact_id',
]

/** Picks over all organizations, which only the platform's own loops may make. */
const SYSTEM_FILES = new Set(['platform/db/migrate.ts', 'platform/db/partitions.ts', 'platform/platform.ts'])
