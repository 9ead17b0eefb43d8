/**
 * I7, counted in the ledgers outside: what campaigns share is not used twice, whatever befalls the workers that use it. How
 * often a person may be written to, how fast everything leaves, and what it may cost.
 */
import { wireCaps, wireLimits, type Channel, type Organization } from './organization.ts'
import type { Fault } from './fault.ts'
import { killHolder, oversleepHolder } from './kills.ts'
import type { Launched, Round } from './round.ts'
import type { Arrival } from './stage.ts'

const HOUR_MS = 3_600_000
const CAP_WINDOW_HOURS = 1

const strikeWorker = (round: Round): Promise<void> => round.pick([killHolder, oversleepHolder])(round)

/** A worker is lost while several campaigns want the same people, who may be written to once or twice an hour. */
const capShared: Fault = {
  id: 'F2c',
  title: 'worker killed or stopped while campaigns share a frequency cap',
  run: async (round) => {
    const { stage } = round
    const organization = round.pick([stage.a, stage.b])
    // A's mails do not say in the ledger whose they are.
    const channels: readonly [Channel, ...Channel[]] = organization === stage.a ? ['sms'] : ['email', 'sms']
    // What earlier rounds sent has left the window.
    stage.clock.leap(2 * CAP_WINDOW_HOURS * HOUR_MS)
    const messages = round.between(1, 2)
    await stage.call(organization, 'PUT', '/api/sending/caps', wireCaps(messages, CAP_WINDOW_HOURS))
    const latencyMs = [0, round.between(5, 40)] as const
    for (const simulator of Object.values(stage.simulators)) simulator.setFaults({ latencyMs })
    try {
      const drafts: Launched[] = []
      for (const suffix of ['x', 'y', 'z'])
        drafts.push(await round.write(organization, { channel: round.pick(channels) }, suffix))
      await Promise.all(
        drafts.map(({ id }) => stage.call(organization, 'POST', `/api/campaigns/${id}/launch`)),
      )
      await round.untilTaken(round.between(1, Math.floor(organization.people.length * messages * 0.8)))
      await strikeWorker(round)
      await round.finish(...drafts)
      for (const campaign of drafts) {
        const capped = new Set(await round.peopleOf(campaign, 'skipped', 'capped'))
        await round.account(campaign, { isExcused: ({ email }) => capped.has(email) })
      }
      await checkCap(round, drafts, messages)
    } finally {
      await stage.call(organization, 'PUT', '/api/sending/caps', { caps: [] })
    }
  },
}

/** Everybody got as many as they may and no more, but for messages whose answers were lost. */
async function checkCap(round: Round, campaigns: readonly Launched[], most: number): Promise<void> {
  const lost = new Map<string, number>()
  for (const campaign of campaigns)
    for (const email of await round.listedAsUnknown(campaign)) lost.set(email, (lost.get(email) ?? 0) + 1)
  const times = new Map<string, number>()
  for (const { to } of await round.arrivals()) times.set(to, (times.get(to) ?? 0) + 1)
  for (const { email, phone } of campaigns[0]?.meant ?? []) {
    const taken = (times.get(email) ?? 0) + (times.get(phone) ?? 0)
    const unsure = lost.get(email) ?? 0
    if (taken > most + unsure) round.violate(`I7: ${email} got ${taken} messages of ${most}`)
    if (taken < most - unsure) round.violate(`${email} got ${taken} messages and had room for ${most}`)
  }
}

/** Slow enough for a limit to show in a few hundred messages. */
const PER_MINUTE = 1_200
/** Places that nobody took in time are kept for so long: a worker's batch is a little more than what they hold. */
const KEPT_MS = 1_500

