/**
 * Typed configuration, read once at start from the environment and from fanfare.config.json in the data directory.
 */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { AppError, type FieldProblem } from '../errors.ts'
import type { LogLevel } from '../log.ts'
import { FIELDS, FIELD_NAMES, type Field } from './fields.ts'
import { gatherSettings, type Environment, type Source, type Values } from './settings.ts'

export type { Environment } from './settings.ts'

/** Everything an operator can decide, as the code reads it. Frozen. */
export interface Config {
  readonly port: number
  /** Address to listen on. */
  readonly host: string
  /** Absolute. */
  readonly dataDir: string
  /** Null: the embedded PostgreSQL. */
  readonly databaseUrl: string | null
  readonly databasePoolSize: number
  readonly smtpUrl: string
  /** True when no SMTP server is configured: mail stays in the built-in mailbox. */
  readonly mailStaysHere: boolean
  /** Loopback port of the built-in mailbox; null while it is for the supervisor to choose. */
  readonly mailboxPort: number | null
  /** Loopback port of the worker's figures; null while it is for the supervisor to choose. */
  readonly workerPort: number | null
  readonly systemFrom: string
  /** Whose addresses may write over `smtpUrl`. */
  readonly senders: 'any' | 'proven'
  /** Origin without a slash at its end, like trackingUrl. */
  readonly publicUrl: string
  readonly trackingUrl: string
  readonly role: 'all' | 'api' | 'worker'
  /** The installation key as it was given; null: the one in the data directory. */
  readonly key: string | null
  readonly logLevel: LogLevel
  readonly trustedProxies: string[]
  /** Private hosts with ports that may be called all the same. */
  readonly egressAllow: readonly string[]
  readonly uploadBytesMax: number
  readonly rateLimitPerMinute: number
  readonly metricsToken: string | null
  readonly workerSlots: number
  /** The unattended first run; null: set-up in the browser. */
  readonly setup: { readonly email: string; readonly password: string; readonly organization: string } | null
}

/** One line of `fanfare config`. */
export interface DescribedSetting {
  /** Name in the environment. */
  readonly env: string
  /** Name in fanfare.config.json. */
  readonly name: string
  /** What is in force, secrets masked. */
  readonly value: string
  readonly source: Source
  readonly description: string
}

/** Before a port is chosen, a mailbox URL still has to be one; nothing listens there. */
const MAILBOX_PORT_UNKNOWN = 2525
/** The mailbox commits what arrives together: the more connections, the fewer commits. */
const MAILBOX_CONNECTIONS = 40
const mailboxUrl = (port: number | null): string =>
  `smtp://127.0.0.1:${port ?? MAILBOX_PORT_UNKNOWN}?connections=${MAILBOX_CONNECTIONS}`
const MEBIBYTE = 1024 * 1024

/**
 * Reads the configuration.
 * @throws platform.config_invalid with one line per wrong setting, naming it and the remedy
 */
export function loadConfig(env: Environment): Config {
  const { values, problems } = gatherSettings(env)
  const found = [...problems]
  const key = installationKey(values, found)
  const setup = unattendedSetup(values, found)
  found.push(...problemsOfSeveralMachines(values, key))
  if (found.length > 0) throw invalid(found)
  const port = required(values.port)
  const publicUrl = values.publicUrl ?? `http://localhost:${port}`
  return Object.freeze({
    port,
    host: values.host ?? (isLocal(publicUrl) ? '127.0.0.1' : '0.0.0.0'),
    dataDir: resolve(required(values.dataDir)),
    databaseUrl: values.databaseUrl,
    databasePoolSize: required(values.databasePoolSize),
    smtpUrl: values.smtpUrl ?? mailboxUrl(values.mailboxPort),
    mailStaysHere: values.smtpUrl === null,
    mailboxPort: values.mailboxPort,
    workerPort: values.workerPort,
    systemFrom: required(values.systemFrom),
    senders: required(values.senders),
    publicUrl,
    trackingUrl: values.trackingUrl ?? publicUrl,
    role: required(values.role),
    key,
    logLevel: values.logLevel ?? (process.stdout.isTTY ? 'warn' : 'info'),
    trustedProxies: [...required(values.trustedProxies)],
    egressAllow: required(values.egressAllow),
    uploadBytesMax: required(values.uploadMbMax) * MEBIBYTE,
    rateLimitPerMinute: required(values.rateLimitPerMinute),
    metricsToken: values.metricsToken,
    workerSlots: required(values.workerSlots),
    setup,
  })
}

