/**
 * Vendors that take one text for many recipients want what differs between them apart. Rendering tells the pieces of a
 * mail (`content/rules/pieces.ts`): what a template says is the common text, and of the readers' own pieces, those that
 * differ become values. Nothing is guessed: putting the values back gives each text exactly.
 */
import { isSameOrder, OWN, type Pieces } from '../../../../content/index.ts'

/** Texts of several mails, taken apart. */
export interface Factored {
  /** The common texts, with a mark for each value. */
  templates: readonly string[]
  /** The marks, in the order of the values. */
  marks: readonly string[]
  /** Each mail's values. */
  values: readonly (readonly string[])[]
}

/** How a vendor writes the place of value n. */
export interface Marks {
  /** Every mark begins with it. */
  start: string
  of(n: number): string
}

/** A place where readers have their own: in which of their texts, and the how manieth there. */
interface OwnPlace {
  text: number
  at: number
}

/**
 * @param mails  per mail its texts, in the same order
 * @returns null when the texts have not the same pieces, or a mark would occur where nobody put it
 */
export function factorTexts(mails: readonly (readonly Pieces[])[], marks: Marks): Factored | null {
  const [first, ...others] = mails
  if (!first) return null
  if (!others.every((mail) => mail.every((text, at) => isSameWay(text, first[at])))) return null
  const valuePlaces: OwnPlace[] = []
  const timesPut: number[] = []
  const templates: string[] = []
  for (const [text, { fixed, order, own }] of first.entries()) {
    let template = ''
    let next = 0
    for (const piece of order) {
      if (piece !== OWN) {
        template += fixed[piece] ?? ''
        continue
      }
      const place = { text, at: next++ }
      if (isSameForAll(mails, place)) {
        template += own[place.at] ?? ''
        continue
      }
      // The same link stands in the HTML and in the text: one value serves both.
      let value = valuePlaces.findIndex((known) => isSameValue(mails, known, place))
      if (value === -1) value = valuePlaces.push(place) - 1
      template += marks.of(value)
      timesPut[value] = (timesPut[value] ?? 0) + 1
    }
    templates.push(template)
  }
  const names = valuePlaces.map((_, n) => marks.of(n))
  if (names.some((name, n) => timesIn(templates.join('\0'), name) !== timesPut[n])) return null
  const values = mails.map((mail) => valuePlaces.map((place) => ownAt(mail, place)))
  const isClean = values.every((row) =>
    row.every((value) => !value.includes(marks.start) || !names.some((name) => value.includes(name))),
  )
  return isClean ? { templates, marks: names, values } : null
}

/** Also where one begins within another: who looks from left to right would find the wrong one. */
function timesIn(text: string, name: string): number {
  let times = 0
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) times += 1
  return times
}

/** Did both go the same way through the same template? */
function isSameWay(one: Pieces, other: Pieces | undefined): boolean {
  if (other === undefined || !isSameOrder(one.order, other.order)) return false
  return one.fixed === other.fixed || one.fixed.join('\0') === other.fixed.join('\0')
}

const ownAt = (mail: readonly Pieces[], { text, at }: OwnPlace): string => mail[text]?.own[at] ?? ''

function isSameForAll(mails: readonly (readonly Pieces[])[], place: OwnPlace): boolean {
  const [first = []] = mails
  const value = ownAt(first, place)
  return mails.every((mail) => ownAt(mail, place) === value)
}

const isSameValue = (mails: readonly (readonly Pieces[])[], one: OwnPlace, other: OwnPlace): boolean =>
  mails.every((mail) => ownAt(mail, one) === ownAt(mail, other))
