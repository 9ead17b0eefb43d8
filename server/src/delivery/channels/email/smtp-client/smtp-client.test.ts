import { connect } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterEach, describe, expect, test } from 'vitest'
import { startSmtpSink, type SmtpSink, type SmtpSinkOptions } from '../../../../testing/smtp-sink.ts'
import { MailShelf } from '../mail-room.ts'
import { SmtpPool, type Dial } from './smtp-pool.ts'
import { parseSmtpUrl, SMTP_DEFAULTS, type SmtpSettings } from './smtp-settings.ts'
import type { SmtpMessage } from './smtp-message.ts'

const dial: Dial = (host, port) =>
  new Promise((resolve) => {
    const socket = connect({ host, port }, () => resolve(socket.removeAllListeners('error')))
    socket.once('error', (error) => resolve({ kind: 'unreachable', text: error.message }))
  })
const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

async function sink(options: SmtpSinkOptions = {}): Promise<SmtpSink & { mails: string[] }> {
  const mails: string[] = []
  const started = await startSmtpSink({
    ...options,
    onMail: (entry, mail) => mails.push(`${entry.to}|${mail.toString('latin1')}`),
  })
  closing.push(() => started.close())
  return { ...started, mails }
}

function pool(port: number, changes: Partial<SmtpSettings> = {}): SmtpPool {
  const made = new SmtpPool(
    {
      ...SMTP_DEFAULTS,
      host: '127.0.0.1',
      port,
      security: 'opportunistic',
      credentials: null,
      acceptsAnyCertificate: true,
      heloName: 'test.localhost',
      connectionsMax: 4,
      ...changes,
    },
    dial,
  )
  closing.push(() => made.close())
  return made
}

const message = (to: string, body = 'Hello'): SmtpMessage & { data: Buffer } => ({
  from: 'bounce@shop.example',
  to,
  data: Buffer.from(`Message-ID: <${to}>\r\n\r\n${body}\r\n`),
})

/** One byte more than the sink takes. */
const TOO_LARGE: SmtpMessage = { ...message('large@example.net'), data: Buffer.alloc(20_000_001) }

