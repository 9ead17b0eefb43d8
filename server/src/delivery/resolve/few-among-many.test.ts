/** A few people among many contacts: found by their audience alone, and reached like all others. */
import { expect, test } from 'vitest'
import { checkFigures } from '../../analytics/index.ts'
import { recordConsents } from '../../consent/index.ts'
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'
import { testContacts } from '../../testing/audience.ts'
import { harness } from '../../testing/harness.ts'
import { testLaunch } from '../../testing/launch.ts'
import { runProgress } from '../index.ts'

const h = await harness({ env: { SMTP_URL: 'smtp://discard.invalid' } })

const FEW = {
  include: {
    rule: {
      all: [
        { kind: 'contact' as const, field: 'email', operator: 'ends_with' as const, value: '@few.example' },
      ],
    },
  },
}

const adderTo =
  (ctx: Ctx) =>
  (name: string, count: number, domain: string): Promise<ContactId[]> =>
    testContacts(ctx, { emails: Array.from({ length: count }, (_, n) => `${name}${n}@${domain}`) })

test('CS-003.7 a few people among many are all reached, with a reason for whoever is not, from the first contact to the last', async () => {
  const org = await h.organization()
  const add = adderTo(org.systemCtx)
  await add('first', 5, 'few.example')
  for (let part = 0; part < 5; part++) await add(`other${part}-`, 5_000, 'many.example')
  const last = await add('last', 30, 'few.example')
  await recordConsents(
    org.systemCtx,
    { source: 'member' },
    last.slice(0, 2).map((contactId) => ({
      contactId,
      channel: 'email' as const,
      purpose: 'marketing' as const,
      state: 'withdrawn' as const,
      occurredAt: h.clock.now(),
    })),
  )
  const { runId } = await testLaunch(org.systemCtx, { audience: FEW })
  await h.drain()
  const progress = await runProgress(org.systemCtx, runId)
  expect(progress).toMatchObject({ state: 'completed', audience: 35 })
  expect(progress.counts).toEqual({ sent: 33, 'skipped.withdrawn': 2 })
  expect(await checkFigures(org.systemCtx, runId)).toEqual([])
})

test('CS-003.7 whoever looks like a few people at first and is many is reached as well', async () => {
  const org = await h.organization()
  const add = adderTo(org.systemCtx)
  await add('other', 2_000, 'many.example')
  await add('some', 1_200, 'few.example')
  const { runId } = await testLaunch(org.systemCtx, { audience: FEW })
  await h.drain()
  const progress = await runProgress(org.systemCtx, runId)
  expect(progress).toMatchObject({ state: 'completed', audience: 1_200 })
  expect(progress.counts).toEqual({ sent: 1_200 })
  expect(await checkFigures(org.systemCtx, runId)).toEqual([])
})
