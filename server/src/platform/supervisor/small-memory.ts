/**
 * What keeps a process small under load. Measured with 18,000 mails by batches over an API, the most memory held: 322 MB
 * without any of it, 241 MB with all; what CPU time a mail took differed by less than the noise of a busy machine. Over
 * SMTP 271 MB with all and 284 to 335 MB with the small young generation alone, one run each; without any of it was not
 * measured there. A process that truly needs more still gets it.
 */

/**
 * A young generation of 8 MB a half instead of what the machine has room for, and an old one that is swept when it has
 * grown by 60 % instead of doubled.
 */
export const SMALL_HEAP = ['--max-semi-space-size=8', '--heap-growing-percent=60'] as const

/** glibc gives buffers of more than 128 KiB back as they are freed, instead of keeping holes for the next ones. */
export const SMALL_MALLOC = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '1048576',
} as const
