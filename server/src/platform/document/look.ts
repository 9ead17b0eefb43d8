/** Measures and colours of documents: those of the screens in their light form. Points are 1/72 inch. */

export const MARGIN = 52
export const INK = '#1c1b1a'
export const MUTED = '#66635d'
export const LINE = '#e6e5e1'
export const SOFT = '#f3f2ef'
/** Each at least 4.5:1 on white; the dashes tell them apart without colour. */
export const SERIES = [
  { colour: '#5b3df5', dash: null },
  { colour: '#0f766e', dash: [5, 2] },
  { colour: '#c2410c', dash: [1.5, 2] },
  { colour: '#0369a1', dash: [7, 2, 1.5, 2] },
] as const
/** Names that the fonts beside `letters.ts` are registered by. */
export const FONT = 'Regular'
export const BOLD = 'Bold'

/** The look of the n-th series. */
export const seriesLook = (at: number): (typeof SERIES)[number] => SERIES[at % SERIES.length] ?? SERIES[0]
