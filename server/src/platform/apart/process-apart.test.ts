import { assert, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { processApart } from './index.ts'

const FILE = new URL('../../testing/apart-example.ts', import.meta.url)
const answer = z.object({ said: z.string(), settings: z.array(z.string()) })

function example(options: { idleMs?: number; answerWithinMs?: number } = {}) {
  const apart = processApart({ file: FILE, answer, ...options })
  onTestFinished(() => {
    const pid = apart.pid()
    if (pid !== undefined) process.kill(pid, 'SIGKILL')
  })
  return apart
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('it begins when it is asked, answers one after the other, and knows none of our settings', async () => {
  const apart = example()
  expect(apart.pid()).toBeUndefined()
  const answers = await Promise.all(['one', 'two', 'three'].map((question) => apart.ask(question)))
  expect(answers.map(({ said }) => said)).toEqual(['heard one', 'heard two', 'heard three'])
  expect(process.env['PATH']).toBeDefined()
  // macOS names a text encoding in every process, by a name that begins so.
  expect(answers[0]?.settings.filter((name) => !name.startsWith('__'))).toEqual([])
})

test('who asks while it ends is told, and who asks after that gets a new one', async () => {
  const apart = example()
  await apart.ask('one')
  const pid = apart.pid()
  const ended = apart.ask('end')
  const next = apart.ask('two')
  await expect(ended).rejects.toThrow('ended before it answered (3)')
  expect((await next).said).toBe('heard two')
  expect(apart.pid()).not.toBe(pid)
})

test('one that was ended while nobody asked is replaced before anybody notices', async () => {
  const apart = example()
  await apart.ask('one')
  const pid = apart.pid()
  assert(pid !== undefined)
  process.kill(pid, 'SIGKILL')
  expect((await apart.ask('two')).said).toBe('heard two')
})

test('an answer of another shape is refused', async () => {
  await expect(example().ask('garbage')).rejects.toThrow(z.ZodError)
})

test('what never answers is ended', async () => {
  const apart = example({ answerWithinMs: 50 })
  await expect(apart.ask('run for ever')).rejects.toThrow('did not answer within 50 ms')
})

test('it ends when nobody asks, and begins again', async () => {
  const apart = example({ idleMs: 0 })
  await apart.ask('one')
  const pid = apart.pid()
  assert(pid !== undefined)
  await expect.poll(() => isRunning(pid), { timeout: 60_000 }).toBe(false)
  expect((await apart.ask('two')).said).toBe('heard two')
  expect(apart.pid()).not.toBe(pid)
})