describe('hand-over', () => {
  test('every message arrives once and unchanged, dots included', async () => {
    const server = await sink()
    const messages = Array.from({ length: 500 }, (_, n) =>
      message(`c${n}@example.net`, `.\r\n..two\r\nnumber ${n}\r\n.`),
    )
    const outcomes = await pool(server.port).deliver(messages)
    expect(outcomes.every((outcome) => outcome.kind === 'sent')).toBe(true)
    expect(server.mails.toSorted()).toEqual(
      messages.map(({ to, data }) => `${to}|${data.toString('latin1')}`).toSorted(),
    )
    expect(server.connectionsMost()).toBeLessThanOrEqual(4)
  })

  test('mails arrive unchanged and are done once, whatever is refused between them and however their memory is used again', async () => {
    const server = await sink()
    const all = pool(server.port)
    const texts: string[] = []
    let done = 0
    for (let batch = 0; batch < 3; batch++) {
      const shelf = new MailShelf()
      const written = Array.from({ length: 300 }, (_, n): SmtpMessage => {
        const text = `Message-ID: <${batch}.${n}>\r\n\r\n${`${n} `.repeat((n * 37 + batch) % 900)}\r\n`
        texts.push(`c${n}@example.net|${text}`)
        const { bytes, start } = shelf.begin(text.length)
        const end = start + bytes.write(text, start)
        shelf.end(end)
        return {
          from: 'bounce@shop.example',
          to: `c${n}@example.net`,
          data: bytes.subarray(start, end),
          done: () => {
            done += 1
            shelf.done()
          },
        }
      })
      const mixed = written.flatMap((one, n) =>
        n % 60 === 7 ? [one, TOO_LARGE, TOO_LARGE] : n % 20 === 3 ? [one, message('no address')] : [one],
      )
      const outcomes = await all.deliver(mixed)
      expect(outcomes.map(({ kind }) => kind)).toEqual(
        mixed.map((one) => (written.includes(one) ? 'sent' : 'refused')),
      )
    }
    expect(done).toBe(900)
    expect(server.mails.toSorted()).toEqual(texts.toSorted())
  })

  test('a pool that is never idle lets go of what it has handed over', async () => {
    const server = await sink()
    const all = pool(server.port, { connectionsMax: 1 })
    const offer = async (batch: number): Promise<WeakRef<SmtpMessage>> => {
      const messages = Array.from({ length: 50 }, (_, n) => message(`c${batch}.${n}@example.net`))
      const first = new WeakRef<SmtpMessage>(messages[0] ?? TOO_LARGE)
      await all.deliver(messages)
      return first
    }
    // The next batch waits before the one under way has ended: the queue is never empty.
    const handedOver: WeakRef<SmtpMessage>[] = []
    let underWay = offer(0)
    for (let batch = 1; batch <= 20; batch++) {
      const next = offer(batch)
      handedOver.push(await underWay)
      underWay = next
    }
    setFlagsFromString('--expose-gc')
    const collect: unknown = runInNewContext('gc')
    if (typeof collect === 'function') collect()
    expect(handedOver.slice(0, 15).filter((first) => first.deref() !== undefined)).toEqual([])
    await underWay
  })

  test('a refused recipient is told with code, enhanced code and text, and holds up nobody', async () => {
    const server = await sink()
    const outcomes = await pool(server.port, { connectionsMax: 1 }).deliver([
      message('a@example.net'),
      message('refuse-550-5.1.1.x@example.net'),
      message('after-451-4.3.1.x@example.net'),
      message('b@example.net'),
    ])
    expect(outcomes.map((outcome) => outcome.kind)).toEqual(['sent', 'refused', 'refused', 'sent'])
    expect(outcomes[1]).toEqual({
      kind: 'refused',
      stage: 'recipient',
      reply: { code: 550, enhanced: '5.1.1', text: 'scripted refusal' },
    })
    expect(outcomes[2]).toMatchObject({ stage: 'content', reply: { code: 451, enhanced: '4.3.1' } })
  })

  test('an answer lost after the final dot is unknown, never sent again', async () => {
    const server = await sink()
    const outcomes = await pool(server.port, { connectionsMax: 1 }).deliver([
      message('a@example.net'),
      message('drop-after.x@example.net'),
      message('b@example.net'),
    ])
    expect(outcomes.map((outcome) => outcome.kind)).toEqual(['sent', 'unknown', 'sent'])
    expect(server.mails.filter((mail) => mail.startsWith('drop-after'))).toHaveLength(1)
  })

  test('a connection lost before the body is tried again, then given back unsent', async () => {
    const server = await sink()
    const outcomes = await pool(server.port, { connectionsMax: 1 }).deliver([
      message('drop-before.x@example.net'),
      message('b@example.net'),
    ])
    expect(outcomes.map((outcome) => outcome.kind)).toEqual(['unsent', 'sent'])
  })

  test('a receiver that closes after 20 messages gets the rest on new connections', async () => {
    const server = await sink({ messagesPerConnectionMax: 20 })
    const outcomes = await pool(server.port).deliver(
      Array.from({ length: 300 }, (_, n) => message(`c${n}@example.net`)),
    )
    expect(outcomes.filter((outcome) => outcome.kind === 'sent')).toHaveLength(300)
    expect(new Set(server.mails.map((mail) => mail.split('|')[0])).size).toBe(300)
    expect(server.mails).toHaveLength(300)
  })

  test('PC-27 an address that would be a command never reaches the wire', async () => {
    const server = await sink()
    const outcomes = await pool(server.port).deliver([
      message('b@y.example\r\nRCPT TO:<evil@z.example>'),
      message('a@x.example, b@y.example'),
      message('<a@x.example>'),
    ])
    expect(
      outcomes.map((outcome) => (outcome.kind === 'refused' ? outcome.reply.enhanced : outcome.kind)),
    ).toEqual(['5.1.3', '5.1.3', '5.1.3'])
    expect(server.accepted()).toBe(0)
  })

  test('a final answer that does not come in time is unknown', async () => {
    const server = await sink({ answerDelayMs: 5_000 })
    const outcomes = await pool(server.port, { acceptanceTimeoutMs: 200 }).deliver([message('a@example.net')])
    expect(outcomes).toEqual([{ kind: 'unknown', text: 'the mail server did not answer in time' }])
  })
})

