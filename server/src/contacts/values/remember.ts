/** Remembering what was computed for a text: columns of files repeat their values. */

/** Texts that one memory holds; when it is full it begins anew, so that it stays small whatever comes. */
const REMEMBERED_MAX = 4_000
/** Longer texts hardly repeat. */
const TEXT_CHARS_MAX = 100

/**
 * The same function with a memory. For pure functions whose results nobody changes.
 */
export function remembered<T>(compute: (text: string) => T): (text: string) => T {
  let memory = new Map<string, T>()
  return (text) => {
    const known = memory.get(text)
    if (known !== undefined) return known
    const value = compute(text)
    if (memory.size >= REMEMBERED_MAX) memory = new Map()
    if (text.length <= TEXT_CHARS_MAX) memory.set(text, value)
    return value
  }
}
