import { expect, test } from 'vitest'
import { nextTurn } from '../../platform/clock.ts'
import type { ContactId } from '../../platform/ids.ts'
import { createLog } from '../../platform/log.ts'
import type { Addressee } from '../handover/addressee.ts'
import type { Letter } from './line.ts'
import { RENDER_MS_MAX, renderEach } from './render-each.ts'

const log = createLog('silent')
const NO_LINKS = { clicks: [], open: '', unsubscribe: '', preferences: '', view: '', message: '' }

/** Letters to people of whom only the number matters here. */
const lettersTo = (count: number): Letter[] =>
  Array.from({ length: count }, (_, n) => ({ person: personOf(String(n + 1) as ContactId), links: NO_LINKS }))

const personOf = (id: ContactId): Addressee => ({
  id,
  reason: null,
  address: null,
  email: null,
  mayTrackOpens: false,
  mayTrackClicks: false,
  firstName: null,
  lastName: null,
  phone: null,
  language: null,
  timeZone: null,
  country: null,
  city: null,
  birthday: null,
  subscriptionTier: null,
  subscriptionStatus: null,
  tags: [],
  attributes: {},
})

/** Renders while a clock runs on by so much with each message. */
function renderAll(letters: readonly Letter[], { eachMs, fails }: { eachMs: number; fails?: boolean }) {
  let nowMs = 0
  return renderEach(
    { log },
    letters,
    ({ person }) => {
      nowMs += eachMs
      if (fails) throw new Error('the template runs beyond its limit')
      return person.id
    },
    () => nowMs,
  )
}

test('NFR-002.3 a template that burns its limit for everybody ends with its reason, and the worker is free in time', async () => {
  const letters = lettersTo(40)
  const { rendered, failed, late, trouble } = await renderAll(letters, { eachMs: 2_000, fails: true })
  expect(rendered).toEqual([])
  expect(failed.map(({ reason }) => reason)).toEqual(Array(3).fill('render_too_slow'))
  expect(late).toEqual(letters.slice(3))
  expect(trouble).toEqual({ kind: 'slow_content', text: '3 messages took 6.0 s' })
})

test('NFR-002.3 whoever comes back gets on: the first of a sub-batch is always rendered', async () => {
  const letters = lettersTo(2)
  const { rendered, late } = await renderAll(letters, { eachMs: RENDER_MS_MAX * 2 })
  expect([rendered.length, late.length]).toEqual([1, 1])
})

test('NFR-002.3 a busy machine only puts off, and a quick failure keeps its own reason', async () => {
  const letters = lettersTo(60)
  const busy = await renderAll(letters, { eachMs: 100 })
  expect([busy.rendered.length, busy.late.length, busy.trouble]).toEqual([50, 10, null])
  const quick = await renderAll(letters, { eachMs: 1, fails: true })
  expect(new Set(quick.failed.map(({ reason }) => reason))).toEqual(new Set(['render_failed']))
  expect(quick.late).toEqual([])
})

test('NFR-002.3 others in the process have their turn while a sub-batch renders', async () => {
  const letters = lettersTo(30)
  let turns = 0
  let isRendering = true
  const others = (async () => {
    while (isRendering) {
      await nextTurn()
      turns += 1
    }
  })()
  await renderAll(letters, { eachMs: 30 })
  isRendering = false
  await others
  expect(turns).toBeGreaterThanOrEqual(25)
})
