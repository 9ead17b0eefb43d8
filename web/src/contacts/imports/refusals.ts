import { useTranslations } from 'use-intl'
import { ApiError } from '../../platform/api/problem.ts'
import { useErrorText } from '../../ui/ErrorState.tsx'

/** What is wrong with a file, and what to do about it; the server says it in English for programs. */
const codes = [
  'file_empty',
  'file_too_large',
  'file_is_workbook',
  'file_is_compressed',
  'file_not_text',
  'csv_row_too_long',
  'csv_too_many_columns',
  'csv_no_rows',
  'import_interrupted',
] as const

/** The sentence of a code, or null for one that is not about a file. */
export function useFileProblem(): (code: string) => string | null {
  const t = useTranslations('contacts.imports.refusals')
  return (code) => {
    const known = codes.find((candidate) => code === `contacts.${candidate}`)
    return known === undefined ? null : t(known)
  }
}

/** Why a file was refused, in the reader's language; null when it was not. */
export function useImportRefusal(error: unknown): string | null {
  const problem = useFileProblem()
  const { message } = useErrorText(error)
  if (error === null) return null
  if (!(error instanceof ApiError)) return message
  return problem(error.code) ?? error.issues[0]?.message ?? message
}
