/**
 * Holds the web build to its first-load budget and its pages to theirs (gzip −9, kB of 1,000 bytes).
 * Run after `npm run build`, from the root; another build's folder may be given. Ends with `N passed, N failed`.
 * Source: web probe §10
 */
import { readFileSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'

interface Chunk {
  file: string
  imports?: string[]
}

/** What is loaded before the first page stands. */
const firstLoadBudgets = { script: 215, style: 12, font: 50, messages: 10 }
/** What the shell may weigh without any page. */
const shellBudget = 190
/**
 * What a page may add to the shell's budget, so that what moves between the two changes nothing: menus and sheets
 * (30 kB), measured as a part of the shell once, come with the pages.
 * Pages with an editor or canvas have budgets of their own.
 */
const pageBudget = 55
const pageBudgets: Readonly<Record<string, number>> = {
  'src/app/home/Home.tsx': 25,
  'src/campaigns/Composer.tsx': 160,
  // Charts beside a table of links and the test of contents.
  'src/campaigns/report/CampaignReport.tsx': 68,
  // Two lists with their filters.
  'src/consent/PrivacyPage.tsx': 58,
  // Filters, bulk changes and a choice of columns; columns, rules and a preview.
  'src/contacts/ContactList.tsx': 63,
  'src/contacts/imports/ImportPage.tsx': 62,
  'src/content/TemplatePage.tsx': 160,
  // Domains, servers and providers with their forms.
  'src/delivery/SendingPage.tsx': 58,
  // A chart above tables.
  'src/reports/ReportsPage.tsx': 62,
  'src/segments/NewSegment.tsx': 70,
  // The rule builder beside a table of people.
  'src/segments/SegmentPage.tsx': 80,
}

const dist = pathToFileURL(`${resolve(process.argv[2] ?? 'web/dist')}/`)
const manifest: Record<string, Chunk> = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'))
const sizes = new Map<string, number>()

const page = readFileSync(new URL('index.html', dist), 'utf8')
const loaded = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(([, file = '']) => file)
const shell = union(Object.keys(manifest).filter((key) => loaded.includes(manifest[key]?.file ?? '')))
const home = closure('src/app/home/Home.tsx')
const messages = ['ui', 'app'].flatMap((room) => [`src/${room}/messages/fr.json`])

const lines = [
  line('shell script', weigh(shell), shellBudget),
  line('first load script', weigh(new Set([...shell, ...home])), firstLoadBudgets.script),
  line('first load style', sum(styles().map(gzipped)), firstLoadBudgets.style),
  line('first load font', sum(latinFont().map(raw)), firstLoadBudgets.font),
  line(
    'first load messages',
    sum(messages.map((key) => gzipped(manifest[key]?.file ?? ''))),
    firstLoadBudgets.messages,
  ),
  ...pages().map((key) =>
    line(key, weigh(new Set([...shell, ...closure(key)])), shellBudget + (pageBudgets[key] ?? pageBudget)),
  ),
]
console.log(lines.map(({ text }) => text).join('\n'))
const failed = lines.filter(({ fits }) => !fits).length
console.log(`${lines.length - failed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

function line(name: string, bytes: number, budget: number): { text: string; fits: boolean } {
  const fits = bytes <= budget * 1000
  const size = (bytes / 1000).toFixed(1).padStart(7)
  return { fits, text: `${fits ? 'ok  ' : 'OVER'} ${size} of ${String(budget).padStart(3)} kB  ${name}` }
}

/** Every chunk that a chunk needs before it runs, itself included. */
function closure(key: string, seen = new Set<string>()): Set<string> {
  if (seen.has(key)) return seen
  seen.add(key)
  for (const needed of manifest[key]?.imports ?? []) closure(needed, seen)
  return seen
}

function union(keys: readonly string[]): Set<string> {
  return new Set(keys.flatMap((key) => [...closure(key)]))
}

function weigh(keys: ReadonlySet<string>): number {
  const files = new Set(
    [...keys].map((key) => manifest[key]?.file ?? '').filter((file) => file.endsWith('.js')),
  )
  return sum([...files].map(gzipped))
}

/** Chunks that routes load: components, not messages. */
function pages(): string[] {
  return Object.keys(manifest).filter((key) => /^src\/.*\.tsx$/.test(key))
}

function styles(): string[] {
  return loaded.filter((file) => file.endsWith('.css'))
}

function latinFont(): string[] {
  return readdirSync(new URL('assets', dist))
    .filter((name) => /^inter-latin-wght-normal.*\.woff2$/.test(name))
    .map((name) => `assets/${name}`)
}

function gzipped(file: string): number {
  const known = sizes.get(file)
  if (known !== undefined) return known
  const size = file === '' ? 0 : gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length
  sizes.set(file, size)
  return size
}

function raw(file: string): number {
  return readFileSync(new URL(file, dist)).length
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
