/**
 * Sets the spaces that French asks for, which nobody should have to type: narrow and unbreakable before ; ! ? and
 * inside « », unbreakable before a colon. Source: Lexique des règles typographiques en usage à l'Imprimerie nationale
 */
export function frenchSpaces(text: string): string {
  return text
    .replace(/ ([;!?»])/g, '\u202F$1')
    .replace(/« /g, '«\u202F')
    .replace(/ :(?!:)/g, '\u00A0:')
}
