/** The door of platform/document: what is said once as blocks, drawn as a tagged PDF or as a part of a page. */
export type { Bars, Block, Figure, Intervals, Lines, Paper, Table } from './blocks.ts'
export { paperPdf } from './pdf.ts'
export { PAPER_STYLE, paperHtml } from './html.ts'
