import { describe, expect, test } from 'vitest'
import { allowedActions, copyName, firstStart, type CampaignState } from './rules.ts'
import { CAMPAIGN_STATUSES } from './schema.ts'

const state = (status: CampaignState['status'], more: Partial<CampaignState> = {}): CampaignState => ({
  delivery: 'scheduled',
  status,
  pausedFrom: null,
  statusReason: null,
  deletedAt: null,
  archivedAt: null,
  ...more,
})
const now = new Date('2026-11-20T09:00:00Z')

describe('what a state allows', () => {
  test('CS-016.3 a running campaign cannot be deleted, a paused one can', () => {
    expect(allowedActions(state('running'))).not.toContain('delete')
    expect(allowedActions(state('paused'))).toContain('delete')
  })

  test('FR-001.3 only drafts and paused campaigns are edited', () => {
    expect(CAMPAIGN_STATUSES.filter((status) => allowedActions(state(status)).includes('edit'))).toEqual([
      'draft',
      'paused',
    ])
  })

  test('CS-008.5 a schedule can be moved while the campaign waits, not while it runs', () => {
    expect(allowedActions(state('scheduled'))).toContain('schedule')
    expect(allowedActions(state('paused', { pausedFrom: 'scheduled' }))).toContain('schedule')
    expect(allowedActions(state('active'))).toContain('schedule')
    expect(allowedActions(state('paused', { pausedFrom: 'active' }))).toContain('schedule')
    expect(allowedActions(state('paused', { pausedFrom: 'running' }))).not.toContain('schedule')
    expect(allowedActions(state('running'))).not.toContain('schedule')
  })

  test('what a breaker or a budget stopped between its runs is not set going by a new plan', () => {
    const stopped = state('paused', { pausedFrom: 'active', statusReason: 'Too many complaints.' })
    expect(allowedActions(stopped)).not.toContain('schedule')
  })

  test('CS-015.1 any campaign can be cloned, whatever its state', () => {
    for (const status of CAMPAIGN_STATUSES) expect(allowedActions(state(status))).toContain('duplicate')
    expect(allowedActions(state('completed', { deletedAt: now }))).toContain('duplicate')
  })

  test('CS-016.6 a deleted campaign can be restored and nothing else that changes it', () => {
    expect(allowedActions(state('draft', { deletedAt: now }))).toEqual(['restore', 'duplicate'])
  })

  test('an archived campaign can be brought back to the list', () => {
    const allowed = allowedActions(state('completed', { archivedAt: now }))
    expect(allowed).toContain('unarchive')
    expect(allowed).not.toContain('archive')
  })
})

describe('when a plan starts', () => {
  const once = (at: string, timeZone: string, clock: 'zone' | 'recipient' = 'zone') =>
    firstStart(
      { at, timeZone, clock, repeat: null, endsOn: null, remindMinutes: null },
      now,
    )?.at.toISOString()

  test('CS-008.3 a wall time is read in its zone', () => {
    expect(once('2026-11-27T09:00', 'Europe/Paris')).toBe('2026-11-27T08:00:00.000Z')
    expect(once('2026-11-27T09:00', 'America/New_York')).toBe('2026-11-27T14:00:00.000Z')
  })

  test('CB-6.4 a time that the clock skips moves forward, one that it repeats is its first', () => {
    expect(once('2027-03-28T02:30', 'Europe/Paris')).toBe('2027-03-28T01:30:00.000Z')
    expect(once('2027-10-31T02:30', 'Europe/Paris')).toBe('2027-10-31T00:30:00.000Z')
  })

  test('CS-008.4 a start must lie five minutes ahead, to the second', () => {
    expect(once('2026-11-20T10:04', 'Europe/Paris')).toBeUndefined()
    expect(once('2026-11-20T10:05', 'Europe/Paris')).toBe('2026-11-20T09:05:00.000Z')
  })

  test('CS-008.3 in each recipient’s time a run begins with the first clocks', () => {
    expect(once('2026-11-27T09:00', 'Europe/Paris', 'recipient')).toBe('2026-11-26T19:00:00.000Z')
  })

  test('CS-008.4 in each recipient’s time, too, it begins five minutes ahead at the soonest, wherever clocks are', () => {
    const soonest = '2026-11-20T09:05:00.000Z'
    // 23:00 on the first clocks: they passed the first of these long ago, and show the others within minutes.
    const starts = ['2026-11-20T12:00', '2026-11-20T23:02', '2026-11-20T23:05', '2026-11-20T23:06']
    expect(starts.map((at) => once(at, 'Europe/Paris', 'recipient'))).toEqual([
      soonest,
      soonest,
      soonest,
      '2026-11-20T09:06:00.000Z',
    ])
    expect(once('2026-11-20T10:04', 'Europe/Paris', 'recipient')).toBeUndefined()
  })
})

describe('names', () => {
  test('CS-015.3 a copy says that it is one', () => {
    expect(copyName('en', 'Noël')).toBe('Copy of Noël')
    expect(copyName('fr', 'Noël')).toBe('Copie de Noël')
    expect(copyName('en', 'x'.repeat(200))).toHaveLength(200)
  })
})
