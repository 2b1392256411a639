/** One pool of connections. */
export interface PoolOptions {
  max: number
  timeoutSeconds: number
  /** Its sessions and transactions may stand still: they read, or hold what a migration needs. */
  mayStandStill?: boolean
  /** Its sessions refuse to write, where a server has such. */
  readOnly?: boolean
}

/** A transaction that hangs half way holds rows that others wait for: so long, then the server ends it. */
export const IDLE_IN_TRANSACTION_SECONDS = 60

/** A statement that is not answered for so much longer than it may take: the server, or the network, is gone. */
export const MARGIN_SECONDS = 2
