/** What PostgreSQL says when it cannot start, in one sentence with the remedy. */
import { AppError } from '../errors.ts'

interface Explanation {
  pattern: RegExp
  sentence: (match: RegExpMatchArray, place: string) => string
}

const EXPLANATIONS: readonly Explanation[] = [
  {
    pattern: /No space left on device|Disk quota exceeded/,
    sentence: (_match, place) => `The disk that holds ${place} is full. Free some space and start again.`,
  },
  {
    pattern: /Read-only file system/,
    sentence: (_match, place) => `${place} lies on a read-only disk. Choose another FANFARE_DATA_DIR.`,
  },
  {
    pattern: /cannot open shared object file|error while loading shared libraries: (\S+)/,
    sentence: () =>
      `PostgreSQL's programs are incomplete or this system is too old for them (glibc 2.27 is needed). Remove node_modules and start again, or name a PostgreSQL in DATABASE_URL.`,
  },
  {
    pattern: /could not create shared memory segment|Cannot allocate memory|could not map anonymous shared/,
    sentence: () =>
      'There is not enough memory for PostgreSQL. Free some, or name a PostgreSQL in DATABASE_URL.',
  },
  {
    pattern: /wrong ownership|Permission denied|Operation not permitted/,
    sentence: (_match, place) =>
      `PostgreSQL may not use ${place}. Give the folder to the user that runs Fanfare: chown -R $(id -un) ${place}`,
  },
  {
    pattern: /(?:FATAL|PANIC|error):\s+(.+)/,
    sentence: (match, place) => `PostgreSQL does not start on ${place}: ${match[1]}`,
  },
]

/** A failure that goes away by itself within seconds: the traces of a server that was killed. */
export function isPassing(output: string): boolean {
  return /lock file ".*" already exists|pre-existing shared memory block/.test(output)
}

/** @param output  what the program wrote; `place` the folder it works on */
export function startFailure(output: string, place: string): AppError {
  for (const { pattern, sentence } of EXPLANATIONS) {
    const match = pattern.exec(output)
    if (match)
      return new AppError('platform.postgres_failed', 503, sentence(match, place), { detail: { output } })
  }
  return new AppError(
    'platform.postgres_failed',
    503,
    `PostgreSQL does not start on ${place}. Its own words are in the log beside it.`,
    { detail: { output } },
  )
}
