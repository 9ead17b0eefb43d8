/** Which process a pid means. Numbers are used again after a death or a reboot, so a pid is kept with its birth. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** One process, told apart from later ones with its number. */
export interface ProcessIdentity {
  readonly pid: number
  /** When the process began, as the system says it; the same for one process only. */
  readonly birth: string
}

/** The identity of a live process; null when there is none (a zombie is none). */
export function identify(pid: number): ProcessIdentity | null {
  const birth = birthOf(pid)
  return birth === null ? null : { pid, birth }
}

/** Whether the very process that was identified still lives. */
export function isSameProcess(known: ProcessIdentity): boolean {
  return birthOf(known.pid) === known.birth
}

function birthOf(pid: number): string | null {
  try {
    if (process.platform !== 'linux')
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in brackets may hold anything; the fields after it are fixed: state first, start time 20th.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z') return null
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot}/${fields[19] ?? ''}`
  } catch {
    return null
  }
}
