/**
 * The shapes of statements that a distributed PostgreSQL refuses or that leave the tenant. Checked statically over
 * every `queries.ts`, and in tests on each statement as it runs.
 * Source: measured with Citus 13.2; see docs/decisions.
 */

/** Functions whose value depends on the session's clock or dice: UPDATE and DELETE take instants as parameters. */
const VOLATILE =
  /\b(now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday|random|gen_random_uuid)\s*\(|\bcurrent_(timestamp|date|time)\b/i
const STABLE_OVER_COLUMNS =
  /\bdate_trunc\s*\(|\bmake_interval\s*\(|\b(to_jsonb|jsonb_build_object|jsonb_build_array)\s*\(|[+-]\s*interval\b/i

/**
 * What is wrong with a statement, in sentences; nothing when it is fine.
 * @param tenantTables names of the tables that carry org_id
 */
export function statementProblems(text: string, tenantTables: ReadonlySet<string>): string[] {
  const sql = withoutLiterals(text)
  const problems: string[] = []
  const writes = /(^|[\s(])(update\s+(?!of\b|skip\b|nowait\b)[a-z_]+|delete\s+from)\b/i.test(
    sql
      .replaceAll(/for\s+(no\s+key\s+)?update/gi, 'for_update')
      .replaceAll(/do\s+update\s+set/gi, 'do_update'),
  )
  if (writes && VOLATILE.test(sql))
    problems.push('UPDATE or DELETE reads the clock or the dice: pass the instant as a parameter')
  if (writes && STABLE_OVER_COLUMNS.test(sql))
    problems.push(
      'UPDATE or DELETE computes with a STABLE function: compute in a locking CTE or pass the value',
    )
  if (/\bmerge\s+into\b/i.test(sql)) problems.push('MERGE cannot be distributed: use on conflict')
  if (/\bfor\s+(no\s+key\s+)?(update|share)\b/i.test(sql) && !/\borg_id\b/i.test(sql))
    problems.push('FOR UPDATE without org_id')
  if (/\btruncate\b/i.test(sql)) problems.push('TRUNCATE ignores row-level policies')
  for (const match of sql.matchAll(/\b(?:from|join|into|update)\s+(?:only\s+)?([a-z_][a-z0-9_]*)/gi)) {
    const table = (match[1] ?? '').toLowerCase()
    if (tenantTables.has(table) && !/\borg_id\b/i.test(sql))
      problems.push(`${table} is read or written without org_id`)
  }
  return [...new Set(problems)]
}

const withoutLiterals = (text: string): string =>
  text.replaceAll(/--[^\n]*/g, ' ').replaceAll(/'(?:[^']|'')*'/g, "''")
