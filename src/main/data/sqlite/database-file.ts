import { statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import type Sqlite from 'better-sqlite3'
import type { DatabaseFile } from '../dialects/dialect.ts'
import { AppError, messageOf } from '../../../shared/domain/errors.ts'
import type { Reader } from './reader.ts'

/** Above this the log is emptied, not only copied: it would keep its size on disk for ever. */
const LARGE_WAL_BYTES = 64 * 1024 * 1024

export const createDatabaseFile = (deps: {
  database: Sqlite.Database
  path: string
  reader: Reader
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
    checkpoint: () => {
      database.pragma(`wal_checkpoint(${walBytes(path) > LARGE_WAL_BYTES ? 'truncate' : 'passive'})`)
    },
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