/** A worker is lost while two campaigns share how fast their organization sends. */
const limitShared: Fault = {
  id: 'F2l',
  title: 'worker killed or stopped while campaigns share a limit per minute',
  run: async (round) => {
    const { stage } = round
    const organization = round.pick([stage.a, stage.b])
    await stage.call(organization, 'PUT', '/api/sending/limits', wireLimits(PER_MINUTE))
    try {
      const campaigns = [
        await round.write(organization, { channel: 'sms' }, 'x'),
        await round.write(organization, { channel: 'email' }, 'y'),
      ]
      for (const { id } of campaigns) await stage.call(organization, 'POST', `/api/campaigns/${id}/launch`)
      await round.untilTaken(round.between(5, 60))
      await strikeWorker(round)
      await round.finish(...campaigns)
      for (const campaign of campaigns) await round.account(campaign)
      const batch = Math.floor((PER_MINUTE * KEPT_MS) / 60_000) + 1
      const ahead = aheadOf(await round.arrivals(), PER_MINUTE)
      round.note('ahead of the limit', Math.ceil(ahead))
      // A batch's worth that was kept, and a batch of each campaign in flight.
      if (ahead > batch * (1 + campaigns.length))
        round.violate(`I7: ${Math.ceil(ahead)} messages more than ${PER_MINUTE} a minute`)
    } finally {
      await stage.call(organization, 'PUT', '/api/sending/limits', wireLimits(null))
    }
  },
}

const PRICE = 0.05

/** A worker is lost while two campaigns share what their organization may spend in a month. */
const budgetShared: Fault = {
  id: 'F2b',
  title: 'worker killed or stopped while campaigns share a budget of the month',
  run: async (round) => {
    const { stage } = round
    const organization = round.pick([stage.a, stage.b])
    const latencyMs = [0, round.between(5, 40)] as const
    for (const simulator of Object.values(stage.simulators)) simulator.setFaults({ latencyMs })
    await stage.call(organization, 'PUT', '/api/message-prices', {
      prices: [{ channel: 'sms', price: PRICE }],
    })
    const paysFor = round.between(100, 500)
    const used = await spentBy(round, organization)
    const budget = (amount: number | null): Promise<unknown> =>
      stage.call(organization, 'PUT', '/api/budgets/organization', { amount })
    await budget(Number((used + paysFor * PRICE).toFixed(2)))
    try {
      const campaigns = [
        await round.write(organization, { channel: 'sms' }, 'x'),
        await round.write(organization, { channel: 'sms' }, 'y'),
      ]
      for (const { id } of campaigns) await stage.call(organization, 'POST', `/api/campaigns/${id}/launch`)
      await round.untilTaken(round.between(1, Math.floor(paysFor * 0.8)))
      await strikeWorker(round)
      const rest = async (): Promise<boolean> => {
        const states = await Promise.all(campaigns.map(({ id }) => round.statusOf(organization, id)))
        return states.every((state) => state === 'paused' || state === 'completed')
      }
      await stage.until(rest, 'the budget stops both')
      const taken = round.taken()
      const unsure = await listedOf(round, campaigns)
      round.note('beyond the budget', Math.max(0, taken - paysFor))
      // What nobody answered for is handed over once more without being paid twice.
      if (taken > paysFor + unsure) round.violate(`I7: ${taken} messages left on a budget for ${paysFor}`)
      if (taken < paysFor - unsure) round.violate(`${taken} messages left on a budget for ${paysFor}`)
      await budget(null)
      await round.finish(...campaigns)
      for (const campaign of campaigns) await round.account(campaign)
    } finally {
      await budget(null)
      await stage.call(organization, 'DELETE', '/api/message-prices/sms')
    }
  },
}

async function spentBy(round: Round, organization: Organization): Promise<number> {
  const { items } = (await round.stage.call(organization, 'GET', '/api/budgets')) as {
    items: { scope: string; used: number }[]
  }
  return items.find(({ scope }) => scope === 'organization')?.used ?? 0
}

async function listedOf(round: Round, campaigns: readonly Launched[]): Promise<number> {
  let listed = 0
  for (const campaign of campaigns) listed += (await round.listedAsUnknown(campaign)).size
  return listed
}

/** By how many messages any span of a ledger holds more than its length allows. */
function aheadOf(arrivals: readonly Arrival[], perMinute: number): number {
  const instants = arrivals.map(({ instant }) => instant.getTime()).toSorted((one, other) => one - other)
  let [ahead, least] = [0, Number.POSITIVE_INFINITY]
  for (const [n, atMs] of instants.entries()) {
    const behind = n - (atMs * perMinute) / 60_000
    least = Math.min(least, behind)
    ahead = Math.max(ahead, behind - least + 1)
  }
  return ahead
}

export const LIMITS: readonly Fault[] = [capShared, limitShared, budgetShared]
