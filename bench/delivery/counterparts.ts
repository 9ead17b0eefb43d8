/** The world outside, as processes of their own: an SMTP server with a ledger, and simulated providers. */
import { spawn, type ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { LedgerEntry } from '../../server/src/testing/simulators/index.ts'

/** An SMTP server that takes everything. */
export interface Sink {
  process: ChildProcess
  port: number
  accepted(): Promise<number>
}

/** Starts it; what it accepted is on disk before its answer leaves. */
export async function startSink(ledgerPath: string): Promise<Sink> {
  const { process, found } = await startNode(
    ['../../server/src/testing/smtp-sink.ts', '--ledger', ledgerPath],
    /^listening (\d+)$/,
  )
  return {
    process,
    port: Number(found),
    accepted: async () => (await readFile(ledgerPath, 'latin1')).split('\n').length - 1,
  }
}

/** A simulated provider, which tells nothing later. */
export interface Provider {
  process: ChildProcess
  url: string
  /** How many messages its ledger holds. */
  taken(): Promise<number>
  /** The messages themselves. */
  entries(): Promise<LedgerEntry[]>
}

export async function startProvider(name: string): Promise<Provider> {
  const { process, found } = await startNode(
    ['../../server/src/cli.ts', 'simulate', name],
    new RegExp(`^${name} listens at (\\S+);`),
  )
  // Nobody listens here: reports of what arrived would only take the machine's time.
  await fetch(`${found}/simulator/faults`, { method: 'PUT', body: JSON.stringify({ untoldEvents: 1 }) })
  const entries = async (): Promise<LedgerEntry[]> => {
    const answer = await fetch(`${found}/simulator/ledger`)
    const { taken } = (await answer.json()) as { taken: LedgerEntry[] } // the simulator's own ledger
    return taken
  }
  return { process, url: found, taken: async () => (await entries()).length, entries }
}

/** Starts a script and waits for the line that tells where it listens. */
async function startNode(
  [script = '', ...args]: readonly string[],
  line: RegExp,
): Promise<{ process: ChildProcess; found: string }> {
  const path = fileURLToPath(new URL(script, import.meta.url))
  const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const text of createInterface({ input: child.stdout })) {
    const found = line.exec(text)?.[1]
    if (found !== undefined) return { process: child, found }
  }
  throw new Error(`${script} did not start`)
}
