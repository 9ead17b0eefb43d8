/**
 * One connection to a mail server: greeting, TLS, sign-in, then messages one after the other. With PIPELINING a
 * message costs one round trip: its body and the envelope of the next one leave in one write (RFC 2920 §3.1 lets a body
 * be the first "command" of a group).
 */
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { after, every, monotonicMs, type Timer } from '../../../../platform/clock.ts'
import { networkWords } from '../../../../platform/egress/index.ts'
import type { Handover, RefusalStage, Trouble } from '../../outcome.ts'
import { MailRoom } from '../mail-room.ts'
import { ReplyReader, type SmtpReply } from './reply-reader.ts'
import {
  envelopeCommands,
  localRefusal,
  readFeatures,
  sizeRefusal,
  writeMessage,
  type ServerFeatures,
  type SmtpMessage,
  type WrittenMessage,
} from './smtp-message.ts'
import type { SmtpSettings } from './smtp-settings.ts'

/** A message waiting for its outcome. `settle` is called exactly once. */
export interface Delivery {
  message: SmtpMessage
  /** Connections that were lost before its body left. */
  attempts: number
  /** Called before the body leaves. */
  begun(): void
  settle(outcome: Handover): void
}

/** Where a connection gets its work, and gives back what it could not begin. */
export interface DeliveryQueue {
  take(): Delivery | undefined
  /** The connection ended before the body of this message left: nothing happened to it. */
  giveBack(delivery: Delivery, trouble: Trouble): void
}

/** A delivery whose mail is written and can be sent. */
interface Offered extends WrittenMessage {
  delivery: Delivery
  room: MailRoom
}

/** How often a connection looks whether an answer is overdue. */
const OVERDUE_CHECK_MS = 1_000

/** Stands for the answer that never came; `text` says why. */
const lost = (text: string): SmtpReply => ({ code: 0, enhanced: null, text, lines: [] })

export class SmtpConnection {
  readonly #settings: SmtpSettings
  #socket: Socket
  #stopListening: () => Socket
  #reader = new ReplyReader()
  #arrived: SmtpReply[] = []
  #wanted: ((reply: SmtpReply) => void) | null = null
  #endedBecause: string | null = null
  #answerDueAt = Number.POSITIVE_INFINITY
  #overdueCheck: Timer
  #features: ServerFeatures = readFeatures([])
  #messages = 0
  /** One mail is on its way while the next is written: once it is answered, nobody reads its room any more. */
  readonly #rooms: [MailRoom, MailRoom] = [new MailRoom(), new MailRoom()]
  /** Where the mail lies that was offered last. */
  #roomNo: 0 | 1 = 0

