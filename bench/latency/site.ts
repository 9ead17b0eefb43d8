/** A site under load: an organization whose campaign is sent at full speed for as long as anything is measured. */
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Pool } from 'undici'
import { cancelRun, runProgress } from '../../server/src/delivery/index.ts'
import { addProvider } from '../../server/src/delivery/providers/service.ts'
import { DEFAULT_SENDING_HOURS } from '../../server/src/delivery/timing/sending-hours.ts'
import type { Ctx } from '../../server/src/platform/context.ts'
import { inTransaction } from '../../server/src/platform/db/index.ts'
import { newId, type RunId } from '../../server/src/platform/ids.ts'
import { insertApiKey } from '../../server/src/team/queries/api-keys.ts'
import { hashToken, newApiKey } from '../../server/src/team/rules/tokens.ts'
import { freeLoopbackPort } from '../../server/src/platform/supervisor/ports.ts'
import { testLaunch } from '../../server/src/testing/launch.ts'
import { createSource } from '../../server/src/tracking/sources/manage.ts'
import { startProvider, startSink, type Provider } from '../delivery/counterparts.ts'
import { SMTP_CONNECTIONS } from '../delivery/raw-loops.ts'
import { organizationWith } from '../delivery/people.ts'
import { startProcess, type Installation } from '../platform.ts'

/** People whom small campaigns go to, and what finds them. */
export const PROBES = 40
export const PROBE_AUDIENCE = {
  include: { rule: { kind: 'contact', field: 'city', operator: 'one_of', value: ['Probe'] } },
}

export interface Site {
  ctx: Ctx
  api: Api
  writeKey: string
  port: number
  apiKey: string
  /** Who takes text messages, and when: the only clock that counts. */
  texts: Provider
  /** Mails everybody over SMTP, over and over, until told to stop. @returns how many were sent */
  keepBusy(): { stop(): Promise<number> }
  close(): Promise<void>
}

/** Calls by API key. */
export interface Api {
  call(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: Answer }>
}
// A bench asserts on what it reads; a type here would only be a promise that nobody checks.
// oxlint-disable-next-line typescript/no-explicit-any
type Answer = any

/** A server, a worker, a mail server and a simulated provider as processes of their own. */
export async function startSite(
  installation: Installation,
  { people, slots }: { people: number; slots: number },
): Promise<Site> {
  const { processSettings } = installation
  const texts = await startProvider('twilio')
  const mails = await startSink(join(installation.dataDir, 'sink.tsv'))
  const ctx = await organizationWith(installation, people)
  await addProbes(ctx)
  await addProvider(ctx, {
    kind: 'twilio',
    name: 'Twilio',
    settings: { baseUrl: texts.url, accountSid: 'AC1', from: '+15005550006' },
    secrets: { authToken: 'simulated-api-key' },
  })
  const { key, prefix } = newApiKey(ctx.orgId)
  const { writeKey } = await inTransaction(ctx, async (inner) => {
    await insertApiKey(inner, {
      id: newId<'api_key'>(ctx.now()),
      name: 'Bench',
      prefix,
      keyHash: hashToken(key),
      scopes: ['*'],
      expiresAt: null,
    })
    return createSource(inner, { name: 'Bench', kind: 'server' })
  })
  const env = {
    ...processSettings.env,
    SMTP_URL: `smtp://127.0.0.1:${mails.port}?connections=${SMTP_CONNECTIONS}&messages=100000`,
    FANFARE_EGRESS_ALLOW: new URL(texts.url).host,
    // All users of the bench call with one key.
    FANFARE_RATE_LIMIT_PER_MINUTE: '100000',
  }
  const port = await freeLoopbackPort()
  let busy: { stop(): Promise<number> } | null = null
  const processes: ChildProcess[] = [
    await startProcess('api-process.ts', { ...processSettings, env, port }),
    await startProcess('worker-process.ts', { ...processSettings, env, aheadMs: 0, slots }),
  ]
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 16 })
  const api = apiOf(pool, key)
  const { channels, ...hours } = DEFAULT_SENDING_HOURS
  await api.call('PUT', '/api/sending/hours', {
    ...hours,
    channels: { ...channels, sms: channels.email },
    reason: 'A bench runs at any hour, and reaches nobody.',
  })
  return {
    ctx,
    api,
    writeKey,
    port,
    apiKey: key,
    texts,
    keepBusy: () => (busy = keepBusy(ctx)),
    close: async () => {
      await busy?.stop()
      for (const child of [...processes, texts.process, mails.process]) child.kill('SIGKILL')
      await pool.destroy()
    },
  }
}

function apiOf(pool: Pool, key: string): Api {
  return {
    call: async (method, path, body) => {
      const answer = await pool.request({
        method,
        path,
        headers: {
          authorization: `Bearer ${key}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await answer.body.text()
      if (answer.statusCode >= 400)
        throw new Error(`${method} ${path} answered ${answer.statusCode}: ${text}`)
      return { status: answer.statusCode, body: text === '' ? null : JSON.parse(text) }
    },
  }
}

const addProbes = (ctx: Ctx): Promise<unknown> =>
  inTransaction(ctx, async (inner) => {
    const values = [ctx.orgId, ctx.now(), PROBES]
    await inner.db.query(
      `insert into contact (org_id, email, email_hash, phone, phone_hash, first_name, city, country, language, source, created_at, updated_at)
       select $1, 'probe' || n || '@example.net', decode(md5('probe' || n), 'hex'), '+4479' || lpad(n::text, 8, '0'),
         decode(md5('probe-phone' || n), 'hex'), 'Probe', 'Probe', 'GB', 'en', 'bench', $2, $2 from generate_series(1, $3::int) n`,
      values,
    )
    await inner.db.query(
      `insert into preference (org_id, contact_id, channel, purpose, state, decided_at, event_id)
       select org_id, id, 'sms', 'marketing', 'granted', $2, 0 from contact where org_id = $1 and city = 'Probe' and $3::int > 0`,
      values,
    )
  })

function keepBusy(ctx: Ctx): { stop(): Promise<number> } {
  let isOver = false
  let current: RunId | null = null
  const work = (async (): Promise<number> => {
    let sent = 0
    while (!isOver) {
      const { runId } = await testLaunch(ctx)
      current = runId
      for (;;) {
        await wait(200)
        const { state, counts } = await runProgress(ctx, runId)
        if (state === 'resolving' || state === 'running' || state === 'paused') continue
        sent += counts['sent'] ?? 0
        break
      }
    }
    return sent
  })()
  return {
    stop: async () => {
      isOver = true
      if (current) await cancelRun(ctx, current).catch(() => undefined) // it may have ended in this moment
      return work
    },
  }
}
