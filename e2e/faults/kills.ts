/** Faults of our own processes: killed, stopped, stalled, replaced. */
import { get } from 'node:http'
import type { Fault } from './fault.ts'
import type { Channel } from './organization.ts'
import type { Launched, Round } from './round.ts'
import { cpuOf, stretchOf, type CpuTime } from './pace.ts'
import type { Running } from './processes.ts'
import { wait } from './stage.ts'

/** Longer than a lease. */
const BEYOND_LEASE_MS = 21_000

/** Somebody's messages, over any of the transports. */
async function launchAny(round: Round): Promise<Launched> {
  const { stage } = round
  const organization = round.pick([stage.a, stage.b])
  const channel = round.pick<Channel>(['email', 'sms'])
  stage.smtp.setAnswerDelayMs(round.between(0, 10))
  const latencyMs = [0, round.between(5, 60)] as const
  for (const simulator of Object.values(stage.simulators)) simulator.setFaults({ latencyMs })
  return round.launch(organization, { channel })
}

/** A moment in the middle of a run: so many messages were taken. */
const aMoment = (round: Round, meant: number): number => round.between(1, Math.floor(meant * 0.8))

const SINGLES_PER_CALL = 5

/** Asks for a few single messages that say their number, under names that make no second. */
export async function postSingles({ stage, no }: Round, batch: number): Promise<void> {
  const { a: organization } = stage
  await stage.call(organization, 'POST', '/api/messages', {
    messages: Array.from({ length: SINGLES_PER_CALL }, (_, at) => {
      const n = batch * SINGLES_PER_CALL + at
      return {
        content: { source: { channel: 'sms', text: `A${no} m{{ data.n }} of one` } },
        to: { phone: organization.people[n % organization.people.length]?.phone },
        data: { n },
        key: `faults-${no}-${n}`,
      }
    }),
  })
}

/** F1: the web server dies while it takes messages in. */
const acceptanceKilled: Fault = {
  id: 'F1',
  title: 'web server killed while it accepts',
  run: async (round) => {
    const { stage } = round
    const batches = Array.from({ length: 24 }, (_, batch) => batch)
    const accepted = new Set<number>()
    const post = async (batch: number): Promise<void> => {
      await postSingles(round, batch)
      accepted.add(batch)
    }
    const killAfter = round.between(1, 20)
    const killLaterMs = round.between(0, 15)
    let next = 0
    const client = async (): Promise<void> => {
      for (let batch = next++; batch < batches.length; batch = next++) {
        await post(batch).catch(() => undefined)
        if (accepted.size === killAfter) {
          await wait(killLaterMs)
          stage.web?.signal('SIGKILL')
        }
      }
    }
    await Promise.all(Array.from({ length: 4 }, client))
    await stage.web?.ended
    await stage.ensureWeb()
    // A caller that got no answer asks again under the same names.
    for (const batch of batches) if (!accepted.has(batch)) await post(batch)
    await accountSingles(round, batches.length * SINGLES_PER_CALL)
  },
}

/** F2: the worker dies in the middle of a hand-over. */
const workerKilled: Fault = {
  id: 'F2',
  title: 'worker killed in the middle of a hand-over',
  run: async (round) => {
    const campaign = await launchAny(round)
    await round.untilTaken(aMoment(round, campaign.meant.length))
    await wait(round.between(0, 8))
    await killHolder(round)
    await round.finish(campaign)
    await round.account(campaign)
  },
}

/** Kills a worker that hands over. */
export async function killHolder(round: Round): Promise<void> {
  const [holder] = await round.stage.holders()
  if (!holder) return
  holder.signal('SIGKILL')
  await holder.ended
  round.note('killed', 1)
}

/** F2, for messages that were asked for one by one. */
const singlesKilled: Fault = {
  id: 'F2s',
  title: 'worker killed while it sends single messages',
  run: async (round) => {
    const { stage } = round
    const { a: organization } = stage
    const messages = organization.people.slice(0, 150)
    stage.simulators.twilio.setFaults({ latencyMs: [0, round.between(10, 60)] })
    await stage.call(organization, 'POST', '/api/messages', {
      messages: messages.map(({ phone }, n) => ({
        content: { source: { channel: 'sms', text: `A${round.no} m{{ data.n }} of one` } },
        to: { phone },
        data: { n },
        key: `faults-${round.no}-${n}`,
      })),
    })
    await round.untilTaken(aMoment(round, messages.length))
    await killHolder(round)
    await accountSingles(round, messages.length)
  },
}

