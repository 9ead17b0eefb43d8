/** What a kind of conformance run is. */

/** One case: its name, and what did not fit; null when everything did. */
export interface CaseResult {
  id: string
  problem: string | null
}

/** A kind of vectors or samples. */
export interface ConformanceKind {
  /** What the folder holds, in one line. */
  summary: string
  /** @throws when the folder is not of this kind */
  run(dir: string): AsyncIterable<CaseResult>
}
