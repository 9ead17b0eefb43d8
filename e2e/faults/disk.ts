/** A full disk: nothing is promised that is not kept, and everything goes on by itself once there is room. */
import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyAudit } from '../../server/src/platform/audit/index.ts'
import type { Fault } from './fault.ts'
import { accountSingles, postSingles } from './kills.ts'
import { Round } from './round.ts'
import { Stage, wait } from './stage.ts'

const DISK_MB = 512
const BATCHES = 40
/** Answers that say: not now. Anything else during a full disk would be a promise or a lie. */
const REFUSED = /answered 5\d\d|fetch failed|aborted/
const FULL_FOR_MS = 4_000
const READY_WITHIN_MS = 90_000

/** F6: the disk of the database and of Fanfare's own files is full. */
const diskFull: Fault = {
  id: 'F6',
  title: 'disk full, then freed',
  isCostly: true,
  run: async (round) => {
    const disk = mkdtempSync(join(tmpdir(), 'fanfare-disk-'))
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m,mode=755`, 'tmpfs', disk], {
        stdio: 'ignore',
      })
    } catch {
      console.log('    F6 is left out: a small disk can only be mounted as root')
      rmSync(disk, { recursive: true })
      return
    }
    try {
      const stage = await Stage.open({ people: 60, workers: 1, dataDir: join(disk, 'data') })
      try {
        const own = await Round.begin(stage, round.no, round.between(1, 1_000_000))
        await fillAndFree(own, join(disk, 'filler'))
        Object.assign(round.result, own.result)
      } finally {
        await stage.close(false)
      }
    } finally {
      execFileSync('umount', ['-l', disk])
      rmSync(disk, { recursive: true, force: true })
    }
  },
}

async function fillAndFree(round: Round, filler: string): Promise<void> {
  const { stage } = round
  const accepted = new Set<number>()
  const post = async (batch: number): Promise<void> => {
    try {
      await postSingles(round, batch)
      accepted.add(batch)
    } catch (error) {
      const said = String(error)
      if (!REFUSED.test(said)) round.violate(`a call was answered: ${said.slice(0, 200)}`)
    }
  }
  for (let batch = 0; batch < BATCHES / 4; batch++) await post(batch)
  fill(filler)
  const filledMs = performance.now()
  const before = accepted.size
  for (let batch = BATCHES / 4; batch < BATCHES && performance.now() - filledMs < FULL_FOR_MS; batch++) {
    await post(batch)
    await wait(50)
  }
  round.note('accepted while full', accepted.size - before)
  rmSync(filler)
  const freedMs = performance.now()
  while (performance.now() - freedMs < READY_WITHIN_MS && !(await isReady(stage))) await wait(100)
  round.note('ready ms', Math.round(performance.now() - freedMs))
  await stage.ensureWorkers()
  await stage.ensureWeb()
  for (let batch = 0; batch < BATCHES; batch++)
    for (let tries = 0; !accepted.has(batch) && tries < 20; tries++) {
      await post(batch)
      if (!accepted.has(batch)) await wait(250)
    }
  if (accepted.size < BATCHES) round.violate(`${BATCHES - accepted.size} calls are still refused`)
  await accountSingles(round, accepted.size * 5)
  const { intact, problem } = await verifyAudit(stage.a.ctx)
  if (!intact) round.violate(`I9: the audit chain is broken: ${problem}`)
}

const isReady = (stage: Stage): Promise<boolean> =>
  fetch(`${stage.url}/ready`).then(
    ({ ok }) => ok,
    () => false,
  )

/** Writes until nothing more fits. */
function fill(path: string): void {
  const file = openSync(path, 'w')
  for (let bytes = 1024 * 1024; bytes >= 512; bytes /= 2) {
    const part = Buffer.alloc(bytes)
    try {
      for (;;) writeSync(file, part)
    } catch {
      // No room for so much: perhaps for half of it.
    }
  }
  closeSync(file)
}

export const DISK: readonly Fault[] = [diskFull]
