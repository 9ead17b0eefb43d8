import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AppError } from '../errors.ts'
import { describeConfig, loadConfig, settingsTable } from './index.ts'
import { FIELDS, FIELD_NAMES } from './fields.ts'

let dataDir: string
beforeEach(() => void (dataDir = mkdtempSync(join(tmpdir(), 'fanfare-config-'))))
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

const load = (env: Record<string, string> = {}): ReturnType<typeof loadConfig> =>
  loadConfig({ FANFARE_DATA_DIR: dataDir, ...env })

const file = (content: unknown): void =>
  writeFileSync(
    join(dataDir, 'fanfare.config.json'),
    typeof content === 'string' ? content : JSON.stringify(content),
  )

function problemsOf(env: Record<string, string>): { path: string; message: string }[] {
  try {
    load(env)
  } catch (error) {
    if (error instanceof AppError) return [...error.problems]
    throw error
  }
  return []
}

describe('configuration', () => {
  test('needs nothing: every setting has a default that works on one machine', () => {
    const config = load()
    expect(config).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      databaseUrl: null,
      mailStaysHere: true,
      publicUrl: 'http://localhost:3000',
      trackingUrl: 'http://localhost:3000',
      role: 'all',
      setup: null,
    })
    expect(Object.isFrozen(config)).toBe(true)
  })

  test('listens to the outside only when a public address is named', () => {
    expect(load({ FANFARE_PUBLIC_URL: 'https://m.example.com' }).host).toBe('0.0.0.0')
    expect(load({ FANFARE_PUBLIC_URL: 'https://m.example.com', FANFARE_HOST: '127.0.0.1' }).host).toBe(
      '127.0.0.1',
    )
  })

  test('prefers the environment over the file and the file over the default', () => {
    file({ port: 4000, logLevel: 'warn', trustedProxies: ['10.0.0.0/8', '::1'] })
    const config = load({ FANFARE_PORT: '5000' })
    expect(config.port).toBe(5000)
    expect(config.logLevel).toBe('warn')
    expect(config.trustedProxies).toEqual(['10.0.0.0/8', '::1'])
  })

  test.each([
    ['FANFARE_PORT', 'abc', 'whole number from 1 to 65535'],
    ['FANFARE_PORT', '70000', 'whole number from 1 to 65535'],
    ['DATABASE_URL', 'mysql://x', 'postgres://'],
    ['SMTP_URL', 'mail.example.com', 'smtps://'],
    ['FANFARE_PUBLIC_URL', 'https://m.example.com/app', 'without a path'],
    ['FANFARE_PUBLIC_URL', 'm.example.com', 'https://'],
    ['FANFARE_LOG_LEVEL', 'loud', 'debug, info, warn, error, silent'],
    ['FANFARE_TRUSTED_PROXIES', '10.0.0.0/40', '"10.0.0.0/40"'],
    ['FANFARE_KEY_FILE', '/nonexistent/key', 'cannot be read'],
    ['FANFARE_ROLE', 'worker', 'Set DATABASE_URL'],
    ['FANFARE_ROLE', 'api', 'Set FANFARE_KEY'],
    ['FANFARE_ROLE', 'api', 'Set SMTP_URL'],
    ['FANFARE_SETUP_EMAIL', 'owner@example.com', 'FANFARE_SETUP_PASSWORD is missing'],
  ])('names %s=%s as wrong, with the remedy', (name, value, remedy) => {
    const problems = problemsOf({ [name]: value })
    expect(problems.length).toBeGreaterThan(0)
    expect(problems.map((problem) => problem.message).join('\n')).toContain(name)
    expect(problems.map((problem) => problem.message).join('\n')).toContain(remedy)
  })

  test('lists every wrong setting at once', () => {
    const paths = problemsOf({ FANFARE_PORT: 'x', SMTP_URL: 'y' }).map((problem) => problem.path)
    expect(paths).toEqual(['FANFARE_PORT', 'SMTP_URL'])
  })

  test.each([
    ['{ "port": 4000, }', 'not valid JSON'],
    ['[]', 'must hold one object'],
    ['{ "prot": 4000 }', '"prot", which is no setting'],
    ['{ "port": { "x": 1 } }', 'a text, a number or a list'],
  ])('names what is wrong in a file that holds %s', (content, remedy) => {
    file(content)
    expect(problemsOf({})[0]?.message).toContain(remedy)
  })

  test('never shows a secret, neither described nor in an error', () => {
    const env = {
      FANFARE_DATA_DIR: dataDir,
      DATABASE_URL: 'postgres://fanfare:hunter2@db.example.com/fanfare',
      SMTP_URL: 'smtp://user:hunter2@mail.example.com',
      FANFARE_KEY: 'hunter2-key',
      FANFARE_METRICS_TOKEN: 'hunter2-token',
      FANFARE_SETUP_PASSWORD: 'hunter2-password',
    }
    const described = describeConfig(env)
    expect(JSON.stringify(described)).not.toContain('hunter2')
    expect(described.find((setting) => setting.env === 'DATABASE_URL')?.value).toContain(
      'fanfare:***@db.example.com',
    )
    expect(JSON.stringify(problemsOf({ ...env, SMTP_URL: 'http://user:hunter2@mail' }))).not.toContain(
      'hunter2',
    )
  })

  test('says where each value comes from', () => {
    file({ port: 4000 })
    const sources = Object.fromEntries(
      describeConfig({ FANFARE_DATA_DIR: dataDir, FANFARE_LOG_LEVEL: 'warn' }).map((setting) => [
        setting.env,
        setting.source,
      ]),
    )
    expect(sources).toMatchObject({
      FANFARE_PORT: 'file',
      FANFARE_LOG_LEVEL: 'environment',
      SMTP_URL: 'default',
    })
  })

  test('is listed whole, one row per setting', () => {
    const rows = settingsTable().split('\n').slice(2)
    expect(rows.map((row) => /`(\w+)`/.exec(row)?.[1])).toEqual(FIELD_NAMES.map((name) => FIELDS[name].env))
  })
})
