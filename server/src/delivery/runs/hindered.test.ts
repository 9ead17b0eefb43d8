/** Before a launch: whom hours and frequency caps would hinder, held against what then happens to them. */
import { describe, expect, test } from 'vitest'
import { audienceSchema } from '../../segments/index.ts'
import { testContacts } from '../../testing/audience.ts'
import { seededDice } from '../../testing/dice.ts'
import { harness } from '../../testing/harness.ts'
import { EVERYONE, testLaunch } from '../../testing/launch.ts'
import type { TestOrganization } from '../../testing/organization.ts'
import { estimateAudience } from '../resolve/queries.ts'
import { estimateRun, runProgress, type RunTiming } from '../index.ts'
import { scaled } from './hindered.ts'

const HOUR_MS = 3_600_000
const h = await harness({ env: { SMTP_URL: 'smtp://discard.invalid' } })

const everybody = audienceSchema.parse(EVERYONE)

const people = (org: TestOrganization, name: string, count: number) =>
  testContacts(org.systemCtx, {
    emails: Array.from({ length: count }, (_, n) => `${name}${n}@example.net`),
  })

const estimateOf = (org: TestOrganization, at = h.clock.now(), timing: Partial<RunTiming> = {}) =>
  estimateRun(org.systemCtx, {
    audience: everybody,
    channels: ['email'],
    reach: 'all',
    purpose: 'marketing',
    leaving: { at, timing },
  })

const setCaps = (org: TestOrganization, onExcess: 'drop' | 'defer') =>
  org.key.put('/api/sending/caps', {
    caps: [{ channel: 'email', messages: 1, windowHours: 24, onExcess }],
  })

describe('frequency caps', () => {
  test('CS-003.5 say before a launch who would be left out, and the run leaves out as many', async () => {
    const org = await h.organization()
    await people(org, 'early', 7)
    await testLaunch(org.systemCtx)
    await h.drain()
    await people(org, 'late', 5)
    expect((await estimateOf(org)).hindered).toEqual([])
    await setCaps(org, 'drop')
    h.clock.advance(HOUR_MS)
    const estimate = await estimateOf(org)
    expect(estimate).toMatchObject({ matching: 12, recipients: 12 })
    expect(estimate.hindered).toEqual([
      { channel: 'email', outcome: 'skipped', reason: 'capped', people: 7, margin: 0, until: null },
    ])
    const { runId } = await testLaunch(org.systemCtx)
    await h.drain()
    expect((await runProgress(org.systemCtx, runId)).counts).toEqual({ sent: 5, 'skipped.capped': 7 })
  })

  test('CS-003.5 say who would get it later, and until when; of a start when there is room again they say nothing', async () => {
    const org = await h.organization()
    await people(org, 'deferred', 4)
    await testLaunch(org.systemCtx)
    await h.drain()
    const leftAt = h.clock.now().getTime()
    await setCaps(org, 'defer')
    const [found] = (await estimateOf(org)).hindered
    expect(found).toMatchObject({ outcome: 'delayed', reason: 'frequency_cap', people: 4 })
    expect(found?.until?.getTime()).toBeGreaterThanOrEqual(leftAt + 24 * HOUR_MS)
    expect((await estimateOf(org, new Date(leftAt + 25 * HOUR_MS))).hindered).toEqual([])
  })

  test('CS-003.5 count the same campaign’s message on a channel before', async () => {
    const org = await h.organization()
    await people(org, 'twice', 3)
    await org.key.put('/api/sending/caps', {
      caps: [{ channel: 'any', messages: 1, windowHours: 24, onExcess: 'drop' }],
    })
    const estimate = await estimateRun(org.systemCtx, {
      audience: everybody,
      channels: ['email', 'in_app'],
      reach: 'all',
      purpose: 'transactional',
      leaving: { at: h.clock.now(), timing: {} },
    })
    expect(estimate.hindered).toEqual([])
    const marketing = await estimateRun(org.systemCtx, {
      audience: everybody,
      channels: ['email', 'in_app'],
      reach: 'all',
      purpose: 'marketing',
      leaving: { at: h.clock.now(), timing: {} },
    })
    const inApp = marketing.channels.find(({ channel }) => channel === 'in_app')?.recipients ?? 0
    expect(marketing.hindered).toEqual(
      inApp === 0
        ? []
        : [
            {
              channel: 'in_app',
              outcome: 'skipped',
              reason: 'capped',
              people: inApp,
              margin: 0,
              until: null,
            },
          ],
    )
  })
})

describe('sending hours', () => {
  const window = { from: '09:00', to: '10:00' }
  const hours = {
    window,
    skipsWeekends: null,
    skipsHolidays: null,
    conflict: null,
    coversTransactional: false,
  }

  test('CS-003.5 CS-010.3 say before a launch who would get it later, and the run holds as many until then', async () => {
    const org = await h.organization()
    await people(org, 'held', 6)
    const at = new Date(Math.ceil(h.clock.now().getTime() / (24 * HOUR_MS)) * 24 * HOUR_MS + 15 * HOUR_MS)
    h.clock.set(at.toISOString())
    const [found] = (await estimateOf(org, at, { hours })).hindered
    expect(found).toMatchObject({
      channel: 'email',
      outcome: 'delayed',
      reason: 'send_window',
      people: 6,
      margin: 0,
    })
    const { runId } = await testLaunch(org.systemCtx, { timing: { hours } })
    await h.drain()
    const { held } = await runProgress(org.systemCtx, runId)
    expect(held).toMatchObject([{ people: 6, reason: 'send_window', until: found?.until }])
  })

  test('CS-003.5 say who would get nothing where what is late is dropped', async () => {
    const org = await h.organization()
    await people(org, 'dropped', 2)
    const at = new Date(Math.ceil(h.clock.now().getTime() / (24 * HOUR_MS)) * 24 * HOUR_MS + 15 * HOUR_MS)
    expect((await estimateOf(org, at, { hours: { ...hours, conflict: 'drop' } })).hindered).toEqual([
      { channel: 'email', outcome: 'skipped', reason: 'quiet_hours', people: 2, margin: 0, until: null },
    ])
  })
})

describe('a sample', () => {
  test('names the same people each time, and not the first', async () => {
    const org = await h.organization()
    await people(org, 'sampled', 40)
    const sampleOf = async () =>
      (
        await estimateAudience(org.systemCtx, {
          audience: everybody,
          channels: ['email'],
          reach: 'all',
          purpose: 'marketing',
          topic: null,
          sampleSize: 10,
        })
      ).sample.flatMap(({ contactIds }) => contactIds)
    const sample = await sampleOf()
    expect(sample).toHaveLength(10)
    expect(await sampleOf()).toEqual(sample)
    const ids = sample.map(Number)
    expect(Math.max(...ids) - Math.min(...ids)).toBeGreaterThan(10)
  })

  test('tells of a whole within its margin at least nine times of ten', () => {
    const dice = seededDice(7)
    let within = 0
    for (let round = 0; round < 200; round++) {
      const share = 0.02 + dice() * 0.96
      let found = 0
      for (let n = 0; n < 1_000; n++) if (dice() < share) found += 1
      const { people, margin } = scaled(found, 1_000, 100_000)
      if (Math.abs(people - share * 100_000) <= margin) within += 1
    }
    expect(within / 200).toBeGreaterThan(0.9)
    expect(scaled(3, 40, 40)).toEqual({ people: 3, margin: 0 })
  })
})
