/** A mail server outside, as a process: what it wrote down is the truth that reports are compared with. */
import { spawn, type ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** A running sink and what it has. */
export interface Sink {
  port: number
  /** Recipients of everything that was accepted, in order. */
  arrivals(): Promise<string[]>
  /** The first mails, whole. */
  mails(most: number): Promise<Buffer[]>
  stop(): void
}

/** Starts the sink as a process of its own, outside Fanfare. @param work a folder for its files */
export async function startSink(work: string): Promise<Sink> {
  const [ledger, mails] = [join(work, 'ledger.tsv'), join(work, 'mails')]
  const child: ChildProcess = spawn(
    process.execPath,
    [join(ROOT, 'server/src/testing/smtp-sink.ts'), '--ledger', ledger, '--mails', mails],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const port = await new Promise<number>((resolve) =>
    child.stdout?.on('data', (text: Buffer) => resolve(Number(/listening (\d+)/.exec(text.toString())?.[1]))),
  )
  return {
    port,
    arrivals: async () =>
      (await readFile(ledger, 'utf8'))
        .trimEnd()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.split('\t')[1] ?? ''),
    mails: async (most) => splitMails(await readFile(mails), most),
    stop: () => void child.kill('SIGTERM'),
  }
}

/** The sink precedes each mail by a line `#bytes recipient`. */
function splitMails(file: Buffer, most: number): Buffer[] {
  const mails: Buffer[] = []
  let at = 0
  while (at < file.length && mails.length < most) {
    const end = file.indexOf('\n', at)
    const bytes = Number(/#(\d+)/.exec(file.toString('latin1', at, end))?.[1])
    mails.push(file.subarray(end + 1, end + 1 + bytes))
    at = end + 1 + bytes
    if (file[at] === 0x0a) at += 1
  }
  return mails
}