describe('servers by another hand', () => {
  async function server(options: SMTPServerOptions): Promise<{ port: number; users: string[] }> {
    const users: string[] = []
    const made = new SMTPServer({
      logger: false,
      ...options,
      onAuth: (auth, _session, callback) => {
        users.push(`${auth.method} ${auth.username} ${auth.password}`)
        if (auth.password === 'wrong') callback(new Error('Invalid login'))
        else callback(null, { user: auth.username ?? '' })
      },
      onData: (stream, _session, callback) => {
        stream.resume().on('end', () => callback())
      },
    })
    made.on('error', () => undefined)
    await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', () => resolve()))
    closing.push(() => new Promise<void>((resolve) => made.close(() => resolve())))
    const address = made.server.address()
    return { port: typeof address === 'object' && address ? address.port : 0, users }
  }
  const credentials = { username: 'ada', password: 'pässword' }

  test.each([['PLAIN'], ['LOGIN']])('STARTTLS, then AUTH %s', async (method) => {
    const { port, users } = await server({ authMethods: [method] })
    expect(
      await pool(port, { security: 'starttls', credentials }).deliver([message('a@example.net')]),
    ).toMatchObject([{ kind: 'sent' }])
    expect(users).toEqual([`${method} ada pässword`])
  })

  test('TLS from the first byte', async () => {
    const { port } = await server({ secure: true })
    expect(
      await pool(port, { security: 'tls', credentials }).deliver([message('a@example.net')]),
    ).toMatchObject([{ kind: 'sent' }])
  })

  test('a server without PIPELINING is asked step by step', async () => {
    const { port } = await server({ hidePIPELINING: true, authOptional: true })
    const outcomes = await pool(port).deliver(
      Array.from({ length: 20 }, (_, n) => message(`c${n}@example.net`)),
    )
    expect(outcomes.filter((outcome) => outcome.kind === 'sent')).toHaveLength(20)
  })

  test('a wrong password, an untrusted certificate and missing TLS are told apart', async () => {
    const { port } = await server({})
    expect(await pool(port, { credentials: { username: 'ada', password: 'wrong' } }).probe()).toMatchObject({
      kind: 'auth',
    })
    expect(await pool(port, { security: 'starttls', acceptsAnyCertificate: false }).probe()).toMatchObject({
      kind: 'tls',
    })
    const bare = await server({ hideSTARTTLS: true, authOptional: true })
    expect(await pool(bare.port, { security: 'starttls' }).probe()).toEqual({
      kind: 'tls',
      text: 'The mail server does not offer STARTTLS.',
    })
    expect(await pool(port, { credentials }).probe()).toBeNull()
  })

  test('a server that is not there gives every message back unsent', async () => {
    expect(await pool(1).deliver([message('a@example.net'), message('b@example.net')])).toMatchObject([
      { kind: 'unsent', trouble: { kind: 'unreachable' } },
      { kind: 'unsent' },
    ])
  })
})

describe('SMTP_URL', () => {
  test('names host, port, TLS and credentials', () => {
    expect(parseSmtpUrl('smtps://ada:p%40ss@mail.example.org?connections=4')).toMatchObject({
      host: 'mail.example.org',
      port: 465,
      security: 'tls',
      credentials: { username: 'ada', password: 'p@ss' },
      connectionsMax: 4,
    })
    expect(parseSmtpUrl('smtp://[::1]:2525?tls=none')).toMatchObject({
      host: '::1',
      port: 2525,
      security: 'none',
      credentials: null,
    })
  })

  test.each([
    'mail.example.org',
    'http://mail.example.org',
    'smtp://',
    'smtp://h?tls=maybe',
    'smtp://h?connections=0',
  ])('refuses %s with a sentence', (text) => {
    expect(typeof parseSmtpUrl(text)).toBe('string')
  })
})
