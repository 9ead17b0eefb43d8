/**
 * What keeps a process small under load: 300 MB at most at any audience size (design §11). Measured peaks of a worker:
 * 250 MB while a million rows are imported; 245 MB with a campaign that goes nowhere, 235 by batches over an API, 204 by
 * a call each, 259 over SMTP (300,000 and 60,000 people). A process that truly needs more still gets it.
 */

/**
 * A young generation of 16 MB a half instead of what the machine has room for, and an old one that is swept when it has
 * grown by 60 % instead of doubled. Mails and rows of a file live for a second: with 8 MB a half many were copied before
 * they died (an import took 5 to 15 % more CPU of Node's, for 12 MB less memory); with 24 MB batches over an API held
 * 340 MB.
 */
export const SMALL_HEAP = ['--max-semi-space-size=16', '--heap-growing-percent=60'] as const

/** glibc gives buffers of more than 128 KiB back as they are freed, instead of keeping holes for the next ones. */
export const SMALL_MALLOC = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '1048576',
} as const
