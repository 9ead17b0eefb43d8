import type { Variable } from './api.ts'

/** The Liquid of a variable. Quotes of the fallback are told from those around it. */
export function liquidOf({ name, type, optional }: Variable, fallback: string): string {
  const parts = [pathOf(name)]
  if (type === 'list') parts.push('join: ", "')
  if (type === 'date') parts.push('date: "%d/%m/%Y"')
  if (optional && fallback.trim() !== '')
    parts.push(`default: ${fallback.includes('"') ? `'${fallback.replaceAll("'", '’')}'` : `"${fallback}"`}`)
  return `{{ ${parts.join(' | ')} }}`
}

/** Names of an event's properties are their senders' to choose: what is no plain word stands in brackets. */
function pathOf(name: string): string {
  const property = name.startsWith('event.') ? name.slice('event.'.length) : null
  if (property === null || /^[A-Za-z_][\w-]*$/.test(property)) return name
  return property.includes('"') ? `event['${property}']` : `event["${property}"]`
}