/** Single messages say their number; the ledger of the provider and the product's list tell of each. */
export async function accountSingles(round: Round, count: number): Promise<void> {
  const { stage } = round
  const open = async (): Promise<number> =>
    (
      await stage.sql<{ n: number }>(
        `select count(*)::int as n from direct_message where state <> 'ended' and key like $1`,
        [`faults-${round.no}-%`],
      )
    )[0]?.n ?? 0
  await stage.until(async () => (await open()) === 0, 'every single message ends')
  const rows = await stage.sql<{ key: string; reason: string | null }>(
    `select d.key, m.reason from direct_message d
    left join message m on m.org_id = d.org_id and m.run_id = d.id and m.contact_id = d.contact_id
    where d.key like $1`,
    [`faults-${round.no}-%`],
  )
  const listed = new Set(
    rows.flatMap(({ key, reason }) => (reason === 'outcome_unknown' ? Number(key.split('-')[2]) : [])),
  )
  const times = new Map<number, number>()
  const arrivals = await round.arrivals()
  round.checkBorders(arrivals)
  for (const { said } of arrivals) {
    const n = Number(new RegExp(`^A${round.no} m(\\d+) of one`).exec(said)?.[1] ?? -1)
    times.set(n, (times.get(n) ?? 0) + 1)
  }
  const { result } = round
  result.meant += count
  result.listed += listed.size
  for (let n = 0; n < count; n++) {
    const taken = times.get(n) ?? 0
    if (taken === 0 && listed.has(n)) result.unsure += 1
    if (taken === 0 && !listed.has(n)) result.lost.push(`m${n}`)
    if (taken > 1) result.doubles += 1
    if (taken > 1 && !listed.has(n)) result.unlisted.push(`m${n} ×${taken}`)
  }
}

/** F3: a worker dies at the instant at which several campaigns are due. */
const schedulerKilled: Fault = {
  id: 'F3',
  title: 'worker killed as campaigns fall due',
  run: async (round) => {
    const { stage } = round
    const at = new Date(Math.ceil(stage.clock.now().getTime() / 60_000) * 60_000 + 6 * 60_000)
    const planned: Launched[] = []
    for (let n = 0; n < 3; n++) {
      const campaign = await round.write(stage.b, { channel: 'sms' }, `p${n}`)
      await stage.call(stage.b, 'POST', `/api/campaigns/${campaign.id}/schedule`, {
        at: at.toISOString().slice(0, 16),
        timeZone: 'Etc/UTC',
      })
      planned.push(campaign)
    }
    stage.clock.leapTo(new Date(at.getTime() - 150))
    await wait(round.between(100, 900))
    const victim = round.pick([0, 1])
    stage.workers[victim]?.signal('SIGKILL')
    await stage.workers[victim]?.ended
    await round.finish(...planned)
    for (const campaign of planned) {
      const own = await round.account(campaign)
      const first = Math.min(...own.map(({ instant }) => instant.getTime()))
      const lateMs = first - at.getTime()
      round.note('start ms', lateMs)
      if (lateMs > (await round.stretched(60_000)))
        round.violate(`${campaign.marker} began ${lateMs} ms late`)
      if (lateMs < 0) round.violate(`${campaign.marker} began ${-lateMs} ms early`)
    }
  },
}

/** F12: a worker sleeps beyond its lease and wakes up. */
const leaseOverslept: Fault = {
  id: 'F12',
  title: 'worker stopped beyond its lease, then woken',
  run: async (round) => {
    const campaign = await launchAny(round)
    await round.untilTaken(aMoment(round, campaign.meant.length))
    await oversleepHolder(round)
    await round.finish(campaign)
    await round.account(campaign)
  },
}

/** Stops a worker that hands over until its lease is long another's, and wakes it. */
export async function oversleepHolder(round: Round): Promise<void> {
  const { stage } = round
  const [holder] = await stage.holders()
  if (!holder) return
  holder.signal('SIGSTOP')
  stage.stuck.add(holder.pid)
  stage.clock.leap(BEYOND_LEASE_MS)
  await wait(round.between(50, 900))
  holder.signal('SIGCONT')
  stage.stuck.delete(holder.pid)
}

