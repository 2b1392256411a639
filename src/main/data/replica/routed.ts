import type { OpenDatabase } from '../db.ts'

/**
 * The database as use cases see it: the cluster's, or, while that is away, this node's replica of it. Asked anew for
 * each statement, so that whoever holds it needs to know nothing of the change.
 */
export const routedDatabase = (
  centre: OpenDatabase,
  replica: OpenDatabase,
  isOffline: () => boolean,
): OpenDatabase => {
  const chosen = (): OpenDatabase => (isOffline() ? replica : centre)
  return {
    ...centre,
    get read() {
      return chosen().read
    },
    get look() {
      return chosen().look
    },
    write: (context, work) => chosen().write(context, work),
    now: () => chosen().now(),
  }
}
