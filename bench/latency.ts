/**
 * `npm run bench -- latency [--contacts=300000] [--slots=3] [--idle=8]`: how long people and programs wait while a campaign
 * is sent over SMTP at full speed. A server, a worker, a mail server and a simulated provider of text messages as processes
 * of their own on a durable embedded PostgreSQL; the hot campaign and everything that is asked belong to one organization.
 * What left is judged by the provider's ledger. Beside each figure stands the same one of the same installation at rest.
 */
import { type Figure, bench, time } from './bench.ts'
import {
  clickable,
  open,
  order,
  pauseLate,
  planned,
  repeat,
  ROUTES,
  screen,
  singleMessages,
} from './latency/probes.ts'
import { startSite, type Site } from './latency/site.ts'
import { percentile, withInstallation } from './platform.ts'

const PLANNED = 8
const PAUSES = 5
const CLICKS_AT_REST = 5
/** Of the people that small campaigns go to, some click at rest and the others under load. */
const CLICKS_MAX = 40

interface Waits {
  handOver: number[]
  accepted: number[]
  screen: number[]
  profile: number[]
  routes: number[]
}

export default bench({
  name: 'latency',
  about:
    'What people and programs wait for while a campaign is sent at full speed, beside the same installation at rest.',
  run: ({ say, option }): Promise<Figure[]> =>
    withInstallation(async (installation) => {
      const people = option('contacts', 300_000)
      const site = await startSite(installation, { people, slots: option('slots', 3) })
      try {
        const target = await clickable(site)
        const watching = await screen(site, target)
        let clicks = 0
        const click = (): Promise<number> => watching.click(clicks++)
        const ask = (name: string, isOver: () => boolean, clicksMax: number): Promise<Waits> =>
          askAll(site, { name, isOver, campaignId: target.campaignId, click, clicksMax })

        const restEndsAt = Date.now() + option('idle', 8) * 1_000
        const rest = await ask('Rest', () => Date.now() > restEndsAt, CLICKS_AT_REST)
        say(`at rest: ${said(rest)}`)

        const busyFrom = performance.now()
        const busy = site.keepBusy()
        const plans = await planned(site, PLANNED)
        const loadEndsAt = plans.at.getTime() + 5_000
        const load = await ask('Load', () => Date.now() > loadEndsAt, CLICKS_MAX - CLICKS_AT_REST)
        const starts = await plans.delays()
        const sent = await busy.stop()
        const rate = sent / ((performance.now() - busyFrom) / 1_000)
        say(`beside ${Math.round(rate)} messages a second: ${said(load)}`)
        watching.close()

        const pauses: number[] = []
        for (let n = 0; n < PAUSES; n++) pauses.push(await pauseLate(site))
        const both = (name: string, of: keyof Waits): Figure[] =>
          [50, 99].map((percent) =>
            time(
              `latency_${name}_p${percent}`,
              percentile(load[of], percent),
              'ms',
              percentile(rest[of], percent),
            ),
          )
        return [
          { name: 'latency_beside', value: rate, unit: 'messages/s', raw: null, ratio: null },
          ...both('message_handed_over', 'handOver'),
          ...both('message_accepted', 'accepted'),
          ...both('click_on_screen', 'screen'),
          ...both('order_on_profile', 'profile'),
          ...both('api', 'routes'),
          time('latency_planned_start_p50', percentile(starts, 50), 'ms', null),
          time('latency_planned_start_p99', percentile(starts, 99), 'ms', null),
          time('latency_pause_worst', Math.max(...pauses), 'ms', null),
        ]
      } finally {
        await site.close()
      }
    }),
})

/** Everything at once, as on a site that is used. */
async function askAll(
  site: Site,
  asked: {
    name: string
    isOver: () => boolean
    campaignId: string
    click: () => Promise<number>
    clicksMax: number
  },
): Promise<Waits> {
  const { isOver } = asked
  const messages = singleMessages(site, asked.name)
  const paths = ROUTES(asked.campaignId)
  const first = Math.round(performance.now())
  let clicks = 0
  const [accepted, onScreen, profile, routes] = await Promise.all([
    repeat(200, isOver, (n) => messages.send(n)),
    repeat(
      1_000,
      () => isOver() || clicks >= asked.clicksMax,
      () => {
        clicks++
        return asked.click()
      },
    ),
    repeat(400, isOver, (n) => order(site, first + n)),
    repeat(50, isOver, (n) => open(site, paths[n % paths.length])),
  ])
  return { accepted, screen: onScreen, profile, routes, handOver: await messages.handOvers() }
}

const said = (waits: Waits): string =>
  (
    [
      ['message', 'handOver'],
      ['click', 'screen'],
      ['order', 'profile'],
      ['API', 'routes'],
    ] as const
  )
    .map(
      ([word, of]) =>
        `${word} ${Math.round(percentile(waits[of], 50))}/${Math.round(percentile(waits[of], 99))} ms of ${waits[of].length}`,
    )
    .join(', ')
