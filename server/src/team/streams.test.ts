/** Live streams end with the access of whoever listens. */
import { afterAll, expect, test } from 'vitest'
import { rooms } from '../app.ts'
import { createServer } from '../platform/http/index.ts'
import { toWire } from '../platform/ids.ts'
import { harness } from '../testing/harness.ts'
import type { ApiCaller, TestOrganization } from '../testing/organization.ts'
import { authenticate, sessionPlugin } from './index.ts'
import { SESSION_ABSOLUTE_MS, SESSION_IDLE_MS, SESSION_TOUCH_MS } from './rules/session-limits.ts'

const h = await harness()
/** A server whose streams give signs of life as often as tests want to read them. */
const server = await createServer({
  platform: h.platform,
  rooms,
  authenticate: authenticate(h.platform),
  webRoot: null,
  keepAliveMs: 2,
  plugins: [sessionPlugin(h.platform)],
})
afterAll(() => server.close())
const quick = await server.listen({ port: 0, host: '127.0.0.1' })
const usual = await h.server.listen({ port: 0, host: '127.0.0.1' })

interface Stream {
  read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>
  cancel(): Promise<void>
}

async function listen(base: string, caller: ApiCaller): Promise<Stream> {
  const { body } = await fetch(`${base}/api/stream`, { headers: caller.headers })
  const reader = (body ?? new ReadableStream<Uint8Array>()).getReader()
  await reader.read()
  return reader
}

/** Reads until a sign of life has come that was asked for after this moment: the first may have been under way. */
async function hearAnew(stream: Stream, { orgId }: TestOrganization): Promise<void> {
  h.platform.hub.publish(orgId, 'from here', null)
  for (let said = ''; !/event: from here.*still here.*still here/s.test(said);) {
    const { done, value } = await stream.read()
    if (done) throw new Error('the stream has ended')
    said += Buffer.from(value ?? []).toString()
  }
}

async function ends(stream: Stream): Promise<true> {
  while (!(await stream.read()).done);
  return true
}

test('signing out ends the streams of the session at once, and stands in the audit log', async () => {
  const org = await h.organization()
  const [theirs, others] = [await listen(usual, org.editor), await listen(usual, org.viewer)]
  const next = others.read()
  expect((await org.editor.post('/api/auth/sign-out')).status).toBe(204)
  expect(await ends(theirs)).toBe(true)
  h.platform.hub.publish(org.orgId, 'campaign:1', { sent: 1 })
  expect(Buffer.from((await next).value ?? []).toString()).toContain('event: campaign:1')
  await others.cancel()
  const entries = (await org.owner.get('/api/audit?action=session.ended')).body.items
  const editor = { kind: 'member', id: toWire('person', org.editor.personId) }
  expect(entries).toMatchObject([{ actor: editor }])
  expect((await org.editor.post('/api/auth/sign-out')).status).toBe(204)
})

test('a stream keeps no idle session alive, and ends with it', async () => {
  const org = await h.organization()
  const seen = async (): Promise<Date | undefined> => {
    const sql = 'select seen_at from session where person_id = $1'
    return (await org.systemCtx.db.query<{ seenAt: Date }>(sql, [org.editor.personId]))[0]?.seenAt
  }
  const stream = await listen(quick, org.editor)
  const before = await seen()
  h.clock.advance(SESSION_TOUCH_MS + 1)
  await hearAnew(stream, org)
  expect(await seen()).toEqual(before)
  h.clock.advance(SESSION_IDLE_MS)
  expect(await ends(stream)).toBe(true)
})

test('the streams of a session that is in use end with its last day', async () => {
  const org = await h.organization()
  const stream = await listen(quick, org.editor)
  const step = SESSION_ABSOLUTE_MS / 10
  for (let used = step; used < SESSION_ABSOLUTE_MS; used += step) {
    h.clock.advance(step)
    expect((await org.editor.get('/api/session')).status).toBe(200)
  }
  await hearAnew(stream, org)
  h.clock.advance(step)
  expect(await ends(stream)).toBe(true)
})

test('a key opens no stream, whatever it may do', async () => {
  const org = await h.organization()
  expect(await org.key.get('/api/stream')).toMatchObject({
    status: 403,
    body: { code: 'request.not_permitted' },
  })
})
