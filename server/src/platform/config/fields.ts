/** Every setting there is: its name, what it does, what it takes. The operations page and `fanfare config` list these. */
import type { LogLevel } from '../log.ts'
import {
  emailAddress,
  hostPorts,
  networks,
  oneOf,
  plainText,
  url,
  webOrigin,
  wholeNumber,
  type ReadSetting,
} from './values.ts'

/** One setting. Its name in fanfare.config.json is the key it stands under. */
export interface Field<T> {
  /** Its name in the environment. */
  readonly env: string
  readonly description: string
  readonly read: ReadSetting<T>
  /** In force when nothing is given; null when that is a state of its own, or follows from others. */
  readonly fallback: T | null
  /** How the default reads to a person, when it is not just the value. */
  readonly fallbackText?: string
  /** Shown as set or not set only; of a URL, the password alone is hidden. */
  readonly isSecret?: true
}

/** The data directory unless another is given. */
export const DATA_DIR = './data'

const field = <T>(definition: Field<T>): Field<T> => definition

/** The settings, in the order in which people read them. */
export const FIELDS = {
  port: field({
    env: 'FANFARE_PORT',
    description: 'Port of the web application and the API.',
    read: wholeNumber(1, 65_535, 3000),
    fallback: 3000,
  }),
  host: field({
    env: 'FANFARE_HOST',
    description: 'Address to listen on.',
    read: plainText('0.0.0.0'),
    fallback: null,
    fallbackText: '127.0.0.1 until FANFARE_PUBLIC_URL names another host, then all addresses',
  }),
  dataDir: field({
    env: 'FANFARE_DATA_DIR',
    description: 'Folder of everything Fanfare keeps: database, uploads, installation key.',
    read: plainText('./data'),
    fallback: DATA_DIR,
  }),
  publicUrl: field({
    env: 'FANFARE_PUBLIC_URL',
    description: 'Address under which people reach Fanfare; links in mails begin with it.',
    read: webOrigin('https://marketing.example.com'),
    fallback: null,
    fallbackText: 'http://localhost: and the port',
  }),
  trackingUrl: field({
    env: 'FANFARE_TRACKING_URL',
    description: 'Address of tracked links, when it is another than the public one.',
    read: webOrigin('https://click.example.com'),
    fallback: null,
    fallbackText: 'FANFARE_PUBLIC_URL',
  }),
  databaseUrl: field({
    env: 'DATABASE_URL',
    description: 'A PostgreSQL 15 or newer to use in place of the embedded one.',
    read: url(['postgres', 'postgresql'], 'postgres://fanfare:secret@db.example.com/fanfare'),
    fallback: null,
    fallbackText: 'the embedded PostgreSQL in the data directory',
    isSecret: true,
  }),
  databasePoolSize: field({
    env: 'FANFARE_DATABASE_POOL_SIZE',
    description: 'Database connections of each process.',
    read: wholeNumber(3, 200, 12),
    fallback: 12,
  }),
  smtpUrl: field({
    env: 'SMTP_URL',
    description: 'The server that takes mail.',
    read: url(['smtp', 'smtps'], 'smtps://user:secret@smtp.example.com:465'),
    fallback: null,
    fallbackText: 'the built-in mailbox: mail stays here',
    isSecret: true,
  }),
  systemFrom: field({
    env: 'FANFARE_SYSTEM_FROM',
    description: 'Sender of invitations, resets and other notices of Fanfare itself.',
    read: plainText('Fanfare <fanfare@example.com>'),
    fallback: 'Fanfare <fanfare@localhost>',
  }),
  senders: field<'any' | 'proven'>({
    env: 'FANFARE_SENDERS',
    description:
      'Whose addresses may write over SMTP_URL: any, or only those in sending domains whose keys were seen in their DNS (proven), so that no organization writes in the name of another.',
    read: oneOf('any', 'proven'),
    fallback: 'any',
  }),
  role: field<'all' | 'api' | 'worker'>({
    env: 'FANFARE_ROLE',
    description:
      'What runs on this machine: the web server (api), the background work (worker), or both (all).',
    read: oneOf('all', 'api', 'worker'),
    fallback: 'all',
  }),
  workerSlots: field({
    env: 'FANFARE_WORKER_SLOTS',
    description: 'Pieces of background work done at the same time by one worker.',
    read: wholeNumber(1, 64, 3),
    fallback: 3,
  }),
  logLevel: field<LogLevel>({
    env: 'FANFARE_LOG_LEVEL',
    description: 'Least weight of a line that is logged: debug, info, warn, error or silent.',
    read: oneOf('debug', 'info', 'warn', 'error', 'silent'),
    fallback: null,
    fallbackText: 'info; warn when started in a terminal',
  }),
  trustedProxies: field({
    env: 'FANFARE_TRUSTED_PROXIES',
    description: 'Addresses or networks of proxies whose X-Forwarded-For is believed.',
    read: networks('127.0.0.1,10.0.0.0/8'),
    fallback: [],
    fallbackText: 'none',
  }),
  egressAllow: field({
    env: 'FANFARE_EGRESS_ALLOW',
    description:
      'Private hosts with ports that webhooks and providers may be called at, such as a gateway in your own network.',
    read: hostPorts('sms.internal:8080,127.0.0.1:4010'),
    fallback: [],
    fallbackText: 'none',
  }),
  key: field({
    env: 'FANFARE_KEY',
    description:
      'Installation key, 32 random bytes in base64 or hex. It opens every stored secret: keep a copy.',
    read: plainText('the output of: openssl rand -base64 32'),
    fallback: null,
    fallbackText: 'made once, in keys/master.key of the data directory',
    isSecret: true,
  }),
  keyFile: field({
    env: 'FANFARE_KEY_FILE',
    description: 'A file that holds the installation key, for systems that hand out secrets as files.',
    read: plainText('/run/secrets/fanfare_key'),
    fallback: null,
    fallbackText: 'not used',
  }),
  metricsToken: field({
    env: 'FANFARE_METRICS_TOKEN',
    description: 'Bearer token for /metrics. Without it, only this machine may read the figures.',
    read: plainText('a long random text'),
    fallback: null,
    fallbackText: 'not set',
    isSecret: true,
  }),
  rateLimitPerMinute: field({
    env: 'FANFARE_RATE_LIMIT_PER_MINUTE',
    description: 'Requests that one caller may make in a minute.',
    read: wholeNumber(1, 1_000_000, 600),
    fallback: 600,
  }),
  uploadMbMax: field({
    env: 'FANFARE_UPLOAD_MB_MAX',
    description: 'Largest file that may be uploaded, in MiB.',
    read: wholeNumber(1, 102_400, 1024),
    fallback: 1024,
  }),
  setupEmail: field({
    env: 'FANFARE_SETUP_EMAIL',
    description: 'Unattended first run: address of the owner.',
    read: emailAddress('owner@example.com'),
    fallback: null,
    fallbackText: 'set-up in the browser',
  }),
  setupPassword: field({
    env: 'FANFARE_SETUP_PASSWORD',
    description: 'Unattended first run: password of the owner.',
    read: plainText('a long sentence'),
    fallback: null,
    fallbackText: 'set-up in the browser',
    isSecret: true,
  }),
  setupOrganization: field({
    env: 'FANFARE_SETUP_ORGANIZATION',
    description: 'Unattended first run: name of the organization.',
    read: plainText('Example Shop'),
    fallback: null,
    fallbackText: 'set-up in the browser',
  }),
  mailboxPort: field({
    env: 'FANFARE_MAILBOX_PORT',
    description: 'Loopback port of the built-in mailbox, used while SMTP_URL is not set.',
    read: wholeNumber(1, 65_535, 2525),
    fallback: null,
    fallbackText: 'a free one, chosen at start',
  }),
  workerPort: field({
    env: 'FANFARE_WORKER_PORT',
    description: 'Loopback port on which the worker hands its figures to the web server.',
    read: wholeNumber(1, 65_535, 3001),
    fallback: null,
    fallbackText: 'a free one, chosen at start',
  }),
} as const

/** The name of a setting, as fanfare.config.json has it. */
export type FieldName = keyof typeof FIELDS

/** The type of a setting's value. */
export type ValueOf<N extends FieldName> = (typeof FIELDS)[N] extends Field<infer T> ? T : never

/** The settings in order, typed by name. */
export const FIELD_NAMES = Object.keys(FIELDS) as FieldName[] // the object's own keys, nothing else
