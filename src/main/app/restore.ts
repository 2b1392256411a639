import { AppError } from '../../shared/domain/errors.ts'
import { restoreDatabase } from '../data/backup.ts'
import { unpackBackup } from './backup.ts'
import type { CoreOptions } from './core.ts'

/** How the inside of a node (or of a command) is left and entered again around the swap. */
export interface Exchange {
  leave(reason: string): Promise<void>
  enter(): Promise<void>
  importKey(bundle: string, passphrase: string): Promise<void>
}

interface RestoreInput {
  file: string
  passphrase?: string | undefined
}

/**
 * Stops claims, waits the grace, swaps the database for the backup's, and starts again. What is wrong with the
 * backup is found before anything stops; if the swap fails, the node goes on with what it had.
 * @throws AppError NOT_FOUND, BAD_REQUEST or CONFLICT, each naming the file and what is wrong with it.
 */
export const createRestore =
  ({ config, program }: CoreOptions, exchange: Exchange) =>
  async ({ file, passphrase }: RestoreInput): Promise<{ restoredFrom: string }> => {
    const backup = await unpackBackup(file, config.dataDir.root)
    try {
      if (passphrase !== undefined && backup.keyBundle === null)
        throw new AppError('BAD_REQUEST', `passphrase: ${file} carries no key; leave the passphrase out`)
      await exchange.leave('A restore is going on; try again in a moment.')
      try {
        await restoreDatabase(backup.databaseFile, {
          path: config.database.connection.path,
          readerEntry: program.readerEntry,
          programVersion: program.version,
        })
      } finally {
        await exchange.enter()
      }
      if (backup.keyBundle !== null && passphrase !== undefined)
        await exchange.importKey(backup.keyBundle, passphrase)
      return { restoredFrom: file }
    } finally {
      await backup.discard()
    }
  }
