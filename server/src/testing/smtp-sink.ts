/**
 * A fast SMTP server that keeps its own ledger: what it says it received is the truth that our tables are compared
 * with. An accepted message is on disk before its 250 leaves. Runs inside a test or as a process of its own:
 * `node server/src/testing/smtp-sink.ts --ledger FILE [--port N] [--mails FILE]`, which prints `listening PORT`.
 *
 * A recipient's local part may script a fault, so that a test needs no side channel:
 * `refuse-550-5.1.1.anything@…` answers RCPT so; `after-452-4.3.1.x@…` answers the final dot so; `drop-before.x@…`
 * closes instead of answering RCPT; `drop-after.x@…` accepts, writes its ledger, and closes instead of answering;
 * `soft-once-451-4.7.1.x@…` refuses the first time only.
 */
import { hash } from 'node:crypto'
import { closeSync, fdatasync, openSync, writeSync } from 'node:fs'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'

/** One line of the ledger, tab-separated: message id, recipient, return path, bytes, SHA-256 of the mail, instant. */
export interface SinkEntry {
  messageId: string
  to: string
  from: string
  bytes: number
  sha256: string
  /** When it was accepted, by the sink's clock. */
  at: string
}

export interface SmtpSinkOptions {
  /** Where accepted messages are noted; without it nothing is written. */
  ledgerPath?: string
  /** Where whole mails are appended, each preceded by a line `#bytes recipient`. */
  mailsPath?: string
  port?: number
  /** Closes each connection after this many messages, as some receivers do. */
  messagesPerConnectionMax?: number
  /** Waits this long before it answers the final dot. */
  answerDelayMs?: number
  /** Called with each accepted mail. */
  onMail?: (entry: SinkEntry, mail: Buffer) => void
  /** The time that the ledger notes; the system's unless said otherwise. */
  now?: () => Date
}

export interface SmtpSink {
  port: number
  /** Messages accepted so far. */
  accepted(): number
  /** Changes how long it waits before it answers. */
  setAnswerDelayMs(ms: number): void
  /** Largest number of connections that were open at once. */
  connectionsMost(): number
  close(): Promise<void>
}

/** Starts a sink on 127.0.0.1. */
export async function startSmtpSink(options: SmtpSinkOptions = {}): Promise<SmtpSink> {
  const ledger = new Ledger(options)
  const settings = { ...options }
  const sockets = new Set<Socket>()
  let most = 0
  const server: Server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    most = Math.max(most, sockets.size)
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy())
    Conversation.begin(socket, ledger, settings)
  })
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port, // listening on TCP
    accepted: () => ledger.accepted,
    setAnswerDelayMs: (ms) => void (settings.answerDelayMs = ms),
    connectionsMost: () => most,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
      await ledger.close()
    },
  }
}

/** Writes what was accepted in groups, and answers a group once it is on disk. */
class Ledger {
  accepted = 0
  readonly #file: number | null
  readonly #mails: number | null
  readonly #onMail: SmtpSinkOptions['onMail']
  readonly #now: () => Date
  #lines = ''
  #waiting: (() => void)[] = []
  #isWriting = false

  constructor(options: SmtpSinkOptions) {
    this.#file = options.ledgerPath === undefined ? null : openSync(options.ledgerPath, 'a')
    this.#mails = options.mailsPath === undefined ? null : openSync(options.mailsPath, 'a')
    this.#onMail = options.onMail
    this.#now = options.now ?? (() => new Date())
  }

