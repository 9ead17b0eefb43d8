/**
 * What keeps a process small under load: 300 MB at most at any audience size (design §11). Measured peaks of a worker:
 * 250 MB while a million rows are imported; 245 MB with a campaign that goes nowhere, 235 by batches over an API, 204 by
 * a call each, 259 over SMTP (300,000 and 60,000 people). A process that truly needs more still gets it.
 */

/** MB of a half of the young generation, per process. */
const YOUNG_MB = { api: 32, worker: 16 } as const

/**
 * A young generation of some MB a half instead of what the machine has room for, and an old one that is swept when it has
 * grown by 60 % instead of doubled. Mails and rows of a file live for a second: with 8 MB a half many were copied before
 * they died (an import took 5 to 15 % more CPU of Node's, for 12 MB less memory); with 24 MB a worker that sends by
 * batches over an API held 340 MB. The API holds no mails, and events wait there for their transaction (an event took 43
 * to 47 µs with 32 MB, 48 to 49 with 16; it held 288 MB).
 */
export const smallHeap = (role: keyof typeof YOUNG_MB): string[] => [
  `--max-semi-space-size=${YOUNG_MB[role]}`,
  '--heap-growing-percent=60',
]

/** glibc gives buffers of more than 128 KiB back as they are freed, instead of keeping holes for the next ones. */
export const SMALL_MALLOC = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '1048576',
} as const
