/** The time of all processes under test: the system's, moved by what the suite says. */
import { openSync, writeSync } from 'node:fs'

/** A clock that leaps. */
export class FaultClock {
  readonly path: string
  readonly #file: number
  #offsetMs = 0

  /** @param path the file that the processes read the offset from */
  constructor(path: string) {
    this.path = path
    this.#file = openSync(path, 'w')
    this.leap(0)
  }

  readonly now = (): Date => new Date(Date.now() + this.#offsetMs)

  /** How far it is ahead of the system's. */
  get offsetMs(): number {
    return this.#offsetMs
  }

  /** Moves the time of everybody at once; back, too. */
  leap(ms: number): void {
    this.#offsetMs += ms
    const offset = Buffer.alloc(8)
    offset.writeDoubleLE(this.#offsetMs)
    writeSync(this.#file, offset, 0, 8, 0)
  }

  leapTo(instant: Date): void {
    this.leap(instant.getTime() - this.now().getTime())
  }
}
