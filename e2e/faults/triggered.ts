/** F2 and F1 on the way from an event to its message: whoever did something gets one message, whatever is killed between. */
import { fromWire } from '../../server/src/platform/ids.ts'
import type { Fault } from './fault.ts'
import { killHolder } from './kills.ts'
import type { Channel } from './organization.ts'
import type { Launched, Round } from './round.ts'
import { wait } from './stage.ts'

const PEOPLE_PER_CALL = 20
const CLIENTS = 3
/** How long a caller waits before it asks again what nobody answered. */
const ASK_AGAIN_MS = 20
const CALLS_MAX = 2_000

/** Takes events in, each under a name that makes no second, until every one was answered for. */
async function tellEvents(round: Round, { organization, meant }: Launched, event: string): Promise<void> {
  const { stage } = round
  const calls = Array.from({ length: Math.ceil(meant.length / PEOPLE_PER_CALL) }, (_, no) =>
    meant.slice(no * PEOPLE_PER_CALL, (no + 1) * PEOPLE_PER_CALL).map(({ email }) => ({
      type: 'track',
      event,
      email,
      messageId: `${event} ${email}`,
    })),
  )
  let [next, asked] = [0, 0]
  const client = async (): Promise<void> => {
    for (let events = calls[next++]; events; events = calls[next++])
      while (!(await isAnswered(events))) {
        if (++asked > CALLS_MAX) throw new Error('events were not taken in')
        await wait(ASK_AGAIN_MS)
        await stage.ensureWeb()
      }
  }
  const isAnswered = (events: (typeof calls)[number]): Promise<boolean> =>
    stage.call(organization, 'POST', '/api/events', { events }).then(
      () => true,
      () => false,
    )
  await Promise.all(Array.from({ length: CLIENTS }, client))
}

/** Somebody on the way dies: who takes events in, who reads them and adds people to the run, or who hands over. */
async function strike(round: Round): Promise<void> {
  const { stage } = round
  const victim = round.pick(['web', 'reader', 'holder'] as const)
  if (victim === 'holder') return killHolder(round)
  const killed = victim === 'web' ? stage.web : round.pick([stage.workers[0], stage.workers[1]])
  killed?.signal('SIGKILL')
  await killed?.ended
  round.note('killed', 1)
}

/** Nobody waits any more, neither for an event to be read nor for a message to leave. */
async function untilSettled(round: Round, { organization, id, meant }: Launched): Promise<void> {
  const { stage } = round
  const isSettled = async (): Promise<boolean> => {
    const path = `/api/campaigns/${id}/trigger`
    const status = (await stage.call(organization, 'GET', path).catch(() => null)) as Enrolled | null
    if (status?.handedOver !== meant.length) return false
    const [open] = await stage.sql<{ n: number }>(
      `select count(*)::int as n from chunk c join run r on r.org_id = c.org_id and r.id = c.run_id
      where r.campaign_id = $1 and c.state = 'ready'`,
      [fromWire('campaign', id)],
    )
    return open?.n === 0
  }
  await stage.until(isSettled, 'everybody who did something was handed over')
}

/** The part of a trigger's status that tells how far it is. */
interface Enrolled {
  handedOver: number
}

const eventKilled: Fault = {
  id: 'F2e',
  title: 'web server or worker killed between an event and its message',
  run: async (round) => {
    const { stage } = round
    const organization = round.pick([stage.a, stage.b])
    const channel = round.pick<Channel>(['email', 'sms'])
    stage.smtp.setAnswerDelayMs(round.between(0, 10))
    const latencyMs = [0, round.between(5, 60)] as const
    for (const simulator of Object.values(stage.simulators)) simulator.setFaults({ latencyMs })
    const onEvent = `Faults ${organization.name}${round.no}`
    const campaign = await round.launch(organization, { channel, onEvent })
    const told = tellEvents(round, campaign, onEvent)
    const struck = async (): Promise<void> => {
      const isEarly = round.dice() < 0.5
      if (isEarly) await wait(round.between(0, 300))
      else await round.untilTaken(round.between(1, Math.floor(campaign.meant.length * 0.8)))
      await strike(round)
      await stage.ensureWeb()
    }
    await Promise.all([told, struck()])
    await untilSettled(round, campaign)
    await round.account(campaign)
    await stage.call(organization, 'POST', `/api/campaigns/${campaign.id}/cancel`)
  },
}

export const TRIGGERED: readonly Fault[] = [eventKilled]
