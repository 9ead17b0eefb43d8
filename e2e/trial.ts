/**
 * The main job on real data, with the process and its database killed while mail leaves; judged by the ledger of a mail
 * server outside, not by our tables.
 *
 *   npm run trial -- [--people=64000] [--kills=5] [--postgres-kills=1] [--seed=1]
 *
 * Imports the Hillstrom customers, mails those who bought women's goods within six months over real SMTP to a sink
 * process, and ends with `N passed, N failed`. Skips with a clear line where the data set is absent.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import { simpleParser } from 'mailparser'
import { check, endOfChecks, startImport, until } from './checks.ts'
import { api, startFanfare, type Fanfare } from './fanfare.ts'
import {
  HILLSTROM_FIELDS,
  MEANT_RULE,
  hasHillstrom,
  hillstromCsv,
  hillstromCustomers,
  isMeant,
} from './hillstrom.ts'
import { startSink, type Sink } from './sink.ts'

const SENDER_DOMAIN = 'atelier.example'
/** Mails that are parsed, verified, clicked and unsubscribed from. */
const LOOKED_AT = 25
/** A click sooner than this after its mail is taken for a machine's. */
const HUMAN_AFTER_MS = 6_000

/** What a person's browser calls itself. */
const READER =
  'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36'

const option = (name: string, fallback: number): number =>
  Number(process.argv.find((flag) => flag.startsWith(`--${name}=`))?.split('=')[1] ?? fallback)

if (!hasHillstrom()) {
  console.log(
    'The Hillstrom data set does not lie beside the project (../shared/data/hillstrom): nothing was tried.',
  )
  endOfChecks()
}
await trial()
endOfChecks()

async function trial(): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'fanfare-trial-'))
  const seed = option('seed', Date.now() % 100_000)
  console.log(`seed ${seed} (repeat with --seed=${seed})`)
  const sink = await startSink(work)
  let fanfare = await startFanfare({ smtpUrl: `smtp://127.0.0.1:${sink.port}` })
  try {
    const customers = hillstromCustomers(option('people', 64_000))
    const meant = new Set(customers.filter(isMeant).map((customer) => customer.email))
    const records = await signFor(fanfare, SENDER_DOMAIN)
    await importCustomers(fanfare, hillstromCsv(customers))
    const campaign = await writeCampaign(fanfare)
    console.log(`launching to ${meant.size} people`)
    const launchedAt = Date.now()
    await api(fanfare, 'POST', `/api/campaigns/${campaign}/launch`)
    fanfare = await killAndWait(fanfare, campaign, meant.size, seed, sink)
    console.log(`completed after ${((Date.now() - launchedAt) / 1_000).toFixed(1)} s`)
    const arrivals = await sink.arrivals()
    await checkArrivals(fanfare, campaign, meant, arrivals)
    await checkMails(fanfare, campaign, await sink.mails(LOOKED_AT), records)
  } finally {
    await fanfare.stop()
    sink.stop()
    await rm(work, { recursive: true, force: true })
  }
}

/** Makes signing keys for a domain. @returns what would be published, by name, for an independent verifier */
async function signFor(fanfare: Fanfare, domain: string): Promise<Map<string, string>> {
  const made = (await api(fanfare, 'POST', '/api/sending/domains', { domain })) as {
    records: { kind: string; name: string; expected: string }[]
  }
  return new Map(
    made.records.filter(({ kind }) => kind === 'dkim').map(({ name, expected }) => [name, expected]),
  )
}

async function importCustomers(fanfare: Fanfare, csv: string): Promise<void> {
  for (const field of HILLSTROM_FIELDS) await api(fanfare, 'POST', '/api/contacts/fields', field)
  const { startedAt, state } = await startImport(fanfare, 'customers.csv', csv)
  const done = await untilAlive(async () => {
    const found = await state()
    return found.state === 'running' ? null : found
  })
  const rows = csv.trimEnd().split('\r\n').length - 1
  check(
    'every row of the file became a contact',
    done.state === 'completed' && done.created === rows,
    `${done.created} of ${rows}, ${Math.round(rows / ((Date.now() - startedAt) / 1_000))} rows/s`,
  )
}

