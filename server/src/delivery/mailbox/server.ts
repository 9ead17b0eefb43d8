/**
 * The built-in mailbox: a real SMTP server on this machine only, used while no mail server is configured. What it
 * accepts is committed before its 250, in groups. A mail belongs to the organization that our signed Message-ID names,
 * or, for single mails of the product (tests, notices), that our header names; nobody beyond this machine can connect.
 */
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import type { OrgId } from '../../platform/ids.ts'
import { SYSTEM_ORG } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { readToken } from '../../tracking/index.ts'
import { insertMails, type NewMail } from './queries.ts'
import { readHeaders } from './read-mail.ts'

/** Largest mail that is taken, in bytes. */
const MAIL_BYTES_MAX = 25 * 1024 * 1024
/** Mails of one commit, and connections at once. */
const GROUP_MAX = 500
const CONNECTIONS_MAX = 200
/** Idle connections are kept open by their clients: a stop does not wait for them. */
const CLOSE_TIMEOUT_MS = 500
const HOST = '127.0.0.1'

export interface Mailbox {
  port: number
  close(): Promise<void>
}

/**
 * Starts the mailbox.
 * @returns null when another process of this installation already holds the port
 */
export function startMailbox(platform: Platform, port: number): Promise<Mailbox | null> {
  const store = createStore(platform)
  const server = new SMTPServer({
    name: 'fanfare.localhost',
    banner: 'Fanfare mailbox: mail stays here',
    authOptional: true,
    hideSTARTTLS: true,
    disableReverseLookup: true,
    logger: false,
    size: MAIL_BYTES_MAX,
    maxClients: CONNECTIONS_MAX,
    closeTimeout: CLOSE_TIMEOUT_MS,
    onAuth: (_auth, _session, callback) => callback(null, { user: 'local' }),
    onData: (stream, session, callback) => {
      const answer = async (): Promise<void> => callback(await keep(platform, store, stream, session))
      void answer()
    },
  })
  return new Promise((resolve, reject) => {
    server.on('error', (error: Error & { code?: string }) => {
      if (error.code === 'EADDRINUSE') resolve(null)
      else if (server.server.listening)
        platform.log.debug({ error }, 'a connection to the mailbox ended in an error')
      else reject(error)
    })
    server.listen(port, HOST, () => {
      const address = server.server.address()
      resolve({
        port: typeof address === 'object' && address !== null ? address.port : port,
        close: () => new Promise((closed) => server.close(() => closed())),
      })
    })
  })
}

/** Reads and stores one mail. @returns what is answered instead of a yes */
async function keep(
  platform: Platform,
  store: Store,
  stream: SMTPServerDataStream,
  session: SMTPServerSession,
): Promise<Error | null> {
  try {
    await store(await receive(platform, session, await readAll(stream)))
    return null
  } catch (error) {
    platform.log.error({ error }, 'the mailbox could not store a mail')
    const isTooLarge = stream.sizeExceeded
    const text = isTooLarge ? 'The mail is too large.' : 'The mailbox could not store the mail; try again.'
    return Object.assign(new Error(text), { responseCode: isTooLarge ? 552 : 451 })
  }
}

interface Received {
  orgId: OrgId
  mail: NewMail
}

async function readAll(stream: SMTPServerDataStream): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of stream) pieces.push(piece as Buffer) // the stream is not in object mode
  if (stream.sizeExceeded) throw new Error('the mail is larger than the mailbox takes')
  return Buffer.concat(pieces)
}

/** One row per recipient: ours is always one, other programs may name several. */
async function receive(platform: Platform, session: SMTPServerSession, source: Buffer): Promise<Received[]> {
  const head = readHeaders(source)
  const header = (name: string): string | undefined =>
    head.headers.find((field) => field.name.toLowerCase() === name)?.value
  const token = await readToken(platform, head.messageId.split('@', 1).join(''), 'message')
  const named = header('x-fanfare-organization')
  const orgId = token?.message.orgId ?? (await ownerOf(platform, named))
  return session.envelope.rcptTo.map(({ address }) => ({
    orgId,
    mail: {
      sender: head.from,
      recipient: address.toLowerCase(),
      subject: head.subject,
      messageId: head.messageId,
      runId: token?.message.runId ?? null,
      contactId: token?.message.contactId ?? null,
      isNotice: token === null && header('x-fanfare-test') === undefined,
      source,
    },
  }))
}

/** Whose a mail without a token is. When it says nothing and there are several organizations, it is nobody's to read. */
async function ownerOf(platform: Platform, named: string | undefined): Promise<OrgId> {
  const organizations = await platform.organizations()
  const only = organizations.length === 1 ? organizations[0] : undefined
  return organizations.find((orgId) => orgId === named) ?? only ?? SYSTEM_ORG
}

/** Resolves once the mails are on disk. */
type Store = (mails: readonly Received[]) => Promise<void>

/** Commits what arrives in groups, one statement per organization; each caller waits for its own. */
function createStore(platform: Platform): Store {
  interface Waiting {
    received: Received
    done: PromiseWithResolvers<void>
  }
  let waiting: Waiting[] = []
  let isWriting = false
  const write = async (): Promise<void> => {
    isWriting = true
    while (waiting.length > 0) {
      const group = waiting.slice(0, GROUP_MAX)
      waiting = waiting.slice(GROUP_MAX)
      for (const [orgId, mine] of Map.groupBy(group, ({ received }) => received.orgId)) {
        await insertMails(
          platform.systemCtx(orgId),
          mine.map(({ received }) => received.mail),
        ).then(
          () => mine.forEach(({ done }) => done.resolve()),
          (error: unknown) => mine.forEach(({ done }) => done.reject(error)),
        )
        platform.hub.publish(orgId, 'mailbox', {})
      }
    }
    isWriting = false
  }
  return async (mails) => {
    const mine = mails.map((received): Waiting => ({ received, done: Promise.withResolvers() }))
    waiting.push(...mine)
    if (!isWriting) void write()
    await Promise.all(mine.map(({ done }) => done.promise))
  }
}
