/** Faults of providers: errors, silence, garbage, cut wires, and events that come twice, late and in any order. */
import type { FaultPlan, Simulator } from '../../server/src/testing/simulators/index.ts'
import { SIMULATED } from '../../server/src/testing/simulators/index.ts'
import type { EventCall } from '../../server/src/testing/simulators/vendor.ts'
import type { Fault } from './fault.ts'
import type { Channel, Organization } from './organization.ts'
import type { Launched, Report, Round } from './round.ts'
import { wait, type Stage } from './stage.ts'

/** A text message whose outcome is unknown is not handed over again before its report had this long. Source: design §5 */
const SMS_PATIENCE_MS = 15 * 60_000

type VendorName = keyof Stage['simulators']

/** Which provider takes an organization's messages of a channel. */
const providerOf = (organization: Organization, channel: Channel): VendorName | 'smtp' =>
  organization.name === 'A'
    ? channel === 'email'
      ? 'smtp'
      : 'twilio'
    : channel === 'email'
      ? 'sendgrid'
      : 'gateway'

/** F9: the provider or the way to it goes wrong in every way at once. */
const providerTroubled: Fault = {
  id: 'F9',
  title: 'provider answers errors, is slow, cuts the wire',
  run: async (round) => {
    const { stage } = round
    const organization = round.pick([stage.a, stage.b])
    const channel = round.pick<Channel>(['email', 'sms'])
    const name = providerOf(organization, channel)
    const isVendors = name !== 'smtp' && round.dice() < 0.5
    if (isVendors)
      stage.simulators[name].setFaults({
        latencyMs: [0, round.between(0, 30)],
        tooMany: round.dice() * 0.1,
        serverError: round.dice() * 0.1,
        dropBefore: round.dice() * 0.1,
        dropAfter: round.dice() * 0.1,
        garbage: round.dice() * 0.05,
      })
    else {
      const fault = round.pick(['resets', 'halfCloses', 'slow', 'slow'])
      stage.wires[name].set(
        fault === 'resets'
          ? { resets: 0.01 + round.dice() * 0.03 }
          : fault === 'halfCloses'
            ? { halfCloses: 0.01 + round.dice() * 0.03 }
            : { latencyMs: round.between(1, 10), bytesPer10Ms: round.between(2_000, 20_000) },
        round.dice,
      )
    }
    const campaign = await round.launch(organization, { channel })
    await stage.until(
      async () => round.taken() >= campaign.meant.length * 0.6 || (await hasEnded(round, campaign)),
      'most messages are taken',
    )
    // The trouble passes: what waited leaves, without anybody's help.
    stage.wires[name].calm()
    if (name !== 'smtp') stage.simulators[name].setFaults({})
    await round.finish(campaign)
    await round.account(campaign)
  },
}

const isOpen = async (round: Round, campaign: Launched): Promise<boolean> =>
  !(await hasEnded(round, campaign))

const hasEnded = async (round: Round, { organization, id }: Launched): Promise<boolean> =>
  (await round.statusOf(organization, id)) === 'completed'

/** A breaker opens after at most so many failed calls, and a provider that is back is used again within so long. */
const FAILED_CALLS_MAX = 10
const RECOVERED_WITHIN_MS = 30_000

/** Hand-over rests for 5 s and longer, so calls that come so long after others are another attempt. */
const ATTEMPT_GAP_MS = 2_000

/** Counts the calls of each attempt by looking now and then. On a slow machine time passes without leaps of the clock. */
function attemptsAt(stage: Stage, simulator: Simulator): { look(): void; most(): number } {
  let [calls, calledAtMs, own, most] = [simulator.calls(), -Infinity, 0, 0]
  return {
    look() {
      const [callsNow, nowMs] = [simulator.calls(), stage.clock.now().getTime()]
      if (callsNow === calls) return
      own = (nowMs - calledAtMs > ATTEMPT_GAP_MS ? 0 : own) + callsNow - calls
      most = Math.max(most, own)
      ;[calls, calledAtMs] = [callsNow, nowMs]
    },
    most: () => most,
  }
}

