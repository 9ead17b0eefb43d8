/** The operator's commands: `npm run fanfare -- COMMAND`. */
import { generateKeyPairSync } from 'node:crypto'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { rebuildAnalytics, rebuildProfiles } from './analytics/index.ts'
import {
  backUp,
  doctor,
  migrateDatabase,
  restore,
  showConfig,
  verifyAuditLogs,
  withInstallation,
  withPlatform,
} from './platform/commands/index.ts'
import { environment, runCommand, type Command } from './platform/commands/run.ts'
import { loadConfig } from './platform/config/index.ts'
import { print } from './platform/console.ts'
import type { Ctx } from './platform/context.ts'
import { migrate } from './platform/db/index.ts'
import { AppError } from './platform/errors.ts'
import { toWire } from './platform/ids.ts'
import { setPasswordFor, setupFromEnvironment } from './team/index.ts'
import { faultPlan, simulate, SIMULATED, type SimulatedName } from './testing/simulators/index.ts'

const COMMANDS: Readonly<Record<string, Command>> = {
  config: {
    usage: 'config [--json]',
    summary: 'shows every setting in force and where it comes from, secrets masked',
    run: async (args) =>
      showConfig(
        environment(),
        parseArgs({ args, options: { json: { type: 'boolean' } } }).values.json ?? false,
      ),
  },
  setup: {
    usage: 'setup',
    summary: 'makes organization, owner and API key from FANFARE_SETUP_EMAIL, _PASSWORD and _ORGANIZATION',
    run: setUp,
  },
  migrate: {
    usage: 'migrate [--list]',
    summary: 'brings the database schema up to date; --list only says what is waiting',
    run: (args) =>
      migrateDatabase(
        environment(),
        parseArgs({ args, options: { list: { type: 'boolean' } } }).values.list ?? false,
      ),
  },
  backup: {
    usage: 'backup FILE [--without-key]',
    summary: 'writes database and files into one file, while Fanfare may go on running',
    run: async (args) => {
      const { values, positionals } = parseArgs({
        args,
        allowPositionals: true,
        options: { 'without-key': { type: 'boolean' } },
      })
      await backUp(environment(), only(positionals, 'backup FILE'), !values['without-key'])
    },
  },
  restore: {
    usage: 'restore FILE',
    summary: 'restores a backup into an empty data directory or database; Fanfare must be stopped',
    run: (args) =>
      restore(environment(), only(parseArgs({ args, allowPositionals: true }).positionals, 'restore FILE')),
  },
  'audit verify': {
    usage: 'audit verify',
    summary: 'checks that no entry of any audit log was changed, removed or inserted',
    run: async () => ((await verifyAuditLogs(environment())) ? undefined : 1),
  },
  'rebuild profiles': {
    usage: 'rebuild profiles [--organization ID]',
    summary: 'makes what contacts have become anew from log and ledger, and says what had been otherwise',
    run: rebuildAllProfiles,
  },
  'rebuild analytics': {
    usage: 'rebuild analytics [--organization ID]',
    summary:
      'counts campaigns, conversions and their credit anew from log and ledger, and says what had been otherwise',
    run: rebuildAllAnalytics,
  },
  'reset-password': {
    usage: 'reset-password ADDRESS',
    summary: 'gives a person a new password (printed once) and signs them out everywhere',
    run: resetPassword,
  },
  simulate: {
    usage: 'simulate NAME [--port N] [--ledger FILE] [--events URL] [--seed N] [--faults JSON]',
    summary: `runs a provider of your own machine that takes messages and sends none: ${Object.keys(SIMULATED).join(', ')}`,
    run: simulateProvider,
  },
  doctor: {
    usage: 'doctor',
    summary: 'checks disk, database, schema, secrets, audit logs, mail and web build',
    run: async () => ((await doctor(environment())) ? undefined : 1),
  },
}

await runCommand(COMMANDS)

async function setUp(): Promise<void> {
  if (loadConfig(environment()).setup === null)
    throw new AppError(
      'platform.setup_incomplete',
      400,
      'Set FANFARE_SETUP_EMAIL, FANFARE_SETUP_PASSWORD and FANFARE_SETUP_ORGANIZATION, then run this again.',
    )
  await withInstallation(environment(), async (installation) => {
    await migrate(installation.connection, installation.log)
    const apiKey = await withPlatform(installation, setupFromEnvironment)
    print(
      apiKey === null
        ? 'This installation is already set up; nothing was changed.'
        : `API key, shown this once: ${apiKey}`,
    )
  })
}

