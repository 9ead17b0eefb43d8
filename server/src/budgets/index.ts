/** The door of the room budgets: what reaching people costs. */
import { room } from '../platform/room.ts'
import { routes } from './routes.ts'

export {
  addSpend,
  changeSpend,
  costsOf,
  costWithin,
  listSpends,
  removeSpend,
  type Cost,
  type NewSpend,
} from './costs.ts'
export { SPEND_KINDS, type Spend, type SpendId, type SpendKind } from './queries.ts'

export const budgets = room('budgets', { routes })
