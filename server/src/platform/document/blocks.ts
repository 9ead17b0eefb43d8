/** A document for people as data: what is to be said, in order. Whoever writes it knows no page; whoever draws it, no room. */
import type { Locale } from '../context.ts'

/** Rows of texts under titles; figures stand at the end of their column. A text may have several lines. */
export interface Table {
  title: string
  columns: readonly { title: string; align?: 'start' | 'end' }[]
  rows: readonly (readonly string[])[]
}

/** One figure in large letters, with what it is a share of. */
export interface Figure {
  label: string
  value: string
  note?: string
}

/** Several series over the same points. `values[n]` belongs to `labels[n]`. */
export interface Lines {
  kind: 'lines'
  title: string
  labels: readonly string[]
  series: readonly { name: string; values: readonly number[] }[]
  /** A value as the axis says it. */
  format: (value: number) => string
  /** The same as a table, for everybody who reads no curves. */
  twin: Table
}

/** Amounts beside each other. */
export interface Bars {
  kind: 'bars'
  title: string
  items: readonly { label: string; value: number; text: string }[]
  twin: Table
}

/** Estimates with the range in which the true value lies; all on one scale. */
export interface Intervals {
  kind: 'intervals'
  title: string
  items: readonly { label: string; at: number; low: number; high: number; text: string }[]
  format: (value: number) => string
  twin: Table
}

export type Block =
  | { kind: 'heading'; text: string }
  | { kind: 'text'; text: string; isMuted?: boolean }
  | { kind: 'gap' }
  | { kind: 'figures'; items: readonly Figure[] }
  | ({ kind: 'table' } & Table)
  | Lines
  | Bars
  | Intervals

/** A whole document. */
export interface Paper {
  title: string
  /** Under the title: of what, of when. */
  subtitle: string
  locale: Locale
  /** At the foot of each page, beside its number. */
  foot: string
  createdAt: Date
  blocks: readonly Block[]
}
