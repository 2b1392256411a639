import type { KyselyPlugin } from 'kysely'
import { AppError } from '../../shared/domain/errors.ts'

/** What is asked of a database after its `close`: refused alike by every dialect, whose drivers each say it otherwise. */
export interface Closing {
  /** @throws AppError UNAVAILABLE once closed. */
  refuse(): void
  /** The same for the queries of a Kysely. */
  plugin: KyselyPlugin
  close(): Promise<void>
}

export const createClosing = (close: () => Promise<void>): Closing => {
  let closed: Promise<void> | undefined
  const refuse = (): void => {
    if (closed) throw new AppError('UNAVAILABLE', 'the database is closed')
  }
  return {
    refuse,
    plugin: {
      transformQuery: ({ node }) => {
        refuse()
        return node
      },
      transformResult: async ({ result }) => result,
    },
    close: () => (closed ??= close()),
  }
}
