/** The settings PostgreSQL is started with, given on its command line, so that no file must be kept in step. */
import { totalmem } from 'node:os'

const MEBIBYTE = 1024 * 1024

/**
 * Settings for durable service.
 *
 * WAL is bounded to 2 GB between checkpoints: recovery after a crash measured 7 s, against 46 s with 8 GB.
 * Source: engine measurements in docs/decisions
 */
export function serviceSettings(socketDir: string): string[] {
  const memoryMb = memoryBytes() / MEBIBYTE
  return asArguments({
    ...commonSettings(socketDir),
    shared_buffers: `${clamp(memoryMb / 4, 128, 4_096)}MB`,
    effective_cache_size: `${clamp(memoryMb / 2, 256, 65_536)}MB`,
    work_mem: `${clamp(memoryMb / 256, 8, 64)}MB`,
    maintenance_work_mem: `${clamp(memoryMb / 32, 64, 512)}MB`,
    fsync: 'on',
    synchronous_commit: 'on',
    max_wal_size: '2GB',
    min_wal_size: '256MB',
    checkpoint_timeout: '5min',
    wal_compression: 'pglz',
    max_connections: '100',
  })
}

/** Settings for tests: nothing survives a power cut, which is what makes them fast. Never for service. */
export function temporarySettings(socketDir: string): string[] {
  return asArguments({
    ...commonSettings(socketDir),
    shared_buffers: '256MB',
    work_mem: '16MB',
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    wal_level: 'minimal',
    max_wal_senders: '0',
    max_wal_size: '1GB',
    max_connections: '200',
  })
}

function commonSettings(socketDir: string): Record<string, string> {
  return {
    listen_addresses: '',
    unix_socket_directories: socketDir,
    unix_socket_permissions: '0700',
    timezone: 'UTC',
    log_timezone: 'UTC',
    random_page_cost: '1.1',
    autovacuum_naptime: '15s',
    jit: 'off',
    // No statements, values or row contents in the log: they name people.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
  }
}

/** What this process may use: a container's limit where there is one. */
function memoryBytes(): number {
  const limit = process.constrainedMemory()
  return limit > 0 && limit < totalmem() ? limit : totalmem()
}

const clamp = (value: number, least: number, most: number): number =>
  Math.round(Math.min(most, Math.max(least, value)))

const asArguments = (settings: Record<string, string>): string[] =>
  Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
