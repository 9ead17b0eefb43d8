/** What is asked of a site while it is busy, and how long until the answer is seen where it counts. */
import { setTimeout as wait } from 'node:timers/promises'
import { request } from 'undici'
import { cancelRun, pauseRun, runProgress } from '../../server/src/delivery/index.ts'
import { fromWire, type CampaignId } from '../../server/src/platform/ids.ts'
import { testLaunch } from '../../server/src/testing/launch.ts'
import { planAt } from '../delivery/planned.ts'
import { PROBE_AUDIENCE, PROBES, type Site } from './site.ts'

/** Whatever has not been seen by then is counted with this. */
const GIVE_UP_MS = 30_000
const LOOK_EVERY_MS = 5
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'

/** Runs a probe again and again until told otherwise, beginning every so often, one after the other. */
export async function repeat(
  everyMs: number,
  isOver: () => boolean,
  probe: (n: number) => Promise<number>,
): Promise<number[]> {
  const measured: number[] = []
  for (let n = 0; !isOver(); n++) {
    const beganAt = performance.now()
    measured.push(await probe(n))
    await wait(Math.max(0, everyMs - (performance.now() - beganAt)))
  }
  return measured
}

/** Messages of one call each; their answers say nothing of when they left, the provider's ledger does. */
export function singleMessages(
  site: Site,
  name: string,
): {
  send(n: number): Promise<number>
  /** From the call until the provider had it. */
  handOvers(): Promise<number[]>
} {
  const askedAt = new Map<string, number>()
  return {
    send: async (n) => {
      const beganAt = performance.now()
      askedAt.set(`${name} ${n}.`, Date.now())
      await site.api.call('POST', '/api/messages', {
        content: { source: { channel: 'sms', text: `${name} {{ data.n }}.` } },
        to: { phone: `+4479${String(1 + (n % PROBES)).padStart(8, '0')}` },
        data: { n },
      })
      return performance.now() - beganAt
    },
    handOvers: async () => {
      await until(async () => (await arrivals(site, name)).size >= askedAt.size)
      const arrived = await arrivals(site, name)
      return [...askedAt].map(([text, at]) => (arrived.get(text) ?? at + GIVE_UP_MS) - at)
    },
  }
}

/** When the provider took the first message of each text that begins so, by its clock, which is this machine's. */
async function arrivals(site: Site, name: string): Promise<Map<string, number>> {
  const first = new Map<string, number>()
  for (const { excerpt, at } of await site.texts.entries()) {
    const text = excerpt.trim()
    if (text.startsWith(`${name} `) && !first.has(text)) first.set(text, Date.parse(at))
  }
  return first
}

async function until(isThere: () => Promise<boolean>): Promise<void> {
  for (const from = performance.now(); performance.now() - from < GIVE_UP_MS;) {
    if (await isThere()) return
    await wait(250)
  }
}

/** Small campaigns that are planned for the next minute but one at most. */
export async function planned(site: Site, count: number): Promise<{ at: Date; delays(): Promise<number[]> }> {
  const ids: CampaignId[] = []
  for (let n = 0; n < count; n++)
    ids.push(fromWire('campaign', await smallCampaign(site, `Planned ${n}.`)) as CampaignId) // its prefix says so
  const at = await planAt(site.ctx, ids, 15_000)
  return {
    at,
    delays: async () => {
      await until(async () => (await arrivals(site, 'Planned')).size >= count)
      const arrived = await arrivals(site, 'Planned')
      return Array.from(
        { length: count },
        (_, n) => (arrived.get(`Planned ${n}.`) ?? at.getTime() + GIVE_UP_MS) - at.getTime(),
      )
    },
  }
}

async function smallCampaign(site: Site, text: string): Promise<string> {
  const { body } = await site.api.call('POST', '/api/campaigns', {
    name: text,
    channels: ['sms'],
    audience: PROBE_AUDIENCE,
    content: { sms: { text } },
  })
  return body.id
}

/** A campaign that has arrived, whose readers click. A person needs some seconds for that. */
export async function clickable(site: Site): Promise<{ campaignId: string; links: string[] }> {
  const campaignId = await smallCampaign(site, 'https://shop.example/sales Look.')
  await site.api.call('POST', `/api/campaigns/${campaignId}/launch`)
  const links = async (): Promise<string[]> =>
    (await site.texts.entries()).flatMap(({ excerpt }) => /^https?:\/\/\S+(?= )/.exec(excerpt)?.[0] ?? [])
  await until(async () => (await links()).length >= PROBES)
  await wait(5_500)
  return { campaignId, links: await links() }
}

