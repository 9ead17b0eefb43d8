/** A chunk in the hands of its worker. */
import type { Lease } from '../../platform/jobs/index.ts'
import type { Run } from '../runs/run.ts'
import type { Chunk } from './queries.ts'

/** What every step of a hand-over needs; `chunk` is kept in step with its row. */
export interface HeldChunk {
  run: Run
  chunk: Chunk
  lease: Lease
  /** Do frequency caps hold for the sub-batch in hand? */
  isCapped: boolean
}
