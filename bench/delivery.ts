/**
 * `npm run bench -- delivery [--contacts=1000000] [--calls=200000] [--smtp=200000] [--slots=3] [--rounds=3] [--only=noop]`:
 * one campaign over each kind of transport (none, batches over HTTP, a call for each message, SMTP) to counterparts in
 * processes of their own, each beside the raw loop of the same transport in the same run, with the CPU of a message by
 * part; and two workers beside one. The raw loop of none is a campaign's whole way at its barest, to as many people, and
 * another bare way keeps what the product promises (`delivery/required-campaign.ts`). Shared machines have quick and slow
 * minutes, so where nothing is called raw loop and campaign take turns, and what is compared is all rounds of the one with
 * all of the other. What the counterparts hold must be what the ledger says.
 */
import { join } from 'node:path'
import { addProvider } from '../server/src/delivery/providers/service.ts'
import type { RunChannel } from '../server/src/delivery/index.ts'
import type { Ctx } from '../server/src/platform/context.ts'
import { type Figure, bench, rate, time } from './bench.ts'
import { startProvider, startSink, type Provider } from './delivery/counterparts.ts'
import { measureLaunch, NOTHING_CALLED, said, together, type Measured } from './delivery/measure.ts'
import { organizationWith } from './delivery/people.ts'
import { rawCampaign, saidOf } from './delivery/raw-campaign.ts'
import { requiredCampaign } from './delivery/required-campaign.ts'
import { rawHttpLoop, rawSmtpLoop, SMTP_CONNECTIONS } from './delivery/raw-loops.ts'
import { type Installation, useSharedMemory, withInstallation } from './platform.ts'

const API_KEY = 'simulated-api-key'
const ACCOUNT = 'AC1'
/** As many as our adapters hold open. */
const BATCH_CONNECTIONS = 10
const CALL_CONNECTIONS = 30
const PEOPLE_PER_CALL = 1_000

/** What the raw loop does; its CPU where all of it was counted, and that of a bare way which keeps the promises, or null. */
interface RawFigure {
  perSecond: number
  micros: number | null
  requiredMicros: number | null
}

interface Transport {
  name: string
  people: number
  channel: RunChannel
  purpose?: 'transactional'
  /** How often raw loop and campaign take turns. */
  rounds: number
  raw: (round: number) => Promise<RawFigure>
  env: Record<string, string>
  prepare?: (ctx: Ctx) => Promise<unknown>
  /** Messages that the counterpart holds; absent where there is none. */
  taken?: () => Promise<number>
}

export default bench({
  name: 'delivery',
  about:
    'One campaign over each kind of transport, ledger included, beside the raw loop of the same transport; CPU by part; two workers beside one.',
  run: ({ say, option, text }): Promise<Figure[]> =>
    withInstallation(async (installation) => {
      const people = option('contacts', 1_000_000)
      const slots = option('slots', 3)
      const rounds = option('rounds', 3)
      await useSharedMemory(installation)
      const sink = await startSink(join(installation.dataDir, 'sink.tsv'))
      const [mails, texts] = [await startProvider('sendgrid'), await startProvider('twilio')]
      try {
        const transports: Transport[] = [
          {
            name: 'noop',
            people,
            channel: 'email',
            rounds,
            raw: async (round) => {
              const size = { people, slots }
              const bare = await rawCampaign(installation, { ...size, isByPart: round === 0 })
              say(bare.said)
              const required = await requiredCampaign(installation, size)
              say(saidOf('required campaign', people, required))
              return {
                perSecond: bare.perSecond,
                micros: bare.nodeMicros + bare.postgresMicros,
                requiredMicros: required.nodeMicros + required.postgresMicros,
              }
            },
            env: NOTHING_CALLED,
          },
          {
            name: 'http_batch',
            people,
            channel: 'email',
            rounds: 1,
            raw: () => rateAlone(rawBatches(mails)),
            env: { FANFARE_EGRESS_ALLOW: new URL(mails.url).host },
            prepare: (ctx) =>
              addProvider(ctx, {
                kind: 'sendgrid',
                name: 'SendGrid',
                settings: { baseUrl: mails.url },
                secrets: { apiKey: API_KEY },
              }),
            taken: () => mails.taken(),
          },
          {
            name: 'http_each',
            people: option('calls', 200_000),
            channel: 'sms',
            purpose: 'transactional',
            rounds: 1,
            raw: () => rateAlone(rawCalls(texts)),
            env: { FANFARE_EGRESS_ALLOW: new URL(texts.url).host },
            prepare: (ctx) =>
              addProvider(ctx, {
                kind: 'twilio',
                name: 'Twilio',
                settings: { baseUrl: texts.url, accountSid: ACCOUNT, from: '+15005550006' },
                secrets: { authToken: API_KEY },
              }),
            taken: () => texts.taken(),
          },
          {
            name: 'smtp',
            people: option('smtp', 200_000),
            channel: 'email',
            rounds: 1,
            raw: () => rateAlone(rawSmtpLoop(sink.port, 30_000)),
            env: {
              SMTP_URL: `smtp://127.0.0.1:${sink.port}?connections=${SMTP_CONNECTIONS}&messages=100000`,
            },
            taken: () => sink.accepted(),
          },
        ]
        const figures: Figure[] = []
        const only = text('only')
        for (const transport of transports.filter(({ name }) => only === null || name === only)) {
          const [raws, ones]: [RawFigure[], Measured[]] = [[], []]
          for (let round = 0; round < transport.rounds; round++) {
            raws.push(await transport.raw(round))
            const one = await measured(installation, transport, { workers: 1, slots })
            say(said(transport.name, transport.people, one))
            ones.push(one)
          }
          const [raw, one] = [rawTogether(raws), together(ones)]
          const two = await measured(installation, transport, { workers: 2, slots })
          say(said(`${transport.name}, two workers`, transport.people, two))
          figures.push(
            rate(`delivery_${transport.name}`, one.sent / one.seconds, 'messages/s', raw.perSecond),
            time(
              `delivery_${transport.name}_cpu`,
              one.nodeMicros + one.postgresMicros,
              'µs/message',
              raw.micros,
            ),
            ...requiredFigure(`delivery_${transport.name}`, one, raw),
            time(`delivery_${transport.name}_cpu_node`, one.nodeMicros, 'µs/message', null),
            time(`delivery_${transport.name}_cpu_postgres`, one.postgresMicros, 'µs/message', null),
            time(`delivery_${transport.name}_peak_rss`, one.peakMb, 'MB', null),
            rate(
              `delivery_${transport.name}_two_workers`,
              two.sent / two.seconds,
              'messages/s',
              one.sent / one.seconds,
            ),
          )
        }
        return figures
      } finally {
        for (const { process } of [sink, mails, texts]) process.kill()
      }
    }),
})

