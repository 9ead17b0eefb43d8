/** Which account PostgreSQL runs as. It refuses root, so root hands it to the owner of the data, or to `nobody`. */
import { readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** A user and group of the system. */
export interface Account {
  uid: number
  gid: number
}

/** `nobody` on every Linux that lists no such name. */
const NOBODY: Account = { uid: 65_534, gid: 65_534 }

/**
 * The account to change to, null when we can stay who we are.
 *
 * @param clusterDir  an existing cluster decides by its owner; PostgreSQL accepts no other
 */
export function serverAccount(clusterDir: string): Account | null {
  if (process.getuid?.() !== 0) return null
  const owner = ownerOf(clusterDir)
  return owner && owner.uid !== 0 ? owner : nobody()
}

/** The name of an account for a sentence to a person. */
export function accountName(uid: number): string {
  return passwdEntries().find((entry) => entry.uid === uid)?.name ?? `uid ${uid}`
}

/** Who owns a path; null when it does not exist. */
export function ownerOf(path: string): Account | null {
  const found = statSync(path, { throwIfNoEntry: false })
  return found ? { uid: found.uid, gid: found.gid } : null
}

/** Whether `account` can read what lies in the folder `path`. */
export function canRead(account: Account, path: string): boolean {
  return permits(account, path, READ_AND_ENTER) && canEnter(account, path)
}

/** Whether `account` can get into the folder `path`: it and every folder above must let it pass. */
export function canEnter(account: Account, path: string): boolean {
  for (let folder = path; ; folder = dirname(folder)) {
    if (!permits(account, folder, ENTER)) return false
    if (folder === dirname(folder)) return true
  }
}

const ENTER = 0o1
const READ_AND_ENTER = 0o5

function permits(account: Account, path: string, bits: number): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) return false
  const shift = found.uid === account.uid ? 6 : found.gid === account.gid ? 3 : 0
  return ((found.mode >> shift) & bits) === bits
}

function nobody(): Account {
  const entry = passwdEntries().find((candidate) => candidate.name === 'nobody')
  return entry ? { uid: entry.uid, gid: entry.gid } : NOBODY
}

function passwdEntries(): { name: string; uid: number; gid: number }[] {
  try {
    return readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
  } catch {
    return [] // a container without the file: names are only for sentences
  }
}
