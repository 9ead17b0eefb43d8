/** A kind of fault. */
import type { Round } from './round.ts'

/** What happens in one of its rounds, and what must hold afterwards. */
export interface Fault {
  /** As the compliance report numbers them. */
  id: string
  title: string
  /** Takes long, or much disk: played once per run, not in turn. */
  isCostly?: boolean
  run(round: Round): Promise<void>
}