/** What a screen does: it is told that figures changed, and asks for them. */
export async function screen(
  site: Site,
  { campaignId, links }: { campaignId: string; links: readonly string[] },
): Promise<{ click(n: number): Promise<number>; close(): void }> {
  const stream = await request(`http://127.0.0.1:${site.port}/api/stream`, {
    headers: { authorization: `Bearer ${site.apiKey}` },
    bodyTimeout: 0,
  })
  let told = 0
  stream.body.on('data', (bytes: Buffer) => {
    if (bytes.toString().includes(`event: campaign:${campaignId}`)) told++
  })
  stream.body.on('error', () => undefined) // closed below
  const clicked = async (): Promise<number> =>
    (await site.api.call('GET', `/api/campaigns/${campaignId}/metrics`)).body.clicked.people
  return {
    click: async (n) => {
      const link = links[n]
      if (link === undefined) throw new Error(`there are ${links.length} links, and no more people to click`)
      const before = await clicked()
      let seen = told
      const beganAt = performance.now()
      const answer = await request(`http://127.0.0.1:${site.port}${new URL(link).pathname}`, {
        headers: { 'user-agent': BROWSER },
      })
      await answer.body.dump()
      if (answer.statusCode !== 302) throw new Error(`a click was answered with ${answer.statusCode}`)
      while (performance.now() - beganAt < GIVE_UP_MS) {
        await wait(LOOK_EVERY_MS)
        if (told === seen) continue
        seen = told
        if ((await clicked()) > before) return performance.now() - beganAt
      }
      return GIVE_UP_MS
    },
    close: () => stream.body.destroy(),
  }
}

/** An order, until it stands on its buyer's profile. */
export async function order(site: Site, n: number): Promise<number> {
  const email = `buyer${n}.${site.port}@example.net`
  const beganAt = performance.now()
  const { ctx } = site
  const answer = await request(`http://127.0.0.1:${site.port}/v1/batch`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${site.writeKey}:`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      batch: [
        { type: 'identify', userId: email, messageId: `who-${email}`, traits: { email } },
        {
          type: 'track',
          event: 'Order Completed',
          userId: email,
          messageId: `order-${email}`,
          properties: { order_id: email, revenue: 10 },
        },
      ],
    }),
  })
  await answer.body.dump()
  if (answer.statusCode !== 200) throw new Error(`an order was answered with ${answer.statusCode}`)
  while (performance.now() - beganAt < GIVE_UP_MS) {
    const rows = await ctx.db.query(
      `select from contact_profile p join contact c on c.org_id = $1 and c.id = p.contact_id
       where p.org_id = $1 and c.email = $2 and p.orders > 0`,
      [ctx.orgId, email],
    )
    if (rows.length > 0) return performance.now() - beganAt
    await wait(LOOK_EVERY_MS)
  }
  return GIVE_UP_MS
}

/** Screens that somebody opens meanwhile. */
export const ROUTES = (campaignId: string): string[] => [
  '/api/campaigns?limit=20',
  `/api/campaigns/${campaignId}`,
  `/api/campaigns/${campaignId}/report`,
  '/api/contacts?limit=20',
  '/api/segments?limit=20',
  '/api/sending/limits',
]

export async function open(site: Site, path: string | undefined): Promise<number> {
  const beganAt = performance.now()
  await site.api.call('GET', path ?? '/api/campaigns')
  return performance.now() - beganAt
}

/** A campaign of text messages at full speed that somebody pauses: from the call until the provider had the last one. */
export async function pauseLate(site: Site): Promise<number> {
  const { ctx } = site
  const before = await site.texts.taken()
  const { runId } = await testLaunch(ctx, { channels: ['sms'], purpose: 'transactional' })
  await until(async () => ((await runProgress(ctx, runId)).counts['sent'] ?? 0) > 0)
  await wait(500)
  const pausedAt = Date.now()
  await pauseRun(ctx, runId)
  await wait(2_500)
  const taken = (await site.texts.entries()).slice(before)
  if (taken.length === 0) throw new Error('nothing was sent before the pause')
  await cancelRun(ctx, runId)
  return Math.max(0, Date.parse(taken.at(-1)?.at ?? '') - pausedAt)
}
