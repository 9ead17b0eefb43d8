/**
 * Prints which tests stand for which id of docs/requirements.md, and fails on ids in titles that are not listed there.
 * `npm run requirements`; with --missing, the ids that no test stands for yet.
 */
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'

/** A test that names an id in its title. */
interface Claim {
  id: string
  file: string
  title: string
}

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const TESTS = [
  'server/src/**/*.test.ts',
  'web/**/*.test.{ts,tsx}',
  'tools/**/*.test.ts',
  'e2e/**/*.{test,spec}.ts',
]

/** `test('…'`, `describe('…'`, `test.each([…])('…'`: the text that a runner prints. */
const TITLE =
  /\b(?:test|it|describe)\b[^'"`\n]*?\(\s*(['"`])((?:\\.|(?!\1).)+)\1|^\s*\]\)\(\s*(['"`])((?:\\.|(?!\3).)+)\3/gm
const ID =
  /\b(?:(?:CB|MA|CS|FR|NFR|TK)-\d+(?:\.\d+)?|(?:GOAL|KPI)-\d+|PC-\d+|DS-[A-Za-z][\w-]*(?:\.[\w-]+)?)/g

/** The ids and their wording. */
export function readRequirements(): Map<string, string> {
  const text = readFileSync(join(ROOT, 'docs/requirements.md'), 'utf8')
  return new Map([...text.matchAll(/^- `([^`]+)` (.+)$/gm)].map(([, id = '', wording = '']) => [id, wording]))
}

/** Every id that a test's title names. */
export function readClaims(): Claim[] {
  const files = globSync(TESTS, { cwd: ROOT, exclude: ['**/node_modules/**'] }).toSorted()
  return files.flatMap((file) =>
    [...readFileSync(join(ROOT, file), 'utf8').matchAll(TITLE)].flatMap((match) => {
      const title = match[2] ?? match[4] ?? ''
      return [...title.matchAll(ID)].map(([id]) => ({ id, file, title }))
    }),
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url)) report(process.argv.includes('--missing'))

function report(onlyMissing: boolean): void {
  const requirements = readRequirements()
  const claims = readClaims()
  const byId = Map.groupBy(claims, (claim) => claim.id)
  for (const [id, wording] of requirements) {
    const found = byId.get(id) ?? []
    if (onlyMissing === (found.length === 0)) console.log(`${id}  ${wording}`)
    if (!onlyMissing) for (const { file, title } of found) console.log(`    ${file}: ${title}`)
  }
  const known = [...byId.keys()].filter((id) => requirements.has(id)).length
  console.log(`\n${known} of ${requirements.size} ids have tests.`)
  const unknown = claims.filter((claim) => !requirements.has(claim.id))
  for (const { id, file, title } of unknown) console.error(`unknown id ${id} in ${file}: ${title}`)
  if (unknown.length > 0) process.exit(1)
}
