/** What people do in the middle of a run: they stop it, go on, and withdraw; and what time does. */
import { agree, type Channel } from './organization.ts'
import type { Fault } from './fault.ts'
import { wait } from './stage.ts'

/** After so long nothing more leaves. Source: CS-009, NFR-001 */
const PAUSED_WITHIN_MS = 1_000
/** A withdrawal holds at the latest after so long. Source: I3 */
const WITHDRAWN_WITHIN_MS = 10_000
/** So fast that a run lasts for seconds: there is a middle. */
const PER_MINUTE = 6_000

/** F15: paused, resumed, cancelled. */
const stopped: Fault = {
  id: 'F15',
  title: 'paused and resumed, or cancelled, in the middle',
  run: async (round) => {
    const { stage } = round
    const organization = round.pick([stage.a, stage.b])
    const channel = round.pick<Channel>(['email', 'sms'])
    const campaign = await round.launch(organization, { channel, perMinute: PER_MINUTE })
    await round.untilTaken(round.between(5, Math.floor(campaign.meant.length * 0.6)))
    const isCancelled = round.dice() < 0.3
    const verb = isCancelled ? 'cancel' : 'pause'
    // On a busy machine the run may be faster than a call, and what was on its way at a pause may be its end.
    const ask = async (step: string): Promise<boolean> => {
      try {
        await stage.call(organization, 'POST', `/api/campaigns/${campaign.id}/${step}`)
        return true
      } catch (error) {
        if ((await round.statusOf(organization, campaign.id)) !== 'completed') throw error
        return false
      }
    }
    if (!(await ask(verb))) {
      await round.account(campaign)
      return
    }
    const stoppedAt = stage.clock.now().getTime()
    const withinMs = await round.stretched(PAUSED_WITHIN_MS)
    await wait(withinMs + 200)
    const before = round.taken()
    await wait(round.between(100, 500))
    if (round.taken() > before) round.violate(`${round.taken() - before} left long after ${verb}`)
    const own = await round.arrivals()
    const late = own.filter(({ instant }) => instant.getTime() > stoppedAt + withinMs).length
    if (late > 0) round.violate(`${late} left more than a second after ${verb}`)
    if (isCancelled) {
      await round.account(campaign, { isExcused: () => true })
      return
    }
    if (await ask('resume')) await round.finish(campaign)
    await round.account(campaign)
    if (round.result.doubles > 0) round.violate('a pause made doubles')
  },
}

/** F14: many withdraw at once while a run is under way. */
const stormed: Fault = {
  id: 'F14',
  title: 'many unsubscribe while a run is under way',
  run: async (round) => {
    const { stage } = round
    const { a: organization } = stage
    const { people } = organization
    // Everybody's link of an earlier mail; the first such round sends that mail.
    if (people.some(({ email }) => !stage.mails.has(email))) {
      const earlier = await round.write(organization, { channel: 'email' }, 'e')
      await stage.call(organization, 'POST', `/api/campaigns/${earlier.id}/launch`)
      await round.finish(earlier)
    }
    const links = new Map(people.map(({ email }) => [email, unsubscribeOf(stage.mails.get(email))]))
    const before = round.taken()
    const campaign = await round.launch(organization, { channel: 'email', perMinute: PER_MINUTE })
    await round.untilTaken(before + round.between(1, 60))
    const leaving = people.filter(() => round.dice() < 0.4)
    const leftAt = new Map<string, number>()
    let next = 0
    const leave = async (): Promise<void> => {
      for (let person = leaving[next++]; person; person = leaving[next++]) {
        const answer = await fetch(links.get(person.email) ?? '', {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: 'List-Unsubscribe=One-Click',
        })
        if (answer.ok) leftAt.set(person.email, stage.clock.now().getTime())
        else round.violate(`an unsubscribe was answered ${answer.status}`)
      }
    }
    await Promise.all(Array.from({ length: 16 }, leave))
    await round.finish(campaign)
    const own = (await round.arrivals()).slice(before)
    const latest = Math.max(
      0,
      ...own.map(({ to, instant }) => instant.getTime() - (leftAt.get(to) ?? Number.POSITIVE_INFINITY)),
    )
    round.note('sent after withdrawal ms', Math.round(latest))
    if (latest > (await round.stretched(WITHDRAWN_WITHIN_MS)))
      round.violate(`I3: something left ${latest} ms after a withdrawal`)
    await round.account(campaign, { own, isExcused: ({ email }) => leftAt.has(email) })
    const reached = new Set(own.map(({ to }) => to))
    const skipped = new Set(await round.peopleOf(campaign, 'skipped'))
    for (const { email } of leaving)
      if (!reached.has(email) && !skipped.has(email))
        round.violate(`${email} got nothing and is listed nowhere`)
    await agree(
      organization.ctx,
      leaving.map((person) => person),
      ['email'],
    )
  },
}

const unsubscribeOf = (mail: Buffer | undefined): string =>
  /List-Unsubscribe:\s*<(https?:[^>]+)>/i.exec(
    mail?.toString('latin1').replaceAll(/\r\n[ \t]+/g, '') ?? '',
  )?.[1] ?? ''

/** F13: the clock jumps while a run keeps to its hours. */
const clockJumped: Fault = {
  id: 'F13',
  title: 'clock jumps by an hour while a run keeps to its hours',
  run: async (round) => {
    const { stage } = round
    const { a: organization } = stage
    const now = stage.clock.now()
    // A window of the recipients' clock (Paris, as their numbers say) that closes within minutes.
    const closes = new Date(now.getTime() + 3 * 60_000)
    const window = { from: parisTime(new Date(now.getTime() - 3_600_000)), to: parisTime(closes) }
    const campaign = await round.launch(organization, { channel: 'sms', perMinute: PER_MINUTE, window })
    await round.untilTaken(round.between(5, Math.floor(campaign.meant.length * 0.5)))
    const jumpMs = round.pick([-3_600_000, 3_600_000])
    stage.clock.leap(jumpMs)
    const jumpedAt = stage.clock.now().getTime()
    await wait(round.between(300, 1_500))
    // Back, as a time server would put it right.
    if (jumpMs < 0) stage.clock.leap(-jumpMs)
    await round.finish(campaign)
    const own = await round.account(campaign)
    const inFlightMs = await round.stretched(IN_FLIGHT_MS)
    for (const { instant, to } of own)
      // What was on the wire as the clock jumped is taken at once, by a clock that says something else.
      if (
        !isWithin(parisTime(instant), window) &&
        Math.abs(instant.getTime() - jumpedAt - inFlightMs / 2) > inFlightMs / 2
      )
        round.violate(`I4: ${to} at ${parisTime(instant)}`)
  },
}

/** A hand-over under way looks about three times a second whether it is to stop. */
const IN_FLIGHT_MS = 1_000

const parisTime = (instant: Date): string =>
  new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Europe/Paris',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(instant)

const isWithin = (time: string, { from, to }: { from: string; to: string }): boolean =>
  from <= to ? time >= from && time < to : time >= from || time < to

export const CONTROL: readonly Fault[] = [stopped, stormed, clockJumped]
