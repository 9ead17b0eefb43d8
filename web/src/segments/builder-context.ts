import { createContext, useContext } from 'react'
import type { FilterOperators, Term } from './api.ts'
import type { DraftPart } from './draft.ts'

/** What every part of a builder needs, however deep it stands. */
export interface Builder {
  terms: readonly Term[]
  filterOperators: FilterOperators
  isReadOnly: boolean
  excludedSegmentId: string | null
  /** Replaces a part, or takes it out with null. */
  changePart: (key: string, change: (part: DraftPart) => DraftPart | null) => void
  addPart: (groupKey: string, part: DraftPart) => void
}

export const BuilderContext = createContext<Builder | null>(null)

/** The builder around a part. @throws outside of one */
export function useBuilder(): Builder {
  const builder = useContext(BuilderContext)
  if (builder === null) throw new Error('Parts of a rule are edited inside a RuleBuilder.')
  return builder
}
