import type { Variable } from './api.ts'

/** The Liquid of a variable. Quotes of the fallback are told from those around it. */
export function liquidOf({ name, type, optional }: Variable, fallback: string): string {
  const parts = [name]
  if (type === 'list') parts.push('join: ", "')
  if (type === 'date') parts.push('date: "%d/%m/%Y"')
  if (optional && fallback.trim() !== '')
    parts.push(`default: ${fallback.includes('"') ? `'${fallback.replaceAll("'", '’')}'` : `"${fallback}"`}`)
  return `{{ ${parts.join(' | ')} }}`
}
