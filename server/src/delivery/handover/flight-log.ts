/**
 * Which messages of an armed sub-batch were begun, and which were answered: a small file beside the database. A killed
 * process leaves its writes with the operating system, so the next worker on this machine knows of each message
 * whether it never left, was taken, or is truly unknown: the doubles of a kill shrink from a sub-batch to what was on
 * the wire. Not fsynced: after a restart of the machine the file is not believed, and all that was armed is unknown.
 */
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { nextTurn } from '../../platform/clock.ts'
import type { Ctx } from '../../platform/context.ts'
import { newUuid, type ContactId } from '../../platform/ids.ts'
import type { FlightWatch } from '../channels/transport.ts'

const RECORD_BYTES = 9
/** An id is a 64-bit number whose first bytes are zero: written as a bigint it cost as much as the rest of its record. */
const ID_BYTES = 6
const ID_ZEROS = 2
/** Answers that wait for the end of a turn to be written. */
const RECORDS_KEPT_MAX = 256
const BEGUN = 1
const TAKEN = 2
const NOT_TAKEN = 3
/** Written last, for nobody: whoever reads it reads all that the log will ever tell. */
const LANDED = 4

/** What a log says of a message; one that it does not name never left. */
export type FlightState = 'begun' | 'taken'

/** A log that is being written. */
export interface FlightLog {
  id: string
  /** What a transport is given to tell, for messages in the order of these contacts. */
  watch(contactIds: readonly ContactId[]): FlightWatch
  /** Nothing of it is under way any more: whoever reads it now reads all of it. */
  landed(): void
  /** The outcomes are recorded: the log has served. */
  close(): void
}

/** Opens a log before its sub-batch is armed. @returns null where none can be kept: then a crash leaves all unknown */
export function openFlightLog(ctx: Ctx): FlightLog | null {
  const boot = bootId()
  if (boot === null) return null
  const header = `${boot} ${hostname()} ${process.pid}\n`
  const id = newUuid(ctx.now())
  try {
    mkdirSync(folder(ctx), { recursive: true })
    const file = openSync(path(ctx, id), 'wx')
    writeSync(file, header)
    aloft.add(id)
    return logOn(ctx, id, file)
  } catch (error) {
    ctx.log.warn({ error }, 'no log of hand-overs can be kept')
    return null
  }
}

/**
 * Reads the log that a worker left when it died or lost its lease.
 * @returns `aloft` while a living worker may still hand over what it has in its hands: asked again later, its log tells
 *   all; null when there is none that can be believed
 */
export function readFlightLog(ctx: Ctx, id: string | null): Map<ContactId, FlightState> | 'aloft' | null {
  if (id === null) return null
  const states = new Map<ContactId, FlightState>()
  try {
    const bytes = readFileSync(path(ctx, id))
    const headerBytes = bytes.indexOf(LINE_END) + 1
    const isLanded = bytes.length > headerBytes && bytes.readUInt8(bytes.length - RECORD_BYTES) === LANDED
    const writer = writerOf(id, bytes.toString('latin1', 0, headerBytes).trim())
    if (writer === 'elsewhere') return null
    if (writer === 'alive' && !isLanded) return 'aloft'
    // A record that the kill cut off was not followed by its message.
    for (let at = headerBytes; at + RECORD_BYTES <= bytes.length; at += RECORD_BYTES) {
      const contactId = bytes.readBigUInt64BE(at + 1).toString() as ContactId // written below from one
      const kind = bytes.readUInt8(at)
      if (kind === NOT_TAKEN) states.delete(contactId)
      else if (kind !== LANDED) states.set(contactId, kind === TAKEN ? 'taken' : 'begun')
    }
    return states
  } catch {
    // Another machine's, or none was kept.
    return null
  }
}

/** So long after it began, a worker that lives and does not come to an end is waited for; then all is unknown. */
const PATIENCE_MS = 2 * 60_000
const LOOK_EVERY_MS = 2_000

/** Is a log that is still being written worth waiting for? */
export const isWaitedFor = (ctx: Ctx, begunAt: Date | null): boolean =>
  begunAt !== null && ctx.now().getTime() - begunAt.getTime() < PATIENCE_MS

/** When to look at it again. */
export const askAgainAt = (ctx: Ctx): Date => new Date(ctx.now().getTime() + LOOK_EVERY_MS)

/** Forgets a log that was read. */
export function removeFlightLog(ctx: Ctx, id: string | null): void {
  if (id !== null) rmSync(path(ctx, id), { force: true })
}

/** Logs that this process is writing at present. */
const aloft = new Set<string>()
const LINE_END = 0x0a

/** One that only slept longer than its lease may still hand over what it had in its hands. */
function writerOf(id: string, header: string): 'alive' | 'gone' | 'elsewhere' {
  const [boot, host, pid] = header.split(' ')
  if (boot !== bootId() || host !== hostname()) return 'elsewhere'
  const writes = Number(pid) === process.pid ? aloft.has(id) : isAlive(Number(pid))
  return writes ? 'alive' : 'gone'
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH')
  }
}

function logOn(ctx: Ctx, id: string, file: number): FlightLog {
  const records = Buffer.alloc(RECORD_BYTES * RECORDS_KEPT_MAX)
  let kept = 0
  let isBroken = false
  const note = (kind: number, contactId: ContactId | '0' | undefined): void => {
    if (contactId === undefined || isBroken || !aloft.has(id)) return
    const at = kept++ * RECORD_BYTES
    records.writeUInt8(kind, at)
    records.writeUIntBE(Number(contactId), at + 1 + ID_ZEROS, ID_BYTES)
    if (kept === RECORDS_KEPT_MAX) write()
  }
  const write = (): void => {
    if (kept === 0 || isBroken) return
    const bytes = records.subarray(0, kept * RECORD_BYTES)
    kept = 0
    try {
      writeSync(file, bytes)
    } catch (error) {
      // A full disk must not stop a hand-over. A log with a hole would lie, so there is none: after a crash all is unknown.
      isBroken = true
      removeFlightLog(ctx, id)
      ctx.log.warn({ error }, 'the log of hand-overs cannot be written')
    }
  }
  const landed = (): void => {
    if (!aloft.has(id)) return
    note(LANDED, '0')
    write()
    aloft.delete(id)
    closeSync(file)
  }
  return {
    id,
    watch: (contactIds) => ({
      begun: (indexes) => {
        for (const index of indexes) note(BEGUN, contactIds[index])
        write()
      },
      ended: (index, outcome) => {
        // What was answered is written with what begins next, or at the end of this turn: half as many calls of the system.
        if (kept === 0) void nextTurn().then(write)
        if (outcome.kind === 'sent') note(TAKEN, contactIds[index])
        else if (outcome.kind !== 'unknown') note(NOT_TAKEN, contactIds[index])
      },
    }),
    landed,
    close: () => {
      landed()
      removeFlightLog(ctx, id)
    },
  }
}

const folder = (ctx: Ctx): string => join(ctx.platform.config.dataDir, 'flights')
const path = (ctx: Ctx, id: string): string => join(folder(ctx), id)

/** Changes with every start of this machine; null where the system does not tell. */
function bootId(): string | null {
  try {
    boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
    return boot
  } catch {
    return null
  }
}
let boot: string | undefined
