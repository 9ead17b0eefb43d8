/** What the links of a campaign brought. Pure. */
import { PARTS, type LinkFigures } from '../analytics/index.ts'
import type { Channel } from '../campaigns/index.ts'
import { toMajor } from '../platform/money.ts'
import type { Roi } from './schema.ts'

/** Credit of one link by one model. */
interface LinkCredit {
  channel: string
  linkNo: number
  parts: number
  amountMinor: number
}

/**
 * The links of the latest run with what followed, most revenue first, and what came by none of them: the whole less
 * theirs, so that all add up to the cent.
 */
export function moneyByLink(
  links: readonly LinkFigures[],
  credited: readonly LinkCredit[],
  whole: { conversions: number; revenueMinor: number; currency: string },
): Pick<Roi, 'links' | 'noLink'> {
  const byLink = new Map(credited.map((credit) => [`${credit.channel} ${credit.linkNo}`, credit]))
  const lines = links.map(({ channel, linkNo, url, label }) => {
    const credit = byLink.get(`${channel} ${linkNo}`)
    return { channel, linkNo, url, label, parts: credit?.parts ?? 0, amountMinor: credit?.amountMinor ?? 0 }
  })
  const sum = (of: (line: (typeof lines)[number]) => number): number =>
    lines.reduce((total, line) => total + of(line), 0)
  const major = (minor: number): number => toMajor(minor, whole.currency) ?? 0
  return {
    links: lines
      .toSorted((a, b) => b.amountMinor - a.amountMinor || b.parts - a.parts)
      .map(({ parts, amountMinor, channel, ...link }) => ({
        ...link,
        channel: channel as Channel, // links are of messages, and these of channels only
        conversions: parts / PARTS,
        revenue: major(amountMinor),
      })),
    noLink: {
      conversions: (Math.round(whole.conversions * PARTS) - sum(({ parts }) => parts)) / PARTS,
      revenue: major(whole.revenueMinor - sum(({ amountMinor }) => amountMinor)),
    },
  }
}
