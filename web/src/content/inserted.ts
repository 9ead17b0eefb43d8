/** Where the caret of a field is, or at the end. */
export function inserted(
  field: HTMLInputElement | HTMLTextAreaElement | null,
  text: string,
  liquid: string,
): string {
  const begin = field?.selectionStart ?? text.length
  const end = field?.selectionEnd ?? text.length
  return text.slice(0, begin) + liquid + text.slice(end)
}
