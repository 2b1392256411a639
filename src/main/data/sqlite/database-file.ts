import { statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import type Sqlite from 'better-sqlite3'
import type { DatabaseFile } from '../dialects/connection.ts'
import { AppError, messageOf } from '../../../shared/domain/errors.ts'
import type { Reader } from './reader.ts'

export const createDatabaseFile = (deps: {
  database: Sqlite.Database
  path: string
  reader: Reader
  /** Runs `work` while nobody else uses the connection, in no transaction. */
  alone: <T>(work: () => T) => Promise<T>
}): DatabaseFile => {
  const { database, path, reader } = deps
  const number = (pragma: string): number => Number(database.pragma(pragma, { simple: true }))
  return {
    path,
    integrity: (quick) => reader.integrity(quick),
    copyTo: async (target, onProgress) => {
      await createPrivately(target)
      await reader.backup(target, onProgress)
    },
    sizes: () => ({
      pageSize: number('page_size'),
      pages: number('page_count'),
      freePages: number('freelist_count'),
      walBytes: walBytes(path),
    }),
    vacuum: (pages) => {
      database.pragma(`incremental_vacuum(${Math.trunc(pages)})`)
      return number('freelist_count')
    },
    checkpoint: () =>
      deps.alone(() => Number(database.pragma('wal_checkpoint(truncate)', { simple: true })) === 0),
  }
}

/** An empty file only its owner reads: SQLite would make it readable for all. */
const createPrivately = async (path: string): Promise<void> => {
  try {
    const file = await open(path, 'wx', 0o600)
    await file.close()
  } catch (error) {
    throw new AppError('UNAVAILABLE', `${path} cannot be made: ${messageOf(error)}`, { cause: error })
  }
}

const walBytes = (path: string): number => statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0
