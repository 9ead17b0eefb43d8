/**
 * Vendors that take one text for many recipients want what differs between them apart. Mails of one run differ in
 * names and links only, so their texts have the same pieces between the same marks: the pieces that differ become
 * values, the others the common text. Nothing is guessed: putting the values back gives each text exactly.
 */

/** Texts of several mails, taken apart. */
export interface Factored {
  /** The common texts, with a mark for each value. */
  templates: readonly string[]
  /** Per mail: mark → value. */
  values: readonly Readonly<Record<string, string>>[]
}

/** Where a text is cut: around tags, quotes and white space. The cuts themselves are pieces. */
const CUTS = /([<>"'\s]+)/

/**
 * @param mails  per mail its texts, in the same order
 * @param mark   how a vendor writes the place of value n
 * @returns null when the texts have not the same pieces, or a mark occurs in them already
 */
export function factorTexts(
  mails: readonly (readonly string[])[],
  mark: (n: number) => string,
): Factored | null {
  const [first] = mails
  if (!first) return null
  const values: Record<string, string>[] = mails.map(() => ({}))
  const markOf = new Map<string, string>()
  const templates: string[] = []
  for (const index of first.keys()) {
    const pieces = mails.map((texts) => (texts[index] ?? '').split(CUTS))
    const [common = []] = pieces
    if (pieces.some(({ length }) => length !== common.length)) return null
    const parts = common.map((piece, at) => {
      const column = pieces.map((own) => own[at] ?? '')
      if (column.every((own) => own === piece)) return piece
      // The same link stands in the HTML and in the text: one value serves both.
      const key = column.join('\0')
      const known = markOf.get(key)
      if (known !== undefined) return known
      const fresh = mark(markOf.size)
      markOf.set(key, fresh)
      column.forEach((own, mail) => {
        const row = values[mail]
        if (row) row[fresh] = own
      })
      return fresh
    })
    templates.push(parts.join(''))
  }
  const marks = [...markOf.values()]
  const isClean = mails.every((texts) => !texts.some((text) => marks.some((own) => text.includes(own))))
  return isClean ? { templates, values } : null
}