/** F9: the provider takes nothing for a while: hand-over rests, looks again now and then, and goes on by itself. */
const providerDown: Fault = {
  id: 'F9d',
  title: 'provider down for minutes, then back',
  run: async (round) => {
    const { stage } = round
    const [organization, channel] = round.pick<[Organization, Channel]>([
      [stage.a, 'sms'],
      [stage.b, 'sms'],
      [stage.b, 'email'],
    ])
    const name = providerOf(organization, channel)
    if (name === 'smtp') return
    const simulator = stage.simulators[name]
    const plan = round.pick<Partial<FaultPlan>>([{ serverError: 1 }, { dropBefore: 1 }])
    const before = simulator.calls()
    const attempts = attemptsAt(stage, simulator)
    simulator.setFaults(plan)
    const endsAt = stage.clock.now().getTime() + round.between(10, 600) * 1_000
    const campaign = await round.launch(organization, { channel })
    await stage.until(() => simulator.calls() > before, 'the provider is called')
    while (stage.clock.now().getTime() < endsAt && (await isOpen(round, campaign))) {
      attempts.look()
      await stage.passTime()
    }
    attempts.look()
    if (!(await isOpen(round, campaign))) {
      // Nobody answered for any of them twice: all are listed, and nothing is left to be looked for.
      simulator.setFaults({})
      await round.account(campaign)
      return
    }
    // It comes back when hand-over has just begun to rest: that is when it waits longest for us.
    const looked = simulator.calls()
    await stage.until(() => simulator.calls() > looked, 'hand-over looks again')
    while ((await stage.holders()).length > 0) await wait(5)
    simulator.setFaults({})
    const backMs = stage.clock.now().getTime()
    await round.finish(campaign)
    const own = await round.account(campaign)
    round.note('calls failed at once', attempts.most())
    if (attempts.most() > FAILED_CALLS_MAX)
      round.violate(`${attempts.most()} calls failed before hand-over rested`)
    const againMs = Math.min(...own.map(({ instant }) => instant.getTime())) - backMs
    round.note('recovered ms', againMs)
    if (againMs > (await round.stretched(RECOVERED_WITHIN_MS)))
      round.violate(`the provider was back for ${againMs} ms before it was used`)
  },
}

/** A call that is never answered is given up after 30 s; its sub-batch waits with it. */
const SILENT_PATIENCE_MS = 240_000

/** F9: calls that are never answered. Each costs its real time-out, so there are few. */
const providerSilent: Fault = {
  id: 'F9t',
  title: 'provider never answers some calls',
  isCostly: true,
  run: async (round) => {
    const { stage } = round
    const plan = round.pick<Partial<FaultPlan>>([{ timeoutAfter: 0.02 }, { timeoutBefore: 0.02 }])
    stage.simulators.twilio.setFaults(plan)
    const campaign = await round.launch(stage.a, { channel: 'sms' })
    await round.untilTaken(round.between(40, 90), SILENT_PATIENCE_MS)
    stage.simulators.twilio.setFaults({})
    await round.finish(campaign)
    await round.account(campaign)
  },
}

/** F10: the provider takes a message and answers with something that is no answer. */
const garbageAnswered: Fault = {
  id: 'F10',
  title: 'provider accepts and answers garbage',
  run: async (round) => {
    const { stage } = round
    const organization = round.pick([stage.a, stage.b])
    const channel = organization === stage.b ? round.pick<Channel>(['email', 'sms']) : 'sms'
    const name = providerOf(organization, channel)
    if (name === 'smtp') return
    stage.simulators[name].setFaults(round.pick<Partial<FaultPlan>>([{ garbage: 0.2 }, { dropAfter: 0.2 }]))
    const campaign = await round.launch(organization, { channel })
    await stage.until(() => round.taken() >= campaign.meant.length, 'everybody was offered')
    stage.simulators[name].setFaults({})
    await round.finish(campaign)
    const own = await round.account(campaign)
    if (channel !== 'sms') return
    for (const [to, entries] of Map.groupBy(own, (arrival) => arrival.to)) {
      const [first, second] = entries.map(({ instant }) => instant.getTime())
      if (first !== undefined && second !== undefined && second - first < SMS_PATIENCE_MS - 5_000)
        round.violate(`${to} got its message again after ${second - first} ms`)
    }
  },
}

/** F10q: answers and reports are lost alike; the provider can be asked what it has, so nobody gets a message twice. */
const answersLost: Fault = {
  id: 'F10q',
  title: 'answers and reports lost, provider can be asked',
  run: async (round) => {
    const { stage } = round
    const { twilio } = stage.simulators
    twilio.setFaults({ untoldEvents: 1, [round.pick(['garbage', 'dropAfter', 'dropBefore'])]: 0.2 })
    const campaign = await round.launch(stage.a, { channel: 'sms' })
    await stage.until(() => round.taken() >= campaign.meant.length * 0.6, 'most people were offered')
    // Questions may be lost, too.
    twilio.setFaults({ untoldEvents: 1, dropBefore: round.dice() * 0.2 })
    await round.finish(campaign)
    twilio.setFaults({})
    await round.account(campaign)
    if (round.result.doubles > 0) round.violate('a provider that knew better was handed a message twice')
  },
}

