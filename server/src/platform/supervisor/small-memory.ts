/**
 * What keeps a process small under load: 300 MB at most at any audience size (design §11). Measured peaks of a worker:
 * 245 MB while 300,000 rows are imported; 244 to 256 MB with a campaign that goes nowhere, 260 to 300 by batches over an
 * API (120,000 to a million people), 247 by a call each, 262 over SMTP. A process that truly needs more still gets it.
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

/**
 * How glibc keeps memory, per process: buffers beyond `mmap` are mapped and given back one by one, others are kept until
 * `trim` of them lie free. Where mapping pages is dear, as on virtual machines, a worker that writes calls of a megabyte
 * spent a quarter of its time on it with the API's numbers; with these it holds some 15 MB more and takes 57 instead of
 * 80 µs a message (measured). The API has no such buffers and less room.
 */
const MALLOC_BYTES = {
  api: { mmap: 128 * 1024, trim: 1024 * 1024 },
  worker: { mmap: 4 * 1024 * 1024, trim: 4 * 1024 * 1024 },
} as const

/** Settings of glibc that keep freed buffers from leaving holes for ever. */
export const smallMalloc = (role: keyof typeof MALLOC_BYTES): Record<string, string> => ({
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: String(MALLOC_BYTES[role].mmap),
  MALLOC_TRIM_THRESHOLD_: String(MALLOC_BYTES[role].trim),
})
