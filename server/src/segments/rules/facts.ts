/**
 * Questions about facts that lie in another table and that a contact may have or not: derived figures, sums over
 * events. Asked as `exists` over that table, so that the planner may hash it once or look into it per contact.
 */
import type { Leaf } from './operator.ts'
import type { Person } from './person.ts'
import type { SqlText } from './sql-text.ts'

/** Where the facts are. */
export interface Facts<F> {
  /** The facts of a person; those of whoever has no row when there is none. */
  of(person: Person): F
  /** What stands for a contact without a row. */
  none: F
  /** A query with a column `contact_id`, of those whose facts meet `condition`. */
  rows(q: SqlText, condition: string): string
  /** One value of the facts of the present contact, where conditions on them may move with the clock. */
  one?: (q: SqlText, expression: string) => string
}

/** A condition on facts as a condition on the contact. Whoever has no row is answered by the condition itself. */
export function factLeaf<F>(inner: Leaf<F>, facts: Facts<F>): Leaf {
  const meets = (subject: F): boolean => inner.matches(subject) !== inner.opposite
  const noneMeets = meets(facts.none)
  const { flips } = inner
  const { one } = facts
  return {
    opposite: false,
    isTotal: true,
    ...(flips && one
      ? {
          flips: {
            sql: (q: SqlText) => one(q, flips.sql(q)),
            at: (person: Person) => flips.at(facts.of(person)),
          },
        }
      : {}),
    sql: (q) => {
      // Bare where it may be: `is true` hides from the planner how many meet the condition.
      const holds = inner.opposite === noneMeets ? `(${inner.sql(q)})` : `(${inner.sql(q)}) is not true`
      const found = facts.rows(q, holds)
      return `(${noneMeets ? 'not ' : ''}exists (select 1 from (${found}) facts where facts.contact_id = ${q.column('id')}))`
    },
    matches: (person) => meets(facts.of(person)),
    tells: (person, locale) => inner.tells?.(facts.of(person), locale) ?? null,
    phrase: inner.phrase,
  }
}