/** F11: events come many times, late, and in any order. */
const eventsRepeated: Fault = {
  id: 'F11',
  title: 'events repeated up to 46 times, late, unordered',
  run: async (round) => {
    const { stage } = round
    const { twilio } = stage.simulators
    twilio.setFaults({
      bounces: round.dice() * 0.2,
      duplicateEvents: 0.3,
      lateEvents: 0.3,
      garbage: round.dice() * 0.05,
      latencyMs: [0, round.between(0, 30)],
    })
    const campaign = await round.launch(stage.a, { channel: 'sms' })
    await stage.until(() => round.taken() >= campaign.meant.length, 'everybody was offered')
    twilio.setFaults({ bounces: 0 })
    await round.finish(campaign)
    await twilio.settled()
    const own = await round.account(campaign)
    const { items } = (await stage.call(stage.a, 'GET', '/api/providers')) as {
      items: { kind: string; hookUrl: string }[]
    }
    const hook = items.find(({ kind }) => kind === 'twilio')?.hookUrl ?? ''
    const calls = own.flatMap(({ id, token, to, fate }): EventCall[] => {
      if (fate === null) return []
      const event = { kind: fate, eventId: `evt-${id}-${fate}`, id, token, to, atMs: Date.now() }
      const call = SIMULATED.twilio.event([event], `${hook}?m=${token}`, twilio.secrets)
      const times = round.dice() < 0.03 ? 46 : round.between(0, 1)
      return call === null ? [] : Array.from({ length: times }, () => call)
    })
    const shuffled = calls
      .map((call) => ({ call, at: round.dice() }))
      .toSorted((one, other) => one.at - other.at)
      .map(({ call }) => call)
    stage.clock.leap(29 * 3_600_000)
    await inParallel(shuffled, 16, async ({ url, headers, body }) => {
      const answer = await fetch(url, { method: 'POST', headers, body })
      if (!answer.ok) round.violate(`an event was answered ${answer.status}`)
    })
    await checkDelivered(round, campaign, own)
    // Who bounced for good is written to no more: later rounds mean everybody again.
    await stage.sql('delete from suppression where org_id = $1', [stage.a.ctx.orgId])
  },
}

/** What the provider decided to tell of each message is what the report says in the end. */
async function checkDelivered(
  round: Round,
  { organization, id }: Launched,
  own: readonly { to: string; fate: string | null }[],
): Promise<void> {
  const fates = new Map<string, Set<string>>()
  for (const { to, fate } of own) fates.set(to, (fates.get(to) ?? new Set()).add(fate ?? ''))
  const bounced = [...fates.values()].filter((of) => of.has('bounced')).length
  let said = { bounced: -1, delivered: -1 }
  for (let look = 0; look < 200; look++) {
    const { figures } = (await round.stage.call(organization, 'GET', `/api/campaigns/${id}/report`)) as Report
    said = { bounced: figures.bounced, delivered: figures.delivered }
    if (figures.bounced === bounced && figures.delivered === fates.size - bounced) return
    await wait(50)
  }
  round.violate(
    `I10: the provider told of ${bounced} bounced and ${fates.size - bounced} delivered, the report says ${said.bounced} and ${said.delivered}`,
  )
}

async function inParallel<T>(
  items: readonly T[],
  hands: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0
  const hand = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item)
  }
  await Promise.all(Array.from({ length: hands }, hand))
}

/** F17: messages that cannot be made, and addresses that nobody has, stand in nobody's way. */
const poisoned: Fault = {
  id: 'F17',
  title: 'messages that cannot be made stand in nobody’s way',
  run: async (round) => {
    const { stage } = round
    const people = stage.b.people
    const victims = new Set(people.filter(() => round.dice() < 0.02).map(({ email }) => email))
    const text = `{% if ${[...victims, 'nobody'].map((email) => `contact.email == "${email}"`).join(' or ')} %}{% for n in (1..99999999) %}.{% endfor %}{% endif %}`
    const before = stage.clock.now().getTime()
    const campaign = await round.launch(stage.b, {
      channel: 'sms',
      text,
      people: people.filter(({ email }) => !victims.has(email)),
    })
    await round.finish(campaign)
    const tookMs = stage.clock.now().getTime() - before
    if (tookMs > (await round.stretched(60_000))) round.violate(`the others waited ${tookMs} ms`)
    await round.account(campaign, { audience: people.length })
    const failed = new Set(await round.peopleOf(campaign, 'failed'))
    for (const email of victims) if (!failed.has(email)) round.violate(`${email} is not listed as failed`)
    if (failed.size !== victims.size)
      round.violate(`${failed.size} are listed as failed, ${victims.size} were poisoned`)
  },
}

export const PROVIDERS: readonly Fault[] = [
  providerTroubled,
  providerDown,
  garbageAnswered,
  answersLost,
  eventsRepeated,
  poisoned,
  providerSilent,
]
