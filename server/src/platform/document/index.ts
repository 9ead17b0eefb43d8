/** The door of platform/document: what is said once as blocks, drawn as a tagged PDF. */
export type { Bars, Block, Figure, Intervals, Lines, Paper, Table } from './blocks.ts'
export { paperPdf } from './pdf.ts'
