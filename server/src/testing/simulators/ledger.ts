/** What a simulated provider really took: one JSON line per message, on the disk before its answer leaves. */
import { closeSync, existsSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import type { LaterEvent } from './vendor.ts'

/** A message that was taken. */
export interface LedgerEntry {
  /** The provider's own id. */
  id: string
  /** Our token, where the call carried one. */
  token: string
  to: string
  /** What was said: subject, text or payload, cut. */
  excerpt: string
  /** When, by the simulator's clock. */
  at: string
  /** What it tells later of the message; null: nothing. */
  fate: LaterEvent['kind'] | null
}

/** The book of one simulator. */
export class SimulatorLedger {
  readonly entries: LedgerEntry[] = []
  readonly #file: number | null

  /** @param path where lines are kept; null keeps them in memory alone. A file that is there is read first. */
  constructor(path: string | null) {
    if (path !== null && existsSync(path))
      for (const line of readFileSync(path, 'utf8').split('\n'))
        if (line !== '') this.entries.push(JSON.parse(line) as LedgerEntry) // written below
    this.#file = path === null ? null : openSync(path, 'a')
  }

  /** Notes what one call brought; durable when this returns. */
  take(entries: readonly LedgerEntry[]): void {
    if (this.#file !== null && entries.length > 0) {
      writeSync(this.#file, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
      fdatasyncSync(this.#file)
    }
    this.entries.push(...entries)
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file)
  }
}
