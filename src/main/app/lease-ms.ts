import type { Config } from '../config/load.ts'

/**
 * How long a lease lasts, milliseconds; a node whose heartbeat is older has stopped, hangs or is cut off, and its leases
 * have ended: it is Away.
 */
export const leaseMsOf = ({ cluster }: Pick<Config, 'cluster'>): number => cluster.leaseSeconds * 1000
