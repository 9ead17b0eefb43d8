/**
 * How slow the machine is. Promises in seconds are made for a machine of our own: where processes queue for a processor that
 * others use, a limit is stretched by as much as they waited for every second they ran. A process that hangs neither
 * runs nor queues, and gains nothing by it.
 */
import { readFile } from 'node:fs/promises'

/** Time that the event loop of a process ran, and queued for a processor, in nanoseconds. */
export interface CpuTime {
  pid: number
  ran: number
  queued: number
}

/** Of a process; nothing where the system does not tell, or the process has ended. */
export async function cpuOf(pid: number): Promise<CpuTime> {
  const text = await readFile(`/proc/${pid}/schedstat`, 'utf8').catch(() => '')
  const [ran = 0, queued = 0] = text.split(' ').map(Number)
  return { pid, ran, queued }
}

/** By how much everything takes longer between two looks than on a quiet machine: 1 or more. */
export function stretchOf(before: readonly CpuTime[], after: readonly CpuTime[]): number {
  const known = new Map(before.map((time) => [time.pid, time]))
  let [ran, queued] = [0, 0]
  for (const time of after) {
    ran += Math.max(0, time.ran - (known.get(time.pid)?.ran ?? 0))
    queued += Math.max(0, time.queued - (known.get(time.pid)?.queued ?? 0))
  }
  return ran > 0 ? 1 + queued / ran : 1
}