  constructor(socket: Socket, settings: SmtpSettings) {
    this.#settings = settings
    this.#socket = socket
    this.#stopListening = this.#listen(socket)
    this.#overdueCheck = every(OVERDUE_CHECK_MS, () => {
      if (monotonicMs() > this.#answerDueAt) this.#destroy('the mail server did not answer in time')
    })
  }

  /** Greets, secures and signs in. @returns null when messages may follow */
  async open(): Promise<Trouble | null> {
    const greeting = await this.#reply(this.#settings.greetingTimeoutMs)
    if (greeting.code !== 220) return troubleOf(greeting, 'rejected')
    const first = await this.#hello()
    if (first) return first
    if (this.#settings.security !== 'tls' && this.#settings.security !== 'none' && !this.#secured()) {
      const trouble = await this.#startTls()
      if (trouble) return trouble
    }
    return this.#settings.credentials ? this.#signIn(this.#settings.credentials) : null
  }

  /** Sends what the queue gives until it is empty, the connection ends, or its limit of messages is reached. */
  async work(queue: DeliveryQueue): Promise<void> {
    let offered = this.#next(queue)
    let envelopeIsOut = false
    while (offered) {
      const { delivery } = offered
      if (!envelopeIsOut && this.#features.pipelining) this.#write(this.#envelopeOf(offered).join(''))
      const refused = await this.#offer(offered)
      if (refused === 'lost')
        return queue.giveBack(delivery, { kind: 'unreachable', text: this.#endedBecause ?? '' })
      envelopeIsOut = false
      let following: Offered | undefined
      if (refused) {
        delivery.settle(refused)
      } else {
        following = this.#next(queue)
        envelopeIsOut = this.#sendBody(offered, following)
        delivery.settle(outcomeOf(await this.#reply(this.#settings.acceptanceTimeoutMs)))
      }
      if (this.#endedBecause !== null) {
        if (following) queue.giveBack(following.delivery, { kind: 'unreachable', text: this.#endedBecause })
        return
      }
      offered = following ?? this.#next(queue)
    }
  }

  /** Has this connection sent as many messages as it may? */
  get isSpent(): boolean {
    return this.#endedBecause !== null || this.#messages >= this.#settings.messagesPerConnectionMax
  }

  /** Says goodbye without waiting for the answer. */
  quit(): void {
    if (this.#endedBecause !== null) return
    this.#socket.end('QUIT\r\n')
    this.#socket.destroySoon()
    this.#end('closed by us')
  }

  /** Whoever waits for an answer learns that none will come. */
  #end(reason: string): void {
    if (this.#endedBecause !== null) return
    this.#endedBecause = reason
    this.#overdueCheck.stop()
    this.#wanted?.(lost(reason))
    this.#wanted = null
  }

  #destroy(reason: string): void {
    this.#end(reason)
    this.#socket.destroy()
  }

  /** The next delivery that this server can be offered; those that it cannot are settled on the way. */
  #next(queue: DeliveryQueue): Offered | undefined {
    while (!this.isSpent) {
      const delivery = queue.take()
      if (!delivery) return undefined
      const refused = localRefusal(delivery.message, this.#features)
      const offered = refused ? null : this.#written(delivery)
      const tooLarge = offered && sizeRefusal(offered.sizeBytes, this.#features)
      if (offered && !tooLarge) {
        this.#roomNo = this.#otherRoomNo
        this.#messages += 1
        return offered
      }
      const because = refused ?? tooLarge
      if (because) delivery.settle({ kind: 'refused', ...because })
    }
    return undefined
  }

  #written(delivery: Delivery): Offered {
    const roomNo = this.#otherRoomNo
    // A server may answer before it has read all: what the system has not taken yet stays as it is.
    if (this.#socket.writableLength > 0) this.#rooms[roomNo] = new MailRoom()
    const room = this.#rooms[roomNo]
    room.clear()
    return { delivery, room, ...writeMessage(delivery.message, room) }
  }

  get #otherRoomNo(): 0 | 1 {
    return this.#roomNo === 0 ? 1 : 0
  }

  #envelopeOf({ delivery, sizeBytes }: Offered): [mail: string, rcpt: string, data: string] {
    return envelopeCommands(delivery.message, sizeBytes, this.#features)
  }

  /** The envelope, up to the server's word to go on. @returns null when the body may follow */
  async #offer(offered: Offered): Promise<Handover | 'lost' | null> {
    const replies = this.#features.pipelining
      ? await this.#pipelinedEnvelope()
      : await this.#steppedEnvelope(offered)
    // 421 is a goodbye: nothing of this message was taken, and a new connection may take it (RFC 5321 §3.8).
    const goodbye = replies.find((reply) => reply.code === 421)
    if (goodbye) this.#destroy(`421 ${goodbye.text}`)
    if (goodbye || replies.some((reply) => reply.code === 0)) return 'lost'
    const [mail, rcpt, data] = replies
    if (data?.code === 354 && mail?.code === 250 && isTaken(rcpt)) return null
    // A server may say 354 although it took no recipient; an empty message ends that (RFC 2920 §3.1).
    if (data?.code === 354) await this.#command('.\r\n')
    if (mail?.code === 250) await this.#command('RSET\r\n')
    if (mail && mail.code !== 250) return refusedBy(mail, 'sender')
    if (rcpt && !isTaken(rcpt)) return refusedBy(rcpt, 'recipient')
    return refusedBy(data ?? lost('the mail server answered out of turn'), 'content')
  }

  async #pipelinedEnvelope(): Promise<SmtpReply[]> {
    const timeoutMs = this.#settings.commandTimeoutMs
    return [await this.#reply(timeoutMs), await this.#reply(timeoutMs), await this.#reply(timeoutMs)]
  }

  async #steppedEnvelope(offered: Offered): Promise<SmtpReply[]> {
    const [mailCommand, rcptCommand, dataCommand] = this.#envelopeOf(offered)
    const mail = await this.#command(mailCommand)
    if (mail.code !== 250) return [mail]
    const rcpt = await this.#command(rcptCommand)
    return isTaken(rcpt) ? [mail, rcpt, await this.#command(dataCommand)] : [mail, rcpt]
  }

  /** @returns whether the following envelope left with the body */
  #sendBody({ delivery, body, room }: Offered, following: Offered | undefined): boolean {
    const withEnvelope = following !== undefined && this.#features.pipelining
    const next = withEnvelope ? this.#envelopeOf(following).join('') : ''
    delivery.begun()
    this.#socket.write(room.append(body, `.\r\n${next}`))
    return withEnvelope
  }

  async #hello(): Promise<Trouble | null> {
    const ehlo = await this.#command(`EHLO ${this.#settings.heloName}\r\n`)
    if (ehlo.code === 250) {
      this.#features = readFeatures(ehlo.lines)
      return null
    }
    const helo = ehlo.code === 0 ? ehlo : await this.#command(`HELO ${this.#settings.heloName}\r\n`)
    return helo.code === 250 ? null : troubleOf(helo, 'rejected')
  }

  async #startTls(): Promise<Trouble | null> {
    if (!this.#features.startTls) {
      return this.#settings.security === 'starttls'
        ? { kind: 'tls', text: 'The mail server does not offer STARTTLS.' }
        : null
    }
    const ready = await this.#command('STARTTLS\r\n')
    if (ready.code !== 220) return troubleOf(ready, 'tls')
    const clear = this.#stopListening()
    // What arrived in the clear after STARTTLS could have been injected (RFC 3207 §6): it is thrown away.
    this.#reader = new ReplyReader()
    this.#arrived = []
    const secured = await secure(clear, this.#settings)
    if ('kind' in secured) return secured
    this.#socket = secured
    this.#stopListening = this.#listen(secured)
    return this.#hello()
  }

  async #signIn({ username, password }: { username: string; password: string }): Promise<Trouble | null> {
    if (!this.#secured() && this.#settings.security !== 'none' && !isLoopback(this.#settings.host)) {
      return {
        kind: 'tls',
        text: 'The mail server offers no TLS, and a password must not cross the network in the clear.',
      }
    }
    const methods = this.#features.authMethods
    if (methods.includes('PLAIN'))
      return this.#signedIn(await this.#command(`AUTH PLAIN ${base64(`\0${username}\0${password}`)}\r\n`))
    if (!methods.includes('LOGIN'))
      return {
        kind: 'auth',
        text: `The mail server takes neither AUTH PLAIN nor AUTH LOGIN${methods.length > 0 ? ` (only ${methods.join(', ')})` : ''}.`,
      }
    const asked = await this.#command('AUTH LOGIN\r\n')
    if (asked.code !== 334) return troubleOf(asked, 'auth')
    const named = await this.#command(`${base64(username)}\r\n`)
    return named.code === 334
      ? this.#signedIn(await this.#command(`${base64(password)}\r\n`))
      : troubleOf(named, 'auth')
  }

  #signedIn(reply: SmtpReply): Trouble | null {
    return reply.code === 235 ? null : troubleOf(reply, 'auth')
  }

  #secured(): boolean {
    return 'encrypted' in this.#socket && this.#socket.encrypted === true
  }

  #command(line: string): Promise<SmtpReply> {
    this.#write(line)
    return this.#reply(this.#settings.commandTimeoutMs)
  }

  #write(text: string): void {
    if (this.#endedBecause === null) this.#socket.write(text)
  }

  #reply(timeoutMs: number): Promise<SmtpReply> {
    const arrived = this.#arrived.shift()
    if (arrived) return Promise.resolve(arrived)
    if (this.#endedBecause !== null) return Promise.resolve(lost(this.#endedBecause))
    this.#answerDueAt = monotonicMs() + timeoutMs
    return new Promise((resolve) => (this.#wanted = resolve))
  }

  /** @returns what stops listening, for the moment at which TLS takes the socket over */
  #listen(socket: Socket): () => Socket {
    const onData = (bytes: Buffer): void => {
      const replies = this.#reader.read(bytes)
      if (!replies) return this.#destroy('the answer was not SMTP')
      for (const reply of replies) this.#arrive(reply)
    }
    const onError = (error: Error): void => this.#destroy(networkWords(error, this.#settings.host))
    const onClose = (): void => this.#destroy('the mail server closed the connection')
    socket.on('data', onData).on('error', onError).on('close', onClose)
    return () => socket.off('data', onData).off('error', onError).off('close', onClose)
  }

  #arrive(reply: SmtpReply): void {
    const wanted = this.#wanted
    if (!wanted) {
      this.#arrived.push(reply)
      return
    }
    this.#wanted = null
    this.#answerDueAt = Number.POSITIVE_INFINITY
    wanted(reply)
  }
}

