/* What the node that has a run and those that follow it from elsewhere agree on (DESIGN §8). */

/** Of one chunk, written at most once a second. */
export const CHUNK_BYTES = 256 * 1024
/** Further behind the run than that, the publisher leaves some out. */
export const BACKLOG_BYTES = 2 * CHUNK_BYTES
/** Of what was written, so much stays for those who come later. */
export const KEPT_BYTES = 8 * CHUNK_BYTES
/** Who follows says so for so long, */
export const FOLLOW_MS = 15_000
/** and says it again so often. */
export const RENEW_MS = 5_000
