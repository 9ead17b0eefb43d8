import { execFile } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'

// The command line as an operator meets it: real processes on an embedded database of their own.

const CLI = fileURLToPath(new URL('../../cli.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'fanfare-commands-test-'))
// mkdtemp lets nobody else in; the folder above a data directory is an ordinary one.
chmodSync(folder, 0o755)
const dataDir = join(folder, 'data')
const backup = join(folder, 'backup.fanfare')

interface Answer {
  status: number
  output: string
  trouble: string
}

function fanfare(args: string[], env: Record<string, string> = {}): Promise<Answer> {
  const { DATABASE_URL: _external, ...inherited } = process.env
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [CLI, ...args],
      {
        env: {
          ...inherited,
          FANFARE_DATA_DIR: dataDir,
          NODE_COMPILE_CACHE: join(folder, 'compiled'),
          ...env,
        },
      },
      (error, output, trouble) =>
        resolve({ status: typeof error?.code === 'number' ? error.code : 0, output, trouble }),
    )
  })
}

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the command line', { timeout: 120_000 }, () => {
  test('explains itself, also to whoever mistypes', async () => {
    const mistyped = await fanfare(['bakcup'])
    expect(mistyped).toMatchObject({ status: 2, trouble: 'There is no command "bakcup".\n' })
    expect(mistyped.output).toBe((await fanfare(['help'])).output)
    for (const command of [
      'config',
      'setup',
      'migrate',
      'backup',
      'restore',
      'audit verify',
      'reset-password',
      'doctor',
    ])
      expect(mistyped.output).toContain(`  ${command}`)
  })

  test('shows the configuration in force without its secrets', async () => {
    const { output, status } = await fanfare(['config'], {
      SMTP_URL: 'smtp://user:hunter2@mail.example.com:587',
    })
    expect(status).toBe(0)
    expect(output).toMatch(/FANFARE_PORT\s+3000\s+\(default\)/)
    expect(output).toMatch(/SMTP_URL\s+smtp:\/\/user:\*\*\*@mail\.example\.com:587\s+\(environment\)/)
    expect(output).not.toContain('hunter2')
  })

  test('sets up without a browser, once', async () => {
    const setup = {
      FANFARE_SETUP_EMAIL: 'owner@example.com',
      FANFARE_SETUP_PASSWORD: 'four unrelated words here',
      FANFARE_SETUP_ORGANIZATION: 'Example Shop',
    }
    const first = await fanfare(['setup'], setup)
    expect(first).toMatchObject({ status: 0, trouble: '' })
    expect(first.output).toMatch(/^API key, shown this once: fan_live_\w+\n$/)
    expect((await fanfare(['setup'], setup)).output).toContain('already set up')
    expect(await fanfare(['setup'])).toMatchObject({ status: 1, output: '' })
  })

  test('finds everything well, down to the secrets', async () => {
    const { output, status } = await fanfare(['doctor'])
    const lines = output.trim().split('\n')
    expect(lines.filter((line) => !line.startsWith('ok') && !line.includes('Web application'))).toEqual([])
    expect(output).toContain('the installation key opens the keys of 1 organizations')
    expect(status).toBe(lines.some((line) => line.startsWith('PROBLEM')) ? 1 : 0)
  })

  test('says when the installation key is the wrong one', async () => {
    const { output, status } = await fanfare(['doctor'], {
      FANFARE_KEY: Buffer.alloc(32, 7).toString('base64'),
    })
    expect(status).toBe(1)
    expect(output).toMatch(/PROBLEM Secrets: .*cannot be read with the present key/)
  })

  test('CS-018.7 verifies the audit logs', async () => {
    const { output, status } = await fanfare(['audit', 'verify'])
    expect(status).toBe(0)
    expect(output).toContain('Every chain is intact.')
  })

  test('finds no profile that is other than log and ledger say', async () => {
    const { output, status } = await fanfare(['rebuild', 'profiles'])
    expect(output).toMatch(/^org_\w+: 0 contacts, 0 different\nEverything was right\.\n$/)
    expect(status).toBe(0)
    expect(await fanfare(['rebuild', 'profiles', '--organization', 'org_none'])).toMatchObject({ status: 1 })
  })

  test('backs up and restores, and says where the key is', async () => {
    const made = await fanfare(['backup', backup])
    expect(made.status).toBe(0)
    expect(made.trouble).toContain('The installation key is inside')
    expect(statSync(backup).mode & 0o077).toBe(0)
    const elsewhere = { FANFARE_DATA_DIR: join(folder, 'restored') }
    expect(await fanfare(['restore', backup], elsewhere)).toMatchObject({ status: 0, trouble: '' })
    expect((await fanfare(['doctor'], elsewhere)).output).toContain(
      'the installation key opens the keys of 1',
    )
    expect((await fanfare(['backup', backup, '--without-key'])).trouble).toContain('NOT inside')
  })

  test('gives a person a new password, and nobody else', async () => {
    expect((await fanfare(['reset-password', 'Owner@Example.com'])).output).toMatch(
      /shown this once: \S{20,}\n$/,
    )
    expect(await fanfare(['reset-password', 'stranger@example.com'])).toMatchObject({ status: 1, output: '' })
    expect(await fanfare(['reset-password'])).toMatchObject({
      status: 1,
      trouble: 'Usage: npm run fanfare -- reset-password ADDRESS\n',
    })
  })
})