async function resetPassword(args: string[]): Promise<void> {
  const address = only(parseArgs({ args, allowPositionals: true }).positionals, 'reset-password ADDRESS')
  await withInstallation(environment(), (installation) =>
    withPlatform(installation, async (platform) => {
      print(`New password of ${address}, shown this once: ${await setPasswordFor(platform, address)}`)
    }),
  )
}

/** While everything else may go on running. @returns 1 when something had been otherwise; it is right by then */
function rebuildAllProfiles(args: string[]): Promise<number | undefined> {
  return rebuildOrganizations(args, async (ctx, id) => {
    const report = await rebuildProfiles(ctx)
    print(`${id}: ${report.contacts} contacts, ${report.different} different`)
    for (const { contactId, figure, stood, is } of report.differences)
      print(`  ${toWire('contact', contactId)} ${figure}: ${stood ?? 'nothing'} -> ${is ?? 'nothing'}`)
    return report.different
  })
}

/** The same of figures. @returns 1 when something had been otherwise */
function rebuildAllAnalytics(args: string[]): Promise<number | undefined> {
  return rebuildOrganizations(args, async (ctx, id) => {
    const { runs, different, sums, conversions } = await rebuildAnalytics(ctx)
    print(
      `${id}: ${runs} runs, ${different.length} figures, ${sums} sums of figures and ${conversions} conversions different`,
    )
    for (const { campaignId, channel, name, counted, actual } of different)
      print(`  ${toWire('campaign', campaignId)} ${channel} ${name}: ${counted} -> ${actual}`)
    return different.length + sums + conversions
  })
}

/** Rebuilds something of one organization, or of all. @param rebuild answers how much had been otherwise */
function rebuildOrganizations(
  args: string[],
  rebuild: (ctx: Ctx, id: string) => Promise<number>,
): Promise<number | undefined> {
  const { organization } = parseArgs({ args, options: { organization: { type: 'string' } } }).values
  return withInstallation(environment(), (installation) =>
    withPlatform(installation, async (platform) => {
      const all = await platform.organizations()
      const chosen =
        organization === undefined
          ? all
          : all.filter((orgId) => [orgId as string, toWire('organization', orgId)].includes(organization))
      if (organization !== undefined && chosen.length === 0)
        throw new AppError('platform.usage', 400, `There is no organization "${organization}".`)
      let different = 0
      for (const orgId of chosen)
        different += await rebuild(platform.systemCtx(orgId), toWire('organization', orgId))
      print(different === 0 ? 'Everything was right.' : 'What was different is right now.')
      return different === 0 ? undefined : 1
    }),
  )
}

/** Runs until it is interrupted. */
async function simulateProvider(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      port: { type: 'string' },
      ledger: { type: 'string' },
      events: { type: 'string' },
      seed: { type: 'string' },
      faults: { type: 'string' },
    },
  })
  const name = only(positionals, 'simulate NAME')
  if (!isSimulated(name))
    throw new AppError(
      'platform.usage',
      400,
      `There is no simulator "${name}". There are ${Object.keys(SIMULATED).join(', ')}.`,
    )
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const simulator = await simulate(name, {
    ...(values.port === undefined ? {} : { port: Number(values.port) }),
    ...(values.ledger === undefined ? {} : { ledgerPath: values.ledger }),
    ...(values.events === undefined ? {} : { eventsUrl: values.events }),
    ...(values.seed === undefined ? {} : { seed: Number(values.seed) }),
    faults: faultsFrom(values.faults ?? '{}'),
    secrets: { privateKeyPem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString() },
  })
  print(`${name} listens at ${simulator.url}; what it took: ${simulator.url}/simulator/ledger`)
  print(`API key: ${simulator.secrets.apiKey}   key of events: ${simulator.secrets.eventKey}`)
  print(`public key of events: ${publicKey.export({ format: 'der', type: 'spki' }).toString('base64')}`)
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
  await simulator.close()
}

/** @throws platform.usage  with what cannot be read */
function faultsFrom(text: string): z.output<typeof faultPlan> {
  const found = faultPlan.safeParse(parsedJson(text))
  if (found.success) return found.data
  throw new AppError(
    'platform.usage',
    400,
    `--faults cannot be read: ${z.prettifyError(found.error)}\nThere are ${Object.keys(faultPlan.shape).join(', ')}.`,
  )
}

/** Undefined when it is no JSON. */
function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isSimulated(name: string): name is SimulatedName {
  return name in SIMULATED
}

/** The one argument of a command. @throws platform.usage */
function only(positionals: readonly string[], usage: string): string {
  const [value, ...more] = positionals
  if (value !== undefined && more.length === 0) return value
  throw new AppError('platform.usage', 400, `Usage: npm run fanfare -- ${usage}`)
}
