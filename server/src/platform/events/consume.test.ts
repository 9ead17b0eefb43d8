import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { testPlatform } from '../../testing/test-platform.ts'
import { inTransaction } from '../db/index.ts'
import { newId, type OrgId } from '../ids.ts'
import {
  advanceConsumer,
  announce,
  defineConsumer,
  defineEvent,
  laggingOrganizations,
  readersBehind,
  type ConsumerDefinition,
} from './index.ts'

const { platform, clock } = await testPlatform()
const happened = defineEvent('test.happened', z.object({ n: z.number() }))
const ignored = defineEvent('test.ignored', z.object({}))
const elsewhere = defineEvent('elsewhere.happened', z.object({}))
const newOrg = (): OrgId => newId<'organization'>(clock.now())

/** A consumer that notes what it saw in a table, so that its effect and its cursor share a transaction. */
function recorder(
  name: string,
  onBatch: (call: number) => void = () => undefined,
): ConsumerDefinition & { seen(orgId: OrgId): Promise<number[]> } {
  let calls = 0
  return {
    ...defineConsumer({
      name,
      types: ['test.happened'],
      handle: async (ctx, events) => {
        await ctx.db.query(
          `insert into metric_delta (org_id, campaign_id, run_id, channel, hour, minute, name, n)
           select $1, $2, $2, 'test', $3, $3, $4, e from unnest($5::bigint[]) as e`,
          [ctx.orgId, ctx.orgId, ctx.now(), name, events.map((event) => (event.payload as { n: number }).n)],
        )
        calls += 1
        onBatch(calls)
      },
    }),
    seen: async (orgId) =>
      (
        await platform
          .systemCtx(orgId)
          .db.query<{ n: string }>('select n from metric_delta where org_id = $1 and name = $2 order by id', [
            orgId,
            name,
          ])
      ).map((row) => Number(row.n)),
  }
}

async function announceN(orgId: OrgId, ...numbers: number[]): Promise<void> {
  await inTransaction(platform.systemCtx(orgId), async (ctx) => {
    for (const n of numbers) announce(ctx, happened, { n })
  })
}