  note(from: string, to: string, mail: Buffer, durable: () => void): void {
    this.accepted += 1
    const entry: SinkEntry = {
      messageId: messageIdOf(mail),
      to,
      from,
      bytes: mail.length,
      sha256: this.#file === null ? '' : hash('sha256', mail),
      at: this.#now().toISOString(),
    }
    this.#onMail?.(entry, mail)
    if (this.#mails !== null)
      writeSync(this.#mails, Buffer.concat([Buffer.from(`#${mail.length} ${to}\n`), mail]))
    if (this.#file === null) return durable()
    this.#lines += `${entry.messageId}\t${to}\t${from}\t${entry.bytes}\t${entry.sha256}\t${entry.at}\n`
    this.#waiting.push(durable)
    if (!this.#isWriting) this.#write(this.#file)
  }

  #write(file: number): void {
    const waiting = this.#waiting
    writeSync(file, this.#lines)
    this.#waiting = []
    this.#lines = ''
    this.#isWriting = true
    fdatasync(file, () => {
      for (const durable of waiting) durable()
      this.#isWriting = false
      if (this.#waiting.length > 0) this.#write(file)
    })
  }

  async close(): Promise<void> {
    while (this.#isWriting) await new Promise((resolve) => setTimeout(resolve, 1))
    if (this.#file !== null) closeSync(this.#file)
    if (this.#mails !== null) closeSync(this.#mails)
  }
}

const END = Buffer.from('\r\n.\r\n')
const FAULT = /^(refuse|after|soft-once)-(\d{3})-(\d\.\d{1,3}\.\d{1,3})/

/** One connection. Reads whole pipelined groups and answers each with one write. */
class Conversation {
  static readonly refusedOnce = new Set<string>()
  readonly #socket: Socket
  readonly #ledger: Ledger
  readonly #options: SmtpSinkOptions
  #buffer: Buffer = Buffer.alloc(0)
  #searchedTo = 0
  #isInData = false
  #from: string | null = null
  #to: string | null = null
  #messages = 0
  #answers = ''
  #isBusy = false

  /** Listens for as long as the socket is open. */
  static begin(socket: Socket, ledger: Ledger, options: SmtpSinkOptions): Conversation {
    return new Conversation(socket, ledger, options)
  }

  constructor(socket: Socket, ledger: Ledger, options: SmtpSinkOptions) {
    this.#socket = socket
    this.#ledger = ledger
    this.#options = options
    socket.write('220 sink ESMTP\r\n')
    socket.on('data', (bytes: Buffer) => {
      this.#buffer = this.#buffer.length === 0 ? bytes : Buffer.concat([this.#buffer, bytes])
      this.#advance()
    })
  }

  #advance(): void {
    while (!this.#isBusy && !this.#socket.destroyed) {
      if (this.#isInData ? !this.#takeMail() : !this.#takeLine()) break
    }
    if (this.#answers !== '' && !this.#socket.destroyed) this.#socket.write(this.#answers)
    this.#answers = ''
  }

  #takeLine(): boolean {
    const end = this.#buffer.indexOf('\r\n')
    if (end === -1) return false
    const line = this.#buffer.toString('latin1', 0, end)
    this.#buffer = this.#buffer.subarray(end + 2)
    this.#command(line)
    return true
  }

  #command(line: string): void {
    const word = line.slice(0, 4).toUpperCase()
    if (word === 'EHLO')
      this.#answers += '250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 20000000\r\n'
    else if (word === 'MAIL') this.#mail(line)
    else if (word === 'RCPT') this.#rcpt(line)
    else if (word === 'DATA') this.#data()
    else if (word === 'RSET') this.#reset('250 2.0.0 ok\r\n')
    else if (word === 'QUIT') this.#socket.end('221 2.0.0 bye\r\n')
    else this.#answers += word === 'NOOP' ? '250 2.0.0 ok\r\n' : '502 5.5.1 unknown command\r\n'
  }

  #mail(line: string): void {
    if (this.#from !== null) {
      this.#answers += '503 5.5.1 nested MAIL\r\n'
      return
    }
    this.#from = between(line)
    this.#answers += '250 2.1.0 ok\r\n'
  }

  #rcpt(line: string): void {
    const to = between(line)
    const fault = FAULT.exec(to)
    if (to.startsWith('drop-before')) this.#drop()
    else if (fault?.[1] === 'refuse') this.#answers += `${fault[2]} ${fault[3]} scripted refusal\r\n`
    else if (fault?.[1] === 'soft-once' && !Conversation.refusedOnce.has(to)) {
      Conversation.refusedOnce.add(to)
      this.#answers += `${fault[2]} ${fault[3]} not this time\r\n`
    } else {
      this.#to = to
      this.#answers += '250 2.1.5 ok\r\n'
    }
  }

  /** What was answered before belongs to other messages and still leaves. */
  #drop(): void {
    this.#socket.write(this.#answers)
    this.#answers = ''
    this.#socket.destroySoon()
    this.#isBusy = true
  }

  #data(): void {
    this.#isInData = this.#to !== null
    this.#answers += this.#to === null ? '503 5.5.1 no valid recipients\r\n' : '354 go on\r\n'
  }

  #takeMail(): boolean {
    const end = this.#buffer.indexOf(END, Math.max(0, this.#searchedTo - END.length))
    if (end === -1) {
      this.#searchedTo = this.#buffer.length
      return false
    }
    const mail = unstuffed(this.#buffer.subarray(0, end + 2))
    this.#buffer = this.#buffer.subarray(end + END.length)
    this.#searchedTo = 0
    this.#isInData = false
    this.#accept(this.#from ?? '', this.#to ?? '', mail)
    return true
  }

  #accept(from: string, to: string, mail: Buffer): void {
    const fault = FAULT.exec(to)
    if (fault?.[1] === 'after') return this.#reset(`${fault[2]} ${fault[3]} scripted refusal\r\n`)
    // What was answered so far must not wait for the disk.
    if (this.#answers !== '') this.#socket.write(this.#answers)
    this.#answers = ''
    this.#isBusy = true
    this.#ledger.note(from, to, mail, () => {
      if (to.startsWith('drop-after')) this.#socket.destroy()
      else if (this.#options.answerDelayMs === undefined) this.#accepted()
      else setTimeout(() => this.#accepted(), this.#options.answerDelayMs)
    })
  }

  #accepted(): void {
    this.#isBusy = false
    this.#messages += 1
    this.#reset('250 2.0.0 accepted\r\n')
    if (this.#messages === this.#options.messagesPerConnectionMax) this.#socket.end(this.#answers)
    else if (this.#buffer.length > 0) this.#advance()
    else if (!this.#socket.destroyed) {
      this.#socket.write(this.#answers)
      this.#answers = ''
    }
  }

  #reset(answer: string): void {
    this.#from = null
    this.#to = null
    this.#answers += answer
  }
}

const between = (line: string): string => line.slice(line.indexOf('<') + 1, line.indexOf('>'))

function messageIdOf(mail: Buffer): string {
  const at = mail.indexOf('\r\nMessage-ID:')
  return at === -1 ? '' : (/<([^>]*)>/.exec(mail.toString('latin1', at, at + 400))?.[1] ?? '')
}

function unstuffed(mail: Buffer): Buffer {
  if (mail[0] !== 0x2e && mail.indexOf('\r\n.') === -1) return mail
  return Buffer.from(mail.toString('latin1').replaceAll(/(^|\r\n)\./g, '$1'), 'latin1')
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { ledger: { type: 'string' }, mails: { type: 'string' }, port: { type: 'string' } },
  })
  const sink = await startSmtpSink({
    ...(values.ledger === undefined ? {} : { ledgerPath: values.ledger }),
    ...(values.mails === undefined ? {} : { mailsPath: values.mails }),
    port: Number(values.port ?? 0),
  })
  process.stdout.write(`listening ${sink.port}\n`)
  process.on('SIGTERM', () => void sink.close().then(() => process.exit(0)))
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await main()
