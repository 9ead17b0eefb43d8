/**
 * A year of a real shop, sent as events through the public API by a running product, and judged against the raw file.
 *
 *   npm run trial:retail -- [--every=1]
 *
 * Sends UCI Online Retail (541,909 lines) as one event per line and one per invoice to `/v1/batch`, waits until profiles
 * have followed, compares orders, money and RFM classes with what the raw lines come to, rebuilds all profiles and ends
 * with `N passed, N failed`. `--every=10` takes one customer in ten. Skips with a clear line where the data is absent.
 */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import {
  emailOf,
  hasOnlineRetail,
  identification,
  isReturn,
  messagesOf,
  retailCustomers,
  retailInvoices,
  retailLines,
  type RetailInvoice,
  type RetailMessage,
} from '../server/src/testing/online-retail.ts'
import { check, endOfChecks } from './checks.ts'
import { api, startFanfare, type Fanfare } from './fanfare.ts'

const CLI = fileURLToPath(new URL('../server/src/cli.ts', import.meta.url))
/** Messages of one request, and requests under way at once. */
const BATCH = 1_500
const AT_ONCE = 4
/** Longest wait for profiles after the last event; fifths are drawn anew within a minute. */
const FOLLOW_MS = 600_000

const every = Number(process.argv.find((flag) => flag.startsWith('--every='))?.split('=')[1] ?? 1)

if (!hasOnlineRetail())
  console.log(
    'UCI Online Retail does not lie beside the project (../shared/data/online-retail): nothing was tried.',
  )
else await trial()
endOfChecks()

async function trial(): Promise<void> {
  const lines = retailLines()
  const invoices = retailInvoices(lines).filter(
    ({ customer, invoice }) =>
      Number((customer === '' ? invoice : customer).replace(/\D/g, '')) % every === 0,
  )
  if (every === 1) checkFile(invoices)
  const fanfare = await startFanfare()
  try {
    await prepare(fanfare)
    await send(fanfare, invoices)
    await judge(fanfare, invoices)
    await rebuild(fanfare)
  } finally {
    await fanfare.stop()
  }
}

/** What the data set's own description says of it. */
function checkFile(invoices: readonly RetailInvoice[]): void {
  const lines = invoices.flatMap((invoice) => invoice.lines)
  const customers = new Set(lines.map(({ customer }) => customer).filter((customer) => customer !== ''))
  const cancelled = lines.filter(({ invoice }) => invoice.startsWith('C')).length
  const total = invoices.reduce((sum, { totalMinor }) => sum + totalMinor, 0)
  check('the file reads as it is described: lines', lines.length === 541_909, `${lines.length}`)
  check('invoices', invoices.length === 25_900, `${invoices.length}`)
  check('customers', customers.size === 4_372, `${customers.size}`)
  check('lines of cancellations', cancelled === 9_288, `${cancelled}`)
  check('lines of guests', lines.filter(({ customer }) => customer === '').length === 135_080, '135,080')
  check('revenue', total === 974_774_793, `${total / 100} GBP`)
}

async function prepare(fanfare: Fanfare): Promise<void> {
  await api(fanfare, 'PATCH', '/api/organization', {
    name: 'Gift Shop',
    locale: 'en',
    currency: 'GBP',
    timeZone: 'Europe/London',
    postalAddress: null,
  })
}

async function send(fanfare: Fanfare, invoices: readonly RetailInvoice[]): Promise<void> {
  const source = (await api(fanfare, 'POST', '/api/event-sources', { name: 'Shop', kind: 'server' })) as {
    writeKey: string
  } // as its route promises
  const firsts = [
    ...Map.groupBy(
      invoices.filter(({ customer }) => customer !== ''),
      ({ customer }) => customer,
    ),
  ].flatMap(([, own]) => own.slice(0, 1))
  // Who they are first; what they did after, in any order.
  await sendAll(fanfare, source.writeKey, firsts.map(identification))
  const messages = invoices.flatMap(messagesOf)
  const from = performance.now()
  await sendAll(fanfare, source.writeKey, messages)
  const seconds = (performance.now() - from) / 1_000
  console.log(
    `       ${messages.length} events in ${seconds.toFixed(1)} s, ${Math.round(messages.length / seconds)} a second`,
  )
}

async function sendAll(
  fanfare: Fanfare,
  writeKey: string,
  messages: readonly RetailMessage[],
): Promise<void> {
  const batches = Array.from({ length: Math.ceil(messages.length / BATCH) }, (_, n) =>
    messages.slice(n * BATCH, (n + 1) * BATCH),
  )
  const next = batches.values()
  const sender = async (): Promise<void> => {
    for (const batch of next) await sendOne(fanfare, writeKey, batch)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, sender))
}

