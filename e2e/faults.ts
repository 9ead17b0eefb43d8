/**
 * Faults, injected by seed into the real processes, judged by the ledgers of the providers outside:
 *
 *   npm run faults -- [--rounds=60] [--seed=1] [--only=F2,F12] [--minutes=30] [--keep]
 *
 * Each round prints its fault and seed; `--only=F2 --seed=1234 --rounds=1` plays that round again. Ends with a table and
 * exit status 0 only when nobody was lost, every double is listed, and every other promise held.
 * Source: compliance report §5.3, §5.4
 */
import { parseArgs } from 'node:util'
import { CONTROL } from './faults/control.ts'
import { DATABASE } from './faults/database.ts'
import { DISK } from './faults/disk.ts'
import type { Fault } from './faults/fault.ts'
import { KILLS } from './faults/kills.ts'
import { LIMITS } from './faults/limits.ts'
import { PROVIDERS } from './faults/providers.ts'
import { report, type Played } from './faults/report.ts'
import { Round } from './faults/round.ts'
import { Stage } from './faults/stage.ts'
import { TRIGGERED } from './faults/triggered.ts'

const PEOPLE = 300
const WORKERS = 2
/** Costly faults are played once when there are at least so many rounds. */
const ROUNDS_FOR_COSTLY = 40

const ALL: readonly Fault[] = [
  ...KILLS,
  ...TRIGGERED,
  ...LIMITS,
  ...PROVIDERS,
  ...CONTROL,
  ...DATABASE,
  ...DISK,
]

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '60' },
    seed: { type: 'string' },
    only: { type: 'string' },
    minutes: { type: 'string', default: '1440' },
    keep: { type: 'boolean', default: false },
  },
})
const seed = Number(values.seed ?? Date.now() % 1_000_000)
const order = plan(Number(values.rounds), values.only?.split(',') ?? null)
console.log(`${order.length} rounds from seed ${seed}`)
const startedMs = performance.now()
const stage = await Stage.open({ people: PEOPLE, workers: WORKERS })
const played: Played[] = []
let isStopped = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void (isStopped = true))
// The database and the processes must not outlive a mistake of the suite's own.
process.on('uncaughtException', (error) => {
  console.error(error)
  setTimeout(() => process.exit(1), 10_000)
  // oxlint-disable-next-line promise/no-promise-in-callback -- an event's listener, not a callback with an answer
  void stage.close(true).finally(() => process.exit(1))
})
try {
  for (const [no, fault] of order.entries()) {
    if (isStopped || performance.now() - startedMs > Number(values.minutes) * 60_000) break
    played.push(await play(stage, fault, no + 1, seed + no))
  }
} finally {
  await stage.close(values.keep)
}
const isGood = report(played, (performance.now() - startedMs) / 1_000)
if (values.keep) console.log(`Ledgers and logs are kept in ${stage.work}.`)
process.exit(isGood ? 0 : 1)

/** Which fault is played in which round: in turn, the costly ones once. */
function plan(rounds: number, only: readonly string[] | null): Fault[] {
  const wanted = only === null ? ALL : ALL.filter(({ id }) => only.includes(id))
  if (wanted.length === 0)
    throw new Error(`there is no such fault; there are ${ALL.map(({ id }) => id).join(', ')}`)
  const cheap = wanted.filter(({ isCostly }) => only !== null || isCostly !== true)
  const costly =
    only === null && rounds >= ROUNDS_FOR_COSTLY ? wanted.filter(({ isCostly }) => isCostly === true) : []
  const inTurn = Array.from(
    { length: Math.max(0, rounds - costly.length) },
    (_, n) => cheap[n % cheap.length],
  )
  return [...inTurn.flatMap((fault) => fault ?? []), ...costly]
}

async function play(stage: Stage, fault: Fault, no: number, seed: number): Promise<Played> {
  const startedMs = performance.now()
  const round = await Round.begin(stage, no, seed)
  try {
    await fault.run(round)
  } catch (error) {
    round.violate(error instanceof Error ? error.message : String(error))
  }
  await stage.calm()
  const { result } = round
  const seconds = (performance.now() - startedMs) / 1_000
  const bad = [
    ...result.lost.map((who) => `lost: ${who}`),
    ...result.unlisted.map((who) => `double, not listed: ${who}`),
    ...result.violations,
  ]
  console.log(
    `${String(no).padStart(3)} ${fault.id.padEnd(4)} seed ${seed}  ${seconds.toFixed(1).padStart(5)} s  ${result.meant} meant, ${result.lost.length} lost, ${result.doubles} doubles, ${result.listed} listed${bad.length > 0 ? `  WRONG\n      ${bad.slice(0, 8).join('\n      ')}\n      again: npm run faults -- --only=${fault.id} --seed=${seed} --rounds=1` : ''}`,
  )
  return { fault, seed, seconds, result, isGood: bad.length === 0 }
}