describe('the event log', () => {
  test('a reader that moves its cursor while many writers commit misses nothing and sees nothing twice', async () => {
    const orgId = newOrg()
    const consumer = recorder('concurrent')
    const total = 400
    let writing = true
    const reader = (async () => {
      while (
        writing ||
        (await laggingOrganizations(platform.database, [consumer])).some((lag) => lag.orgId === orgId)
      )
        await advanceConsumer(platform.systemCtx(orgId), consumer)
    })()
    // Eight writers, transactions of different length, so that they would overtake each other if they could.
    await Promise.all(
      Array.from({ length: 8 }, async (_, writer) => {
        for (let i = writer; i < total; i += 8)
          await inTransaction(platform.systemCtx(orgId), async (ctx) => {
            announce(ctx, happened, { n: i })
            if (i % 3 === 0) await ctx.db.query('select pg_sleep(0.002)')
          })
      }),
    )
    writing = false
    await reader
    expect((await consumer.seen(orgId)).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: total }, (_, i) => i),
    )
  })

  test('two readers of one consumer share it without doubling', async () => {
    const orgId = newOrg()
    const consumer = recorder('shared')
    for (let i = 0; i < 20; i++) await announceN(orgId, i)
    const read = async (): Promise<void> => {
      while ((await laggingOrganizations(platform.database, [consumer])).some((lag) => lag.orgId === orgId))
        await advanceConsumer(platform.systemCtx(orgId), consumer)
    }
    await Promise.all([read(), read(), read()])
    expect((await consumer.seen(orgId)).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, i) => i),
    )
  })

  test('a consumer that fails after its writes leaves neither writes nor cursor, and takes effect once later', async () => {
    const orgId = newOrg()
    const consumer = recorder('failing', (call) => {
      if (call === 1) throw new Error('killed in the middle')
    })
    await announceN(orgId, 1, 2, 3)
    await expect(advanceConsumer(platform.systemCtx(orgId), consumer)).rejects.toThrow('killed in the middle')
    expect(await consumer.seen(orgId)).toEqual([])
    await advanceConsumer(platform.systemCtx(orgId), consumer)
    await advanceConsumer(platform.systemCtx(orgId), consumer)
    expect(await consumer.seen(orgId)).toEqual([1, 2, 3])
  })

  test('events of types nobody wants move the cursor all the same', async () => {
    const orgId = newOrg()
    const consumer = recorder('selective')
    await inTransaction(platform.systemCtx(orgId), async (ctx) => announce(ctx, ignored, {}))
    await advanceConsumer(platform.systemCtx(orgId), consumer)
    expect(
      (await laggingOrganizations(platform.database, [consumer])).filter((lag) => lag.orgId === orgId),
    ).toEqual([])
  })

  test('of types that do not matter at present, a consumer is given only what is about a campaign', async () => {
    const orgId = newOrg()
    const seen: string[] = []
    const consumer = defineConsumer({
      name: 'heeding',
      types: ['test.*'],
      heeds: async () => ['test.happened', 'elsewhere.happened'],
      handle: async (_ctx, events) => void seen.push(...events.map((event) => event.type)),
    })
    await inTransaction(platform.systemCtx(orgId), async (ctx) => {
      announce(ctx, ignored, {})
      announce(ctx, happened, { n: 1 })
      announce(ctx, ignored, {}, { campaignId: newId<'campaign'>(clock.now()) })
      announce(ctx, elsewhere, {})
    })
    await advanceConsumer(platform.systemCtx(orgId), consumer)
    expect(seen).toEqual(['test.happened', 'test.ignored'])
    expect(
      (await laggingOrganizations(platform.database, [consumer])).filter((lag) => lag.orgId === orgId),
    ).toEqual([])
  })

  test('consumers that want none of what is new are moved on together, and the others read it', async () => {
    const orgId = newOrg()
    const idle = defineConsumer({
      name: 'idle',
      types: ['elsewhere.*'],
      handle: async () => {
        throw new Error('it wants nothing of this')
      },
    })
    const [reader, all] = [recorder('passed_over'), { ...recorder('passed_over_all'), types: ['test.*'] }]
    const behind = async () =>
      (await readersBehind(platform, [idle, reader, all]))
        .filter((one) => one.orgId === orgId)
        .map(({ consumer }) => consumer.name)
    await announceN(orgId, 1)
    // Whoever has never read here is not passed over: its cursor is not there yet.
    expect(await behind()).toEqual(['idle', 'passed_over', 'passed_over_all'])
    for (const consumer of [idle, reader, all]) await advanceConsumer(platform.systemCtx(orgId), consumer)
    await announceN(orgId, 2, 3)
    expect(await behind()).toEqual(['passed_over', 'passed_over_all'])
    expect(
      (await laggingOrganizations(platform.database, [idle])).filter((lag) => lag.orgId === orgId),
    ).toEqual([])
    for (const consumer of [reader, all]) await advanceConsumer(platform.systemCtx(orgId), consumer)
    expect([await reader.seen(orgId), await all.seen(orgId)]).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ])
    await inTransaction(platform.systemCtx(orgId), async (ctx) => announce(ctx, elsewhere, {}))
    expect(await behind()).toEqual(['idle'])
    await expect(advanceConsumer(platform.systemCtx(orgId), idle)).rejects.toThrow('it wants nothing')
  })

  test('an event vanishes with its transaction', async () => {
    const orgId = newOrg()
    const consumer = recorder('rolled_back')
    await expect(
      inTransaction(platform.systemCtx(orgId), async (ctx) => {
        announce(ctx, happened, { n: 1 })
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    await announceN(orgId, 2)
    await advanceConsumer(platform.systemCtx(orgId), consumer)
    expect(await consumer.seen(orgId)).toEqual([2])
  })
})
