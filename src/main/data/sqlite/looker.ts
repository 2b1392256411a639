import type { Reader } from './reader.ts'
import { AppError } from '../../../shared/domain/errors.ts'
import { faultOf } from '../dialects/sqlite-faults.ts'
import { translateDriverError } from '../errors.ts'
import { openSqlite, type OpenOptions } from './open-sqlite.ts'
import { keepStatements } from './statement-cache.ts'

/**
 * A read-only connection on the calling thread, for the few indexed reads of a handful of rows that the engine
 * waits for: they take less than a message to the reader thread, and never stand behind somebody's list. They
 * see what is committed, whatever transaction is open beside them.
 *
 * @throws AppError UNAVAILABLE for a query after close.
 */
export const createLooker = (
  options: Pick<OpenOptions, 'path' | 'nativeBinding'>,
): Pick<Reader, 'query' | 'close'> => {
  const database = openSqlite({ ...options, readonly: true })
  const prepared = keepStatements(database)
  return {
    query: async (sql, parameters) => {
      if (!database.open) throw new AppError('UNAVAILABLE', 'the database is closed')
      try {
        return prepared(sql).all(...parameters)
      } catch (error) {
        throw translateDriverError(error, options.path, faultOf)
      }
    },
    close: async () => void database.close(),
  }
}