/** All rounds as one: each did the same number of things, and so their times add up. */
const rawTogether = (rounds: readonly RawFigure[]): RawFigure => ({
  perSecond: 1 / (mean(rounds.map(({ perSecond }) => 1 / perSecond)) ?? 0),
  micros: mean(rounds.map(({ micros }) => micros)),
  requiredMicros: mean(rounds.map(({ requiredMicros }) => requiredMicros)),
})

/** Null where any is not known. */
const mean = (values: readonly (number | null)[]): number | null =>
  values.reduce((sum, value) => (sum === null || value === null ? null : sum + value / values.length), 0)

const rateAlone = async (perSecond: Promise<number>): Promise<RawFigure> => ({
  perSecond: await perSecond,
  micros: null,
  requiredMicros: null,
})

/** One campaign to an organization of its own. @throws when the counterpart holds another number than the ledger */
async function measured(
  installation: Installation,
  transport: Transport,
  { workers, slots }: { workers: number; slots: number },
): Promise<Measured> {
  const ctx = await organizationWith(installation, transport.people)
  await transport.prepare?.(ctx)
  const before = (await transport.taken?.()) ?? 0
  const result = await measureLaunch(installation, ctx, transport.people, {
    channel: transport.channel,
    ...(transport.purpose && { purpose: transport.purpose }),
    workers,
    slots,
    env: transport.env,
  })
  if (transport.taken) {
    const taken = (await transport.taken()) - before
    if (taken !== result.sent)
      throw new Error(`${transport.name}: the counterpart holds ${taken} messages, the ledger ${result.sent}`)
  }
  return result
}

/** What ours takes beside the bare way that keeps the promises, where that was gone. */
const requiredFigure = (name: string, one: Measured, { requiredMicros }: RawFigure): Figure[] =>
  requiredMicros === null
    ? []
    : [time(`${name}_cpu_beside_required`, one.nodeMicros + one.postgresMicros, 'µs/message', requiredMicros)]

/**
 * Ready calls of a thousand people each, with as many values and bytes a person as a mail with eight links of its own has.
 *
 * @returns people per second
 */
async function rawBatches({ url }: Provider): Promise<number> {
  const address = `http://localhost:3000/c/${'x'.repeat(40)}`
  const body = JSON.stringify({
    personalizations: Array.from({ length: PEOPLE_PER_CALL }, (_, n) => ({
      to: [{ email: `raw${n}@example.net` }],
      headers: {
        'Feedback-ID': 'x'.repeat(81),
        'List-Unsubscribe': `<${address}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      },
      substitutions: Object.fromEntries(Array.from({ length: 12 }, (_, value) => [`-ff${value}-`, address])),
      custom_args: { fanfare_message_id: 'x'.repeat(40) },
    })),
    from: { email: 'hello@shop.example' },
    subject: 'Raw',
    content: [{ type: 'text/html', value: 'x'.repeat(5_000) }],
  })
  const call = {
    path: '/v3/mail/send',
    headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
    body,
  }
  return (await rawHttpLoop(url, call, { calls: 200, connections: BATCH_CONNECTIONS })) * PEOPLE_PER_CALL
}

/** Ready calls of one text message each. @returns calls per second */
function rawCalls({ url }: Provider): Promise<number> {
  const call = {
    path: `/2010-04-01/Accounts/${ACCOUNT}/Messages.json`,
    headers: {
      authorization: `Basic ${Buffer.from(`${ACCOUNT}:${API_KEY}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'To=%2B33612345678&From=%2B15005550006&Body=The+sales+have+begun',
  }
  return rawHttpLoop(url, call, { calls: 20_000, connections: CALL_CONNECTIONS })
}
