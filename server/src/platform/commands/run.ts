/** Finds the command that was asked for and runs it; errors become a sentence and an exit status. */
import type { Environment } from '../config/index.ts'
import { print, say } from '../console.ts'
import { AppError } from '../errors.ts'

/** One command of the command line. */
export interface Command {
  /** How it is written, with its arguments. */
  usage: string
  summary: string
  /** @returns the exit status when it is not 0 */
  run(args: string[]): Promise<number | void>
}

const EXIT_USAGE = 2

/** The environment, which only the platform reads. */
export const environment = (): Environment => process.env

/** Runs the command that the arguments of this process name. */
export async function runCommand(commands: Readonly<Record<string, Command>>): Promise<void> {
  // `fanfare config | head` closes our output early; that is no failure of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(0)
  })
  const args = process.argv.slice(2)
  const [first = 'help', second = ''] = args
  if (first === 'help' || args.includes('--help')) return help(commands)
  const name = [`${first} ${second}`, first].find((candidate) => commands[candidate] !== undefined)
  const command = name === undefined ? undefined : commands[name]
  if (name === undefined || command === undefined) {
    say(`There is no command "${first}".`)
    help(commands)
    process.exitCode = EXIT_USAGE
    return
  }
  try {
    process.exitCode = (await command.run(args.slice(name.split(' ').length))) ?? 0
  } catch (error) {
    process.exitCode = failed(error, command)
  }
}

function failed(error: unknown, command: Command): number {
  if (error instanceof AppError) {
    say(error.message)
    return 1
  }
  if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) {
    say(`${error.message}. Usage: npm run fanfare -- ${command.usage}`)
    return EXIT_USAGE
  }
  throw error
}

function help(commands: Readonly<Record<string, Command>>): void {
  const width = Math.max(...Object.values(commands).map((command) => command.usage.length))
  print('Usage: npm run fanfare -- COMMAND\n')
  for (const { usage, summary } of Object.values(commands)) print(`  ${usage.padEnd(width)}  ${summary}`)
  print(
    '\nSettings come from the environment and from fanfare.config.json in the data directory: docs/operations/configuration.md',
  )
}