/** What is in force and where it comes from, with secrets masked; wrong settings show the default that replaces them. */
export function describeConfig(env: Environment): DescribedSetting[] {
  const { values, sources } = gatherSettings(env)
  return FIELD_NAMES.map((name) => {
    const field: Field<unknown> = FIELDS[name]
    return {
      env: field.env,
      name,
      value: shown(field, values[name], sources[name]),
      source: sources[name],
      description: field.description,
    }
  })
}

/** The settings as the operations page lists them: one Markdown table row each. */
export function settingsTable(): string {
  const rows = FIELD_NAMES.map((name) => {
    const field: Field<unknown> = FIELDS[name]
    return `| \`${field.env}\` | \`${name}\` | ${field.description} | ${field.fallbackText ?? `\`${String(field.fallback)}\``} |`
  })
  return [
    '| Environment | In the file | What it does | Default |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n')
}

/** A URL with its password hidden. */
export function maskUrl(text: string): string {
  const url = new URL(text)
  if (url.password !== '') url.password = '***'
  return url.toString()
}

function shown(field: Field<unknown>, value: unknown, source: Source): string {
  if (source === 'default' && field.fallbackText !== undefined) return field.fallbackText
  if (!field.isSecret) return String(value)
  return URL.canParse(String(value)) ? maskUrl(String(value)) : '(set, hidden)'
}

function installationKey(values: Values, problems: FieldProblem[]): string | null {
  if (values.keyFile === null) return values.key
  if (values.key !== null) {
    problems.push({
      path: FIELDS.keyFile.env,
      message: 'FANFARE_KEY and FANFARE_KEY_FILE are both set: remove one.',
    })
    return null
  }
  try {
    return readFileSync(values.keyFile, 'utf8').trim()
  } catch {
    problems.push({
      path: FIELDS.keyFile.env,
      message: `FANFARE_KEY_FILE names ${values.keyFile}, which cannot be read: check that the file exists and that the user that runs Fanfare may read it.`,
    })
    return null
  }
}

/** A role alone shares with other machines what one machine would make for itself. */
function problemsOfSeveralMachines(values: Values, key: string | null): FieldProblem[] {
  if (values.role === 'all') return []
  const shared = [
    { field: FIELDS.databaseUrl, isGiven: values.databaseUrl !== null, what: 'one PostgreSQL' },
    { field: FIELDS.key, isGiven: key !== null, what: 'one installation key' },
    { field: FIELDS.smtpUrl, isGiven: values.smtpUrl !== null, what: 'one mail server' },
  ]
  return shared
    .filter(({ isGiven }) => !isGiven)
    .map(({ field, what }) => ({
      path: field.env,
      message: `FANFARE_ROLE is "${values.role}", but ${field.env} is not set: roles on several machines share ${what}. Set ${field.env}, or leave FANFARE_ROLE out.`,
    }))
}

function unattendedSetup(values: Values, problems: FieldProblem[]): Config['setup'] {
  const { setupEmail: email, setupPassword: password, setupOrganization: organization } = values
  if (email !== null && password !== null && organization !== null)
    return Object.freeze({ email, password, organization })
  for (const name of ['setupEmail', 'setupPassword', 'setupOrganization'] as const) {
    const isAlone = values[name] === null && (email ?? password ?? organization) !== null
    if (isAlone)
      problems.push({
        path: FIELDS[name].env,
        message: `${FIELDS[name].env} is missing: the unattended first run needs FANFARE_SETUP_EMAIL, FANFARE_SETUP_PASSWORD and FANFARE_SETUP_ORGANIZATION together.`,
      })
  }
  return null
}

function invalid(problems: readonly FieldProblem[]): AppError {
  const text = problems.map((problem) => problem.message).join('\n')
  return new AppError('platform.config_invalid', 503, text, { problems })
}

/** A setting that has a default is never null once no problem was found. */
function required<T>(value: T | null): T {
  if (value === null) throw new TypeError('a setting with a default has a value')
  return value
}

function isLocal(publicUrl: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(publicUrl).hostname)
}
