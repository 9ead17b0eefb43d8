/** What trials that are scripts have in common: counting what holds, waiting, bringing people in. */
import { api, type Fanfare } from './fanfare.ts'

let [passed, failed] = [0, 0]

/** Counts and says whether something holds. */
export function check(name: string, isRight: boolean, detail: string): void {
  if (isRight) passed += 1
  else failed += 1
  console.log(`${isRight ? 'ok    ' : 'FAILED'} ${name} (${detail})`)
}

/** Says how many held, and ends the process: with 0 only when all did. */
export function endOfChecks(): never {
  console.log(`${passed} passed, ${failed} failed`)
  process.exit(failed === 0 ? 0 : 1)
}

/** Looks again and again until something is found. @throws when it is not in time */
export async function until<T>(
  look: () => Promise<T | null>,
  { everyMs, withinMs }: { everyMs: number; withinMs: number },
): Promise<T> {
  const deadline = Date.now() + withinMs
  while (Date.now() < deadline) {
    const found = await look()
    if (found !== null) return found
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
  throw new Error('it did not happen in time')
}

/** How far an import is. */
export interface ImportState {
  state: string
  created: number
  rowsDone: number
  rejected: number
}

/** An import under way. */
export interface StartedImport {
  startedAt: number
  state: () => Promise<ImportState>
}

/** Uploads a file of people and starts its import as it was guessed. */
export async function startImport(fanfare: Fanfare, fileName: string, csv: string): Promise<StartedImport> {
  const form = new FormData()
  form.set('file', new Blob([csv], { type: 'text/csv' }), fileName)
  const answer = await fetch(`${fanfare.url}/api/contacts/imports`, {
    method: 'POST',
    headers: { authorization: `Bearer ${fanfare.apiKey}` },
    body: form,
  })
  const { id } = (await answer.json()) as { id: string } // as its route promises
  const startedAt = Date.now()
  await api(fanfare, 'POST', `/api/contacts/imports/${id}/start`, {})
  return {
    startedAt,
    state: async () => (await api(fanfare, 'GET', `/api/contacts/imports/${id}`)) as ImportState, // likewise
  }
}
