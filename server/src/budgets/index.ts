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
export { alertOf, campaignSubject, noteAlerts, type BudgetedUse } from './alerts.ts'
export { budgetRaised } from './events.ts'
export { budgetUseOf, sharedBudgetsOf, type SetBudgets } from './left.ts'
export { microsPerMinor, monthUses } from './limits.ts'
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

export {
  BUDGET_OWNERS,
  BUDGET_SCOPES,
  SPEND_PLATFORMS,
  type BudgetOwner,
  type BudgetScope,
  type SpendPlatform,
} from './schema.ts'

export const budgets = room('budgets', { routes })