/** F24: the event loop of a worker stands still. */
const loopStalled: Fault = {
  id: 'F24',
  title: 'event loop of a worker stalled for 5 s',
  run: async (round) => {
    const { stage } = round
    const campaign = await launchAny(round)
    await round.untilTaken(aMoment(round, campaign.meant.length))
    const [holder] = await stage.holders()
    holder?.signal('SIGUSR2')
    const isBeyondLease = round.dice() < 0.5
    if (isBeyondLease && holder) {
      stage.stuck.add(holder.pid)
      stage.clock.leap(BEYOND_LEASE_MS)
      await wait(5_100)
      stage.stuck.delete(holder.pid)
    }
    await round.finish(campaign)
    await round.account(campaign)
    if (!isBeyondLease && round.result.doubles > 0)
      round.violate('a stall shorter than the lease made doubles')
  },
}

/**
 * One request on a connection of its own: callers that keep theirs open try again when it is closed between two calls.
 * @returns how it failed; null: it was answered with 200
 */
function failureOfRead(url: string, apiKey: string): Promise<string | null> {
  return new Promise((resolve) => {
    get(
      `${url}/api/campaigns?limit=5`,
      { agent: false, headers: { authorization: `Bearer ${apiKey}` } },
      (response) => {
        response.on('error', (error) => resolve(`broken off: ${error.message}`))
        response
          .resume()
          .on('end', () => resolve(response.statusCode === 200 ? null : `answered ${response.statusCode}`))
      },
    ).on('error', (error) => resolve(error.message))
  })
}

/** Source: compliance report §5.4 F16 */
const DRAINED_WITHIN_MS = 20_000
const LOOK_MS = 50

/** Tells a process to end. @returns how, after how long, and how slow the machine was for it meanwhile */
async function drain(process: Running): Promise<{ code: number | null; tookMs: number; stretch: number }> {
  const before = await cpuOf(process.pid)
  let latest: CpuTime = before
  const startedMs = performance.now()
  process.signal('SIGTERM')
  while (process.isAlive()) {
    const now = await cpuOf(process.pid)
    if (now.ran > 0) latest = now
    await Promise.race([process.ended, wait(LOOK_MS)])
  }
  return {
    code: await process.ended,
    tookMs: performance.now() - startedMs,
    stretch: stretchOf([before], [latest]),
  }
}

/** F16: new processes take over from old ones under load. */
const deployed: Fault = {
  id: 'F16',
  title: 'processes replaced under load',
  run: async (round) => {
    const { stage } = round
    const campaign = await round.launch(stage.a, { channel: 'email' })
    stage.smtp.setAnswerDelayMs(round.between(2, 10))
    const old = [...stage.workers]
    const failures: string[] = []
    let isOver = false
    const reader = async (): Promise<void> => {
      while (!isOver) {
        const failure = await failureOfRead(stage.url, stage.a.apiKey)
        if (failure !== null) failures.push(failure)
        await wait(5)
      }
    }
    const readers = Promise.all([reader(), reader()])
    await round.untilTaken(aMoment(round, campaign.meant.length))
    stage.workers = []
    // Each from its own word on: a successor may take its time to start.
    const drained = old.map(drain)
    const [formerWeb] = await Promise.all([stage.replaceWeb(), stage.ensureWorkers()])
    if (formerWeb) drained.push(drain(formerWeb))
    const drains = await Promise.all(drained)
    isOver = true
    await readers
    if (failures.length > 0) round.violate(`${failures.length} requests failed: ${failures.join(', ')}`)
    for (const { code, tookMs, stretch } of drains) {
      round.note('drain ms', Math.round(tookMs))
      if (tookMs > DRAINED_WITHIN_MS * stretch)
        round.violate(`draining took ${Math.round(tookMs)} ms on a machine ${stretch.toFixed(1)} times slow`)
      if (code !== 0) round.violate(`ended with ${code}`)
    }
    await round.finish(campaign)
    await round.account(campaign)
    if (round.result.doubles > 0 || round.result.listed > 0)
      round.violate('an orderly end left outcomes unknown')
  },
}

export const KILLS: readonly Fault[] = [
  acceptanceKilled,
  workerKilled,
  singlesKilled,
  schedulerKilled,
  leaseOverslept,
  deployed,
  loopStalled,
]
