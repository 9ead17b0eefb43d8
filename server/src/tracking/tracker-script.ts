/** The browser script as it is given out: without comments and indentation, packed once. */
import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'

const SOURCE = new URL('../../../tracker/tracker.js', import.meta.url)

/** The script, plain and packed. */
export interface TrackerScript {
  plain: Buffer
  packed: Buffer
}

let made: Promise<TrackerScript> | null = null

/** The script; read at its first use. */
export function trackerScript(): Promise<TrackerScript> {
  made ??= readFile(SOURCE, 'utf8').then((source) => {
    const plain = Buffer.from(withoutComments(source))
    return { plain, packed: gzipSync(plain, { level: 9 }) }
  })
  return made
}

/** Drops whole-line comments, types and indentation: our own file holds no text in which they would mean something. */
function withoutComments(source: string): string {
  return source
    .replaceAll(/\/\*\*.*?\*\/ ?/gs, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('//'))
    .join('\n')
}
