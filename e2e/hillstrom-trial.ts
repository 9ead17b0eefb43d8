/**
 * A published test of 64,000 customers, run again by a running product, and judged against its published analysis.
 *
 *   npm run trial:hillstrom
 *
 * Imports the Hillstrom customers with the arm that the file gives each of them, mails two of three arms over real SMTP
 * to a sink process, once to see who visits and once to see who buys, sends visits and orders as events, and compares
 * every rate, interval and test of the product's results. Ends with `N passed, N failed`; skips with a clear line where
 * the data set is absent.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExperimentResults } from '../server/src/experiments/index.ts'
import {
  hasHillstromTest,
  HILLSTROM_ARMS,
  hillstromDifferences,
  hillstromEvents,
  hillstromExpected,
  hillstromRows,
  hillstromTest,
  VISITS_COUNT,
  type HillstromRow,
} from '../server/src/testing/hillstrom.ts'
import { check, endOfChecks, startImport, until } from './checks.ts'
import { api, startFanfare, type Fanfare } from './fanfare.ts'
import { startSink, type Sink } from './sink.ts'

/** Events of one request. */
const BATCH = 500
const PATIENCE = { everyMs: 500, withinMs: 900_000 }

if (!hasHillstromTest())
  console.log(
    'The Hillstrom data set does not lie beside the project (../shared/data/hillstrom): nothing was tried.',
  )
else await trial()
endOfChecks()

async function trial(): Promise<void> {
  const rows = hillstromRows()
  const work = await mkdtemp(join(tmpdir(), 'fanfare-hillstrom-'))
  const sink = await startSink(work)
  const fanfare = await startFanfare({ smtpUrl: `smtp://127.0.0.1:${sink.port}` })
  try {
    await prepare(fanfare)
    await importCustomers(fanfare, rows)
    for (const goal of ['visit', 'conversion'] as const) await replay(fanfare, sink, rows, goal)
  } finally {
    await fanfare.stop()
    sink.stop()
    await rm(work, { recursive: true, force: true })
  }
}

async function prepare(fanfare: Fanfare): Promise<void> {
  await api(fanfare, 'PATCH', '/api/organization', {
    name: 'Clothes by mail',
    locale: 'en',
    currency: 'USD',
    timeZone: 'America/New_York',
    postalAddress: '1 Main Street, Springfield',
  })
  await api(fanfare, 'POST', '/api/contacts/fields', { name: 'Arm', type: 'text' })
}

async function importCustomers(fanfare: Fanfare, rows: readonly HillstromRow[]): Promise<void> {
  const lines = rows.map(({ email, arm }) => `${email},${arm},yes,2026-01-15,Checkout box`)
  const csv = ['Email,Arm,Consent,Consent date,Consent source', ...lines].join('\r\n')
  const started = await startImport(fanfare, 'hillstrom.csv', csv)
  const done = await until(async () => {
    const found = await started.state()
    return found.state === 'completed' || found.state === 'failed' ? found : null
  }, PATIENCE)
  check('every customer became a contact', done.created === rows.length, `${done.created} of ${rows.length}`)
}

/** One launch to all three arms, what they then did as events, and the results beside the published analysis. */
async function replay(
  fanfare: Fanfare,
  sink: Sink,
  rows: readonly HillstromRow[],
  goal: 'visit' | 'conversion',
): Promise<void> {
  const before = (await sink.arrivals()).length
  const { id } = (await api(fanfare, 'POST', '/api/campaigns', {
    name: `Hillstrom, ${goal}`,
    audience: { include: { rule: { all: [] } } },
    content: { email: mail('Women’s merchandise') },
  })) as { id: string } // as its route promises
  if (goal === 'visit') await api(fanfare, 'PUT', `/api/campaigns/${id}/conversion-rule`, VISITS_COUNT)
  const { testId } = (await api(
    fanfare,
    'POST',
    `/api/campaigns/${id}/ab-test`,
    hillstromTest(mail('Men’s merchandise')),
  )) as { testId: string } // as its route promises
  await api(fanfare, 'POST', `/api/campaigns/${id}/launch`, {})
  const mailed = rows.filter(({ arm }) => arm !== 'No E-Mail').length
  await until(async () => ((await sink.arrivals()).length - before >= mailed ? true : null), PATIENCE)
  const silent = rows.length - mailed
  const results = await until(async () => {
    const found = await resultsOf(fanfare, testId)
    const people = found.variants.map(({ recipients }) => recipients)
    return people.reduce((sum, count) => sum + count, 0) === rows.length ? found : null
  }, PATIENCE)
  const arrivals = (await sink.arrivals()).slice(before)
  check(
    `${goal}: everybody of two arms got one mail`,
    new Set(arrivals).size === mailed && arrivals.length === mailed,
    `${arrivals.length} of ${mailed}`,
  )
  check(`${goal}: the third arm got none`, results.variants[2]?.recipients === silent, `${silent}`)

  const events = hillstromEvents(rows, goal)
  for (let from = 0; from < events.length; from += BATCH)
    await api(fanfare, 'POST', '/api/events', { events: events.slice(from, from + BATCH) })
  const told = await until(
    async () => {
      const found = await resultsOf(fanfare, testId)
      return found.variants.reduce((sum, { converted }) => sum + converted, 0) >= events.length ? found : null
    },
    { ...PATIENCE, withinMs: 60_000 },
  ).catch(() => resultsOf(fanfare, testId))
  const { compared, problems } = hillstromDifferences(told, hillstromExpected(goal))
  check(
    `${goal}: rates, intervals and tests are the published ones`,
    problems.length === 0,
    `${compared} figures`,
  )
  for (const problem of problems) console.log(`       ${problem}`)
  if (goal === 'conversion') checkSpend(rows, told)
}

/** What each arm spent, to the cent. */
function checkSpend(rows: readonly HillstromRow[], { variants }: ExperimentResults): void {
  for (const [index, arm] of HILLSTROM_ARMS.entries()) {
    const spent = rows.reduce((sum, row) => sum + (row.arm === arm ? row.spendMinor : 0), 0)
    const shown = variants[index]?.revenue ?? 0
    const each = spent / 100 / rows.filter((row) => row.arm === arm).length
    check(
      `${arm}: spend stands beside it`,
      Math.round(shown * 100) === spent,
      `${shown} USD, ${each.toFixed(4)} each`,
    )
  }
}

function resultsOf(fanfare: Fanfare, testId: string): Promise<ExperimentResults> {
  return api(fanfare, 'GET', `/api/campaigns/ab-test/${testId}/results`) as Promise<ExperimentResults> // as its route promises
}

function mail(subject: string): object {
  return {
    subject,
    fromName: 'Clothes by mail',
    fromEmail: 'hello@clothes.example',
    format: 'html',
    body: `<html><body><p>${subject}</p><p><a href="https://clothes.example/">See it</a></p></body></html>`,
  }
}
