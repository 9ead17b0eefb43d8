/** Typed configuration, read once from the environment. */
import { resolve } from 'node:path'
import { z } from 'zod'
import { AppError } from '../errors.ts'
import type { LogLevel } from '../log.ts'

export interface Config {
  readonly port: number
  readonly dataDir: string
  readonly databaseUrl: string | null
  readonly databasePoolSize: number
  readonly smtpUrl: string
  /** True when no SMTP server is configured: mail stays in the built-in mailbox. */
  readonly mailStaysHere: boolean
  readonly systemFrom: string
  readonly publicUrl: string
  readonly trackingUrl: string
  readonly key: string | null
  readonly logLevel: LogLevel
  readonly trustedProxies: string[]
  readonly uploadBytesMax: number
  readonly rateLimitPerMinute: number
  readonly metricsToken: string | null
  readonly workerSlots: number
}

const schema = z.object({
  FANFARE_PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  FANFARE_DATA_DIR: z.string().default('./data'),
  FANFARE_MAILBOX_PORT: z.coerce.number().int().default(2525),
  DATABASE_URL: z.string().optional(),
  SMTP_URL: z.string().optional(),
  FANFARE_PUBLIC_URL: z.string().optional(),
  FANFARE_TRACKING_URL: z.string().optional(),
  FANFARE_KEY: z.string().optional(),
  FANFARE_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
})

export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const parsed = schema.safeParse(env)
  if (!parsed.success)
    throw new AppError(
      'platform.config_invalid',
      503,
      parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'),
    )
  const v = parsed.data
  const publicUrl = v.FANFARE_PUBLIC_URL ?? `http://localhost:${v.FANFARE_PORT}`
  return Object.freeze({
    port: v.FANFARE_PORT,
    dataDir: resolve(v.FANFARE_DATA_DIR),
    databaseUrl: v.DATABASE_URL ?? null,
    databasePoolSize: 12,
    smtpUrl: v.SMTP_URL ?? `smtp://127.0.0.1:${v.FANFARE_MAILBOX_PORT}`,
    mailStaysHere: v.SMTP_URL === undefined,
    systemFrom: 'Fanfare <fanfare@localhost>',
    publicUrl,
    trackingUrl: v.FANFARE_TRACKING_URL ?? publicUrl,
    key: v.FANFARE_KEY ?? null,
    logLevel: v.FANFARE_LOG_LEVEL,
    trustedProxies: [],
    uploadBytesMax: 1024 ** 3,
    rateLimitPerMinute: 600,
    metricsToken: null,
    workerSlots: 3,
  })
}
