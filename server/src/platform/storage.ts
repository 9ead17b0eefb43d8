/** Files of an organization, under the data directory. Names are made by us, never by a caller. */
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { assert } from './errors.ts'
import type { OrgId } from './ids.ts'

export interface Storage {
  /** Writes a stream whole, or leaves nothing. `name` like `imports/<id>.csv`. @returns its size in bytes */
  write(orgId: OrgId, name: string, content: Readable): Promise<number>
  read(orgId: OrgId, name: string, range?: { start?: number; end?: number }): Readable
  /** Size in bytes, null when there is no such file. */
  size(orgId: OrgId, name: string): Promise<number | null>
  remove(orgId: OrgId, name: string): Promise<void>
  /** The path on this machine, for libraries that want one. */
  path(orgId: OrgId, name: string): string
}

const NAME = /^[a-z0-9_-]+(\/[a-z0-9_.-]+)*$/i

/** Files on the local disk. */
export function createStorage(dataDir: string): Storage {
  const path = (orgId: OrgId, name: string): string => {
    assert(NAME.test(name) && !name.includes('..'), `a storage name is made of words: ${name}`)
    return join(dataDir, 'files', orgId, name)
  }
  return {
    path,
    write: async (orgId, name, content) => {
      const target = path(orgId, name)
      await mkdir(dirname(target), { recursive: true })
      try {
        await pipeline(content, createWriteStream(target, { mode: 0o600, flush: true }))
      } catch (error) {
        await rm(target, { force: true })
        throw error
      }
      return (await stat(target)).size
    },
    read: (orgId, name, range = {}) => createReadStream(path(orgId, name), range),
    size: (orgId, name) =>
      stat(path(orgId, name)).then(
        (found) => found.size,
        () => null,
      ),
    remove: (orgId, name) => rm(path(orgId, name), { force: true }),
  }
}