/** Puts TLS on a connection, or says what is wrong; never throws. */
export function secure(socket: Socket, settings: SmtpSettings): Promise<Socket | Trouble> {
  return new Promise((resolve) => {
    const secured = connectTls({ socket, ...tlsOptions(settings) })
    const overdue = after(settings.connectTimeoutMs, () =>
      secured.destroy(new Error(`No secure connection to ${settings.host} could be agreed on.`)),
    )
    const onError = (error: Error): void => settle({ kind: 'tls', text: networkWords(error, settings.host) })
    const onClose = (): void =>
      settle({ kind: 'tls', text: 'The mail server closed the connection while TLS began.' })
    const onSecure = (): void => settle(secured)
    const settle = (result: Socket | Trouble): void => {
      overdue.stop()
      secured.off('close', onClose).off('secureConnect', onSecure)
      // The error listener stays when nobody else will listen: a late error must not end the process.
      if (result === secured) secured.off('error', onError)
      resolve(result)
    }
    secured.on('error', onError).on('close', onClose).on('secureConnect', onSecure)
  })
}

/** TLS as the settings want it; a name is checked against the certificate, never an address. */
function tlsOptions(settings: SmtpSettings): {
  servername?: string
  rejectUnauthorized: boolean
  minVersion: 'TLSv1.2'
} {
  const isAddress = /^[\d.]+$|:/.test(settings.host)
  // Opportunistic TLS without credentials protects against listeners only; an untrusted certificate is still better than none.
  const strict = settings.security !== 'opportunistic' || settings.credentials !== null
  return {
    ...(isAddress ? {} : { servername: settings.host }),
    rejectUnauthorized: strict && !settings.acceptsAnyCertificate,
    minVersion: 'TLSv1.2',
  }
}

const isTaken = (reply: SmtpReply | undefined): boolean =>
  reply?.code === 250 || reply?.code === 251 || reply?.code === 252

function outcomeOf(reply: SmtpReply): Handover {
  if (reply.code === 0) return { kind: 'unknown', text: reply.text }
  return reply.code >= 200 && reply.code < 300
    ? { kind: 'sent', reply: plain(reply) }
    : refusedBy(reply, 'content')
}

const refusedBy = (reply: SmtpReply, stage: RefusalStage): Handover => ({
  kind: 'refused',
  stage,
  reply: plain(reply),
})

const plain = ({
  code,
  enhanced,
  text,
}: SmtpReply): { code: number; enhanced: string | null; text: string } => ({ code, enhanced, text })

const troubleOf = (reply: SmtpReply, kind: Trouble['kind']): Trouble =>
  reply.code === 0
    ? { kind: 'unreachable', text: reply.text }
    : { kind, text: `${reply.code} ${reply.enhanced ?? ''} ${reply.text}`.replaceAll(/\s+/g, ' ').trim() }

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64')

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host.startsWith('127.')
