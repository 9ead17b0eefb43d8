import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { identify } from './identity.ts'
import { takeLock } from './lock.ts'

let dataDir = ''
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'fanfare-test-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

/** A process that lives until it is killed, and the lock as it would have written it. */
async function holder(isStopping: boolean): Promise<{ pid: number; end: () => Promise<void> }> {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  await once(child, 'spawn')
  const pid = child.pid ?? 0
  writeFileSync(
    join(dataDir, 'fanfare.lock'),
    JSON.stringify({ holder: identify(pid), children: [], url: 'http://localhost:1', isStopping }),
  )
  return {
    pid,
    end: async () => {
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}

test('a holder that stops is waited for, and its lock taken when it is gone', async () => {
  const former = await holder(true)
  const said: string[] = []
  const lock = await takeLock(dataDir, 'http://localhost:2', (text) => {
    said.push(text)
    void former.end()
  })
  expect(said).toEqual(['An earlier run is stopping; waiting for it.'])
  expect(readFileSync(join(dataDir, 'fanfare.lock'), 'utf8')).toContain('http://localhost:2')
  lock.release()
})

test('a holder that does not get done with stopping is named, with what ends it', async () => {
  const former = await holder(true)
  await expect(takeLock(dataDir, 'http://localhost:2', () => undefined, 100)).rejects.toMatchObject({
    code: 'platform.still_stopping',
    message: expect.stringContaining(`kill -9 ${former.pid}`),
  })
  await former.end()
})

test('a holder that runs is named with its address', async () => {
  const former = await holder(false)
  await expect(takeLock(dataDir, 'http://localhost:2', () => undefined)).rejects.toMatchObject({
    code: 'platform.already_running',
    message: expect.stringContaining('http://localhost:1'),
  })
  await former.end()
})
