/**
 * Loaded into each server process of the fault suite before its own code: its clock reads an offset that the suite
 * writes to a file, and `SIGUSR2` keeps its event loop busy, as a runaway computation would. The product knows of neither.
 */
import { openSync, readSync } from 'node:fs'

const clockPath = process.env['FAULTS_CLOCK']
if (clockPath !== undefined) {
  const file = openSync(clockPath, 'r')
  const offset = Buffer.alloc(8)
  const RealDate = Date
  const now = (): number => {
    readSync(file, offset, 0, 8, 0)
    return RealDate.now() + offset.readDoubleLE(0)
  }
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, given: unknown[], made) =>
      Reflect.construct(target, given.length === 0 ? [now()] : given, made) as Date, // a constructor of dates
    get: (target, key): unknown => (key === 'now' ? now : Reflect.get(target, key)),
  })
}

process.on('SIGUSR2', () => {
  const until = performance.now() + Number(process.env['FAULTS_STALL_MS'] ?? 5_000)
  while (performance.now() < until);
})