async function writeCampaign(fanfare: Fanfare): Promise<string> {
  const segment = (await api(fanfare, 'POST', '/api/segments', {
    name: 'Women’s goods within six months',
    kind: 'dynamic',
    rule: MEANT_RULE,
  })) as { id: string }
  const campaign = (await api(fanfare, 'POST', '/api/campaigns', {
    name: 'Women’s autumn',
    audience: { include: { segmentIds: [segment.id] } },
    content: {
      email: {
        subject: 'Hello {{ contact.first_name | default: "there" }}, the autumn is here',
        preheader: 'Chosen for you',
        fromName: 'Atelier Lumière',
        fromEmail: `hello@${SENDER_DOMAIN}`,
        format: 'mjml',
        body: '<mjml><mj-body><mj-section><mj-column><mj-text>Hello {{ contact.first_name | default: "there" }} {{ contact.last_name }},</mj-text><mj-button href="https://atelier.example/women?from=mail">See the collection</mj-button></mj-column></mj-section></mj-body></mjml>',
      },
    },
  })) as { id: string }
  return campaign.id
}

/** Kills what the seed says, at moments that it says, and waits for the end. */
async function killAndWait(
  fanfare: Fanfare,
  campaign: string,
  people: number,
  seed: number,
  sink: Sink,
): Promise<Fanfare> {
  const dice = seeded(seed)
  const [kills, postgresKills] = [option('kills', 5), option('postgres-kills', 1)]
  // Spread over the sending: each strikes when so many mails have arrived.
  const strikes = [
    ...Array.from({ length: kills }, () => 'server' as const),
    ...Array.from({ length: postgresKills }, () => 'postgres' as const),
  ]
    .map((what) => ({ what, atArrivals: Math.floor(people * (0.05 + 0.85 * dice())) }))
    .toSorted((a, b) => a.atArrivals - b.atArrivals)
  let running = fanfare
  for (const { what, atArrivals } of strikes) {
    await untilAlive(async () => ((await sink.arrivals()).length >= atArrivals ? true : null), 20)
    const isOver = await statusOf(running, campaign).then(
      (status) => status !== 'running',
      () => false,
    )
    if (isOver) break
    console.log(`kill -9 ${what} at ${(await sink.arrivals()).length} arrivals`)
    if (what === 'postgres') killPostgres(running)
    else {
      await running.kill()
      running = { ...(await running.restart()), apiKey: fanfare.apiKey }
    }
  }
  await untilAlive(async () => {
    const status = await statusOf(running, campaign).catch(() => 'unreachable')
    return status === 'completed' || status === 'failed' ? status : null
  })
  return running
}

async function statusOf(fanfare: Fanfare, campaign: string): Promise<string> {
  return ((await api(fanfare, 'GET', `/api/campaigns/${campaign}`)) as { status: string }).status
}

/** Kills the whole group of the embedded database, whose process id its own file tells. */
function killPostgres(fanfare: Fanfare): void {
  const child = spawn('bash', [
    '-c',
    `pid=$(head -n 1 "$(find "${fanfare.dataDir}/postgres" -name postmaster.pid | head -n 1)"); kill -9 -- -"$pid" 2>/dev/null || kill -9 "$pid"; pkill -9 -P "$pid"`,
  ])
  child.on('error', (error) => console.log(`the database could not be killed: ${error.message}`))
}

async function checkArrivals(
  fanfare: Fanfare,
  campaign: string,
  meant: ReadonlySet<string>,
  arrivals: readonly string[],
): Promise<void> {
  const counts = new Map<string, number>()
  for (const to of arrivals) counts.set(to, (counts.get(to) ?? 0) + 1)
  // That an outcome was once unknown stays with a message, also when its second hand-over was answered.
  const listed = await Promise.all(
    ['unknown', 'delivered', 'bounced', 'failed'].map((state) =>
      peopleOf(fanfare, campaign, `${state}&reason=outcome_unknown`),
    ),
  )
  const unknown = new Set(listed.flat().map((person) => person.email))
  const missing = [...meant].filter((email) => !counts.has(email))
  const lost = missing.filter((email) => !unknown.has(email))
  const strangers = [...counts.keys()].filter((email) => !meant.has(email))
  const doubles = [...counts].filter(([, times]) => times > 1).map(([email]) => email)
  check('nobody is lost', lost.length === 0, `${lost.length} lost of ${meant.size}`)
  check('nobody else was written to', strangers.length === 0, `${strangers.length} strangers`)
  check(
    'every double is listed as an outcome that was unknown',
    doubles.every((email) => unknown.has(email)),
    `${doubles.length} doubles, ${unknown.size} listed`,
  )
  const { figures, sending } = (await api(fanfare, 'GET', `/api/campaigns/${campaign}/report`)) as {
    figures: {
      audience: number
      skipped: number
      heldOut: number
      handedOver: number
      failed: number
      unknown: number
      delivered: number
    }
    sending: { waiting: number; cancelled: number }
  }
  const sum =
    figures.skipped +
    figures.heldOut +
    figures.handedOver +
    figures.failed +
    sending.waiting +
    sending.cancelled
  check(
    'the totals add up to the audience',
    sum === figures.audience && figures.audience === meant.size,
    `${sum} of ${figures.audience}`,
  )
  const certain = [...counts.keys()].filter((email) => !unknown.has(email)).length
  check(
    'the report equals the ledger of the mail server',
    figures.handedOver - unknown.size === certain,
    `report ${figures.handedOver} with ${unknown.size} unknown, ledger ${counts.size}`,
  )
}

