/** The door of platform/db: connections, transactions and statements. */
export { type Connection, type Database, openDatabase } from './pool.ts'
export { type Db, type Statement, type Row } from './statements.ts'
export {
  inTransaction,
  afterCommit,
  unlessTaken,
  systemTransaction,
  personTransaction,
  type SystemDb,
} from './transaction.ts'
export { migrate, pendingMigrations } from './migrate.ts'
export { makePartitions } from './partitions.ts'
export {
  bigintArray,
  byteaArray,
  dateArray,
  instantArray,
  jsonbArray,
  textArray,
  uuidArray,
} from './binary-array.ts'
export { arrayLiteral, idsLiteral } from './array-literal.ts'
export { build } from './build.ts'
export { avoidHelpers, avoidNestedLoops, setKeptPlans, soughtBy, withoutNestedLoops } from './planner.ts'
export { type IdRange, rangeOf, shareOf } from './id-range.ts'
export type { Tables } from './tables.ts'
export { isPassing, whenReachable } from './reach.ts'
