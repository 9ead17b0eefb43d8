/** Which mails of a run may share a call of a vendor that takes one text and values. */
import { joined, OWN, type Pieces } from '../../../../content/index.ts'
import type { MailMessage, MailParts } from '../mail-message.ts'
import { factorTexts, type Factored, type Marks } from './factor.ts'

/** A factor of the mixing below: any odd number serves. */
const MIX = 31

/** Mails with the same sender, whose texts went the same way through their templates, share a call. */
export const shapeOf = ({ parts: { from, html, text } }: MailMessage): string =>
  `${wayOf(html)}:${wayOf(text)}:${from.name ?? ''}`

/** Two ways seldom have the same number; should they, their mails do not factor and are halved. */
function wayOf({ order }: Pieces): number {
  let way = order.length
  for (const piece of order) way = (Math.imul(way, MIX) + piece) | 0
  return way
}

/** A call's common texts and each mail's values: subject, text, HTML. Of a single mail, its own texts and none. */
export function factored(messages: readonly MailMessage[], marks: Marks): Factored | null {
  const [first, ...more] = messages
  if (!first) return null
  if (more.length === 0) {
    const { subject, text, html } = first.parts
    return { templates: [subject, joined(text), joined(html)], marks: [], values: [[]] }
  }
  return factorTexts(
    messages.map(({ parts }) => textsOf(parts)),
    marks,
  )
}

const NOTHING_FIXED: readonly string[] = []
const ONE_OWN = [OWN]

const textsOf = ({ subject, text, html }: MailParts): Pieces[] => [
  // A line is one piece.
  { fixed: NOTHING_FIXED, order: ONE_OWN, own: [subject] },
  text,
  html,
]