async function peopleOf(fanfare: Fanfare, campaign: string, of: string): Promise<{ email: string }[]> {
  const people: { email: string }[] = []
  let cursor = ''
  do {
    const page = (await api(
      fanfare,
      'GET',
      `/api/campaigns/${campaign}/people?of=${of}&limit=100${cursor}`,
    )) as { items: { email: string }[]; nextCursor: string | null }
    people.push(...page.items)
    cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`
  } while (cursor !== '')
  return people
}

/** Reads mails as their receivers would: parsed and verified by libraries that are not ours, clicked, unsubscribed from. */
async function checkMails(
  fanfare: Fanfare,
  campaign: string,
  mails: readonly Buffer[],
  records: ReadonlyMap<string, string>,
): Promise<void> {
  let [parsed, signed, linked, left] = [0, 0, 0, 0]
  await new Promise((resolve) => setTimeout(resolve, HUMAN_AFTER_MS))
  for (const mail of mails) {
    const message = await simpleParser(mail)
    if (
      message.subject?.includes('the autumn is here') &&
      message.text?.includes('Hello') &&
      typeof message.html === 'string'
    )
      parsed += 1
    const { results } = await dkimVerify(mail, {
      resolver: async (name: string) => [[records.get(name) ?? '']],
    })
    if (results.length > 0 && results.every((result) => result.status.result === 'pass')) signed += 1
    const link = /href="([^"]*\/c\/[^"]*)"/.exec(String(message.html))?.[1]?.replaceAll('&amp;', '&')
    const followed =
      link === undefined ? null : await fetch(link, { redirect: 'manual', headers: { 'user-agent': READER } })
    if (
      followed?.status === 302 &&
      followed.headers.get('location') === 'https://atelier.example/women?from=mail'
    )
      linked += 1
    const unsubscribe = /<(https?:[^>]*)>/.exec(
      message.headerLines.find((line) => line.key === 'list-unsubscribe')?.line ?? '',
    )?.[1]
    const answer =
      unsubscribe === undefined
        ? null
        : await fetch(unsubscribe, {
            method: 'POST',
            redirect: 'manual',
            headers: { 'content-type': 'application/x-www-form-urlencoded' },
            body: 'List-Unsubscribe=One-Click',
          })
    if (answer?.status === 200) left += 1
  }
  const all = mails.length
  check('mails parse with an independent parser', parsed === all && all > 0, `${parsed} of ${all}`)
  check('their DKIM signatures verify', signed === all, `${signed} of ${all}`)
  check('their links lead to the stored address', linked === all, `${linked} of ${all}`)
  check('their unsubscribe works with one click', left === all, `${left} of ${all}`)
  const figures = await untilAlive(
    async () => {
      const found = (await api(fanfare, 'GET', `/api/campaigns/${campaign}/metrics`)) as {
        clicked: { people: number }
        unsubscribed: number
      }
      return found.unsubscribed === all && found.clicked.people === all ? found : null
    },
    200,
    15_000,
  ).catch(() => null)
  check(
    'the report counts those clicks and unsubscribes',
    figures !== null,
    figures === null
      ? 'not within 15 s'
      : `${figures.clicked.people} clicks, ${figures.unsubscribed} unsubscribed`,
  )
}

/** The server may be dead at the moment: then it is asked again. */
function untilAlive<T>(look: () => Promise<T | null>, everyMs = 200, withinMs = 600_000): Promise<T> {
  return until(() => look().catch(() => null), { everyMs, withinMs })
}

function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 4_294_967_296
  }
}