/** As a well-behaved client: told to wait, it waits and sends the very same again. */
async function sendOne(fanfare: Fanfare, writeKey: string, batch: readonly RetailMessage[]): Promise<void> {
  for (;;) {
    const answer = await fetch(`${fanfare.url}/v1/batch`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`,
      },
      body: JSON.stringify({ batch }),
    })
    if (answer.ok) return
    if (answer.status !== 429)
      throw new Error(`a batch was answered ${answer.status}: ${await answer.text()}`)
    const seconds = Number(answer.headers.get('retry-after') ?? 1)
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000))
  }
}

interface Grid {
  buyers: number
  orders: number
  revenueMinor: number
  drawnAt: string | null
}

interface Buyer {
  email: string
  orders: number
  revenueMinor: number
  recency: number
  frequency: number
  monetary: number
  class: string
}

async function judge(fanfare: Fanfare, invoices: readonly RetailInvoice[]): Promise<void> {
  const expected = retailCustomers(invoices)
  const orders = expected.reduce((sum, buyer) => sum + buyer.orders, 0)
  const revenue = expected.reduce((sum, buyer) => sum + buyer.revenueMinor, 0)
  const from = performance.now()
  const isThere = (grid: Grid): boolean =>
    grid.buyers === expected.length && grid.orders === orders && grid.revenueMinor === revenue
  let grid = await gridOf(fanfare)
  while (!isThere(grid) && performance.now() - from < FOLLOW_MS) {
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    grid = await gridOf(fanfare)
  }
  console.log(
    `       profiles were complete, fifths drawn, ${((performance.now() - from) / 1_000).toFixed(1)} s after the last event`,
  )
  check('customers who ordered', grid.buyers === expected.length, `${grid.buyers} of ${expected.length}`)
  check('their orders', grid.orders === orders, `${grid.orders}`)
  check(
    'their revenue, net of cancellations',
    grid.revenueMinor === revenue,
    `${grid.revenueMinor / 100} GBP`,
  )
  await checkBuyers(fanfare, expected)
  const returns = invoices.filter((invoice) => invoice.customer !== '' && isReturn(invoice)).length
  console.log(
    `       ${returns} cancellations of customers; guests have no profile until they say who they are`,
  )
}

/** Every buyer; fifths of the last drawing may follow a minute later. */
async function checkBuyers(fanfare: Fanfare, expected: ReturnType<typeof retailCustomers>): Promise<void> {
  const from = performance.now()
  let wrong = await differencesOf(fanfare, expected)
  while (wrong.length > 0 && performance.now() - from < FOLLOW_MS) {
    await new Promise((resolve) => setTimeout(resolve, 5_000))
    wrong = await differencesOf(fanfare, expected)
  }
  check(
    'orders, money, scores and class of every buyer equal those figured from the raw lines',
    wrong.length === 0,
    wrong.length === 0 ? `${expected.length} buyers` : `${wrong.length} differ, such as ${wrong[0]}`,
  )
}

async function differencesOf(
  fanfare: Fanfare,
  expected: ReturnType<typeof retailCustomers>,
): Promise<string[]> {
  const buyers = new Map((await allBuyers(fanfare)).map((buyer) => [buyer.email, buyer]))
  return expected.flatMap(({ customer, refunds: _refunds, lastOrderAt: _lastOrderAt, ...figures }) => {
    const stands = buyers.get(emailOf(customer))
    const isSame =
      stands !== undefined &&
      Object.entries(figures).every(([name, value]) => stands[name as keyof Buyer] === value) // names are shared
    return isSame ? [] : [`${customer}: ${JSON.stringify(figures)} is not ${JSON.stringify(stands)}`]
  })
}

async function allBuyers(fanfare: Fanfare): Promise<Buyer[]> {
  const buyers: Buyer[] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const more: string = cursor === '' ? '' : `&cursor=${cursor}`
    const page = (await api(fanfare, 'GET', `/api/analytics/rfm/people?limit=100${more}`)) as {
      items: Buyer[]
      nextCursor: string | null
    } // as its route promises
    buyers.push(...page.items)
    cursor = page.nextCursor
  }
  return buyers
}

async function gridOf(fanfare: Fanfare): Promise<Grid> {
  return (await api(fanfare, 'GET', '/api/analytics/rfm')) as Grid // as its route promises
}

/** The operator's command, beside the running product. */
async function rebuild(fanfare: Fanfare): Promise<void> {
  const from = performance.now()
  const { status, output } = await new Promise<{ status: number | null; output: string }>((resolve) => {
    const { DATABASE_URL: _database, ...inherited } = process.env
    const child = spawn(process.execPath, [CLI, 'rebuild', 'profiles'], {
      env: { ...inherited, FANFARE_DATA_DIR: fanfare.dataDir },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.on('data', (part: Buffer) => {
      output += part.toString()
    })
    child.once('exit', (status) => resolve({ status, output }))
  })
  check(
    'a rebuild from the log finds no difference',
    status === 0,
    `${((performance.now() - from) / 1_000).toFixed(1)} s; ${output.trim().split('\n')[0] ?? ''}`,
  )
}
