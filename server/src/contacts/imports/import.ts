/** An import as it is stored: the file, what was found in it, what was decided, how far it is. */
import type { Id } from '../../platform/ids.ts'
import type { ColumnGuess } from '../columns/guess.ts'
import type { Encoding } from '../csv/encoding.ts'
import type { Separator } from '../csv/tokenizer.ts'
import type { ImportOptions } from './options.ts'

export type ImportId = Id<'contact_import'>

/** Draft: uploaded, being decided about. Failed: stopped by us or by the file; may be started again. */
export const IMPORT_STATES = [
  'draft',
  'running',
  'completed',
  'cancelled',
  'failed',
  'undoing',
  'undone',
] as const
export type ImportState = (typeof IMPORT_STATES)[number]

/** Figures of an import; `created + updated + unchanged + skipped + rejected` are the rows seen, doubles in a batch count as unchanged. */
export interface ImportCounts {
  created: number
  updated: number
  unchanged: number
  skipped: number
  rejected: number
  /** Values and rows that could not be stored. */
  problems: number
  consentRecorded: number
  consentUnproven: number
  /** People of the file whose address is suppressed, and stays so. */
  suppressed: number
}

/** What an undo has done so far. */
export interface UndoCounts {
  removed: number
  restored: number
  /** Contacts that were touched since, and therefore stay as they are. */
  kept: number
}

export interface ContactImport extends ImportCounts, UndoCounts {
  id: ImportId
  fileName: string
  fileBytes: number
  encoding: Encoding
  separator: Separator
  hasHeader: boolean
  /** Where phone numbers without country code seem to be dialled from. */
  defaultCountry: string | null
  columns: ColumnGuess[]
  options: ImportOptions | null
  state: ImportState
  bytesDone: number
  /** Number of the last row that is done, as a spreadsheet counts. */
  rowsDone: number
  failure: string | null
  createdBy: string
  createdAt: Date
  startedAt: Date | null
  endedAt: Date | null
  undoUntil: Date | null
}

/** Where the file of an import lies in the organization's storage. */
export const fileOf = (id: ImportId): string => `imports/${id}.csv`
