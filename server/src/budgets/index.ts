/** The door of the room budgets: what reaching people costs. */
import { room } from '../platform/room.ts'
import { routes } from './routes.ts'

export {
  addSpend,
  changeSpend,
  costsOf,
  costWithin,
  listSpends,
  looseSpendsWithin,
  removeSpend,
  type Cost,
  type NewSpend,
} from './costs.ts'
export { budgetUseOf, type BudgetUse } from './left.ts'
export {
  importSpends,
  knownSpends,
  listSpendImports,
  roomForSpends,
  undoSpendImport,
} from './spend-imports.ts'
export {
  SPEND_KINDS,
  type ImportedSpend,
  type Spend,
  type SpendId,
  type SpendImport,
  type SpendImportId,
  type SpendKind,
} from './spend-queries.ts'

export { SPEND_PLATFORMS, type SpendPlatform } from './schema.ts'

export const budgets = room('budgets', { routes })
