/** The tables of a database in the order in which they can be filled, with what COPY needs to know of them. */
import type pg from 'pg'
import { AppError } from '../errors.ts'

/** A table to copy. Partitions are no tables of their own here: rows go through the parent. */
export interface CopiedTable {
  name: string
  /** Without generated columns, which the database computes again. */
  columns: string[]
}

/** A counter behind an identity column. */
export interface CopiedSequence {
  table: string
  column: string
  /** The value that comes next, as text: it may pass 2^53. */
  next: string
}

/** A monthly part of a table; without it, restored rows would pile up in the default part. */
export interface CopiedPartition {
  table: string
  name: string
  /** `FOR VALUES FROM (…) TO (…)`, as PostgreSQL writes it. */
  bound: string
}

/** The record of migrations is written by the migrations themselves. */
const NOT_COPIED = ['schema_migration']

/** Every table, referenced ones before those that refer to them. */
export async function copiedTables(client: pg.ClientBase): Promise<CopiedTable[]> {
  const { rows } = await client.query<CopiedTable>(
    `select c.relname as name,
       array_agg(a.attname::text order by a.attnum) filter (where a.attgenerated = '') as columns
     from pg_class c
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and c.relname <> all ($1)
     group by c.relname
     order by c.relname`,
    [NOT_COPIED],
  )
  const references = await client.query<{ from: string; to: string }>(
    `select source.relname as from, target.relname as to
     from pg_constraint f
     join pg_class source on source.oid = f.conrelid
     join pg_class target on target.oid = f.confrelid
     where f.contype = 'f' and f.conparentid = 0 and source.oid <> target.oid`,
  )
  return inOrder(rows, references.rows)
}

/** The present state of every identity column. */
export async function copiedSequences(client: pg.ClientBase): Promise<CopiedSequence[]> {
  const { rows } = await client.query<{ table: string; column: string; sequence: string }>(
    `select c.relname as table, a.attname as column, pg_get_serial_sequence(c.oid::regclass::text, a.attname) as sequence
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attidentity <> '' and not a.attisdropped
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
     order by 1, 2`,
  )
  const sequences: CopiedSequence[] = []
  for (const { table, column, sequence } of rows) {
    const state = await client.query<{ next: string }>(
      `select case when is_called then last_value + 1 else last_value end as next from ${sequence}`,
    )
    sequences.push({ table, column, next: state.rows[0]?.next ?? '1' })
  }
  return sequences
}

/** The parts by range of every partitioned table. */
export async function copiedPartitions(client: pg.ClientBase): Promise<CopiedPartition[]> {
  const { rows } = await client.query<CopiedPartition>(
    `select parent.relname as table, part.relname as name, pg_get_expr(part.relpartbound, part.oid) as bound
     from pg_inherits i
     join pg_class part on part.oid = i.inhrelid and part.relkind = 'r' and part.relispartition
     join pg_class parent on parent.oid = i.inhparent
     where part.relnamespace = 'public'::regnamespace and pg_get_expr(part.relpartbound, part.oid) <> 'DEFAULT'
     order by 1, 2`,
  )
  return rows
}

/** A name as SQL takes it. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

function inOrder(
  tables: readonly CopiedTable[],
  references: readonly { from: string; to: string }[],
): CopiedTable[] {
  const placed: CopiedTable[] = []
  let waiting = [...tables]
  while (waiting.length > 0) {
    const isWaiting = new Set(waiting.map((table) => table.name))
    const free = waiting.filter((table) =>
      references.every(({ from, to }) => from !== table.name || !isWaiting.has(to)),
    )
    if (free.length === 0)
      throw new AppError(
        'platform.backup_impossible',
        503,
        `These tables refer to each other in a circle, so that none can be restored first: ${[...isWaiting].join(', ')}. Use pg_dump.`,
      )
    placed.push(...free)
    waiting = waiting.filter((table) => !free.includes(table))
  }
  return placed
}
