/** Limits of requests. Source: Segment's limits */

/** Largest body of a request, in bytes, as it comes and unpacked. */
export const BATCH_BYTES_MAX = 500_000
/** Most messages of a request. */
export const BATCH_MESSAGES_MAX = 5_000
