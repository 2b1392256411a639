import { copyFile, rename, rm } from 'node:fs/promises'
import { AppError, badField, messageOf } from '../../shared/domain/errors.ts'
import { restoreDatabase, verifyBackup } from '../data/backup.ts'
import { isNewer } from '../data/migrate.ts'
import type { Log } from '../platform/log.ts'
import { openKeyBundle } from '../services/keys.ts'
import type { HeldKey } from '../services/keys/ring.ts'
import type { Config } from '../config/load.ts'
import { databaseConfigOf } from './database-config.ts'
import { unpackBackup, type UnpackedBackup } from './backup.ts'
import type { House, Turn } from './house.ts'
import type { Prepared } from './prepare-core.ts'
import type { Program } from './program.ts'

interface RestoreInput {
  file: string
  passphrase?: string | undefined
}

type RestoreDeps = Pick<Prepared, 'config' | 'program' | 'log'> & { house: () => Pick<House, 'exchange'> }

const RESTORING = 'A restore is going on; try again in a moment.'

/**
 * Stops claims, waits the grace, swaps the database for the backup's (a backup of a server's cluster brings its key
 * only), and starts again. What is wrong with backup
 * or passphrase is found before anything stops; if the swap fails or the restored database does not open, the
 * node goes on with what it had.
 * @throws AppError NOT_FOUND, BAD_REQUEST, CONFLICT (needs a newer program, or a restore goes on already) or
 * UNAVAILABLE, each naming the file and what is wrong with it.
 */
export const createRestore =
  (deps: RestoreDeps) =>
  ({ file, passphrase }: RestoreInput): Promise<{ restoredFrom: string }> =>
    deps.house().exchange(async (turn) => {
      const backup = await unpackBackup(file, deps.config.dataDir.root)
      const { databaseFile } = backup
      try {
        if (databaseFile !== null) refuseServer(deps.config)
        const keys = await keysOf(backup, file, passphrase)
        if (databaseFile !== null) await checkDatabase(deps, databaseFile, file)
        await turn.leave(RESTORING)
        await (databaseFile === null ? takeKeys(deps, turn, keys) : swap(deps, turn, databaseFile, keys))
        deps.log.info(`restored from ${file}`)
        return { restoredFrom: file }
      } finally {
        await backup.discard()
      }
    })

/** @throws AppError CONFLICT: what is restored is a file. */
const refuseServer = (config: Config): void => {
  const database = databaseConfigOf(config)
  if ('path' in database) return
  throw new AppError(
    'CONFLICT',
    `the cluster database ${database.database} is on a server: restore it with the server's own tools ` +
      `(docs/databases.md)`,
  )
}

const keysOf = async (
  { keyBundle, databaseFile }: UnpackedBackup,
  file: string,
  passphrase: string | undefined,
): Promise<readonly HeldKey[] | null> => {
  if (passphrase === undefined && databaseFile !== null) return null
  if (passphrase === undefined)
    throw badField(['passphrase'], `is needed: ${file} carries the cluster key alone, which it opens`)
  if (keyBundle !== null) return openKeyBundle(keyBundle, passphrase)
  throw new AppError('BAD_REQUEST', `passphrase: ${file} carries no key; leave the passphrase out`)
}

const checkDatabase = async ({ program }: RestoreDeps, databaseFile: string, file: string): Promise<void> => {
  const facts = await verifyBackup(databaseFile, placesOf(program)).catch((error: unknown) => {
    const what = messageOf(error).replaceAll(databaseFile, 'its database')
    throw new AppError('BAD_REQUEST', `file: ${file} cannot be restored: ${what}`, { cause: error })
  })
  if (isNewer(facts.minProgram, program.version))
    throw new AppError('CONFLICT', `${file} needs version ${facts.minProgram} of this program or newer`)
}

const placesOf = ({ readerEntry, nativeBinding }: Program) => ({ readerEntry, nativeBinding })

const swap = async (
  deps: RestoreDeps,
  turn: Turn,
  databaseFile: string,
  keys: readonly HeldKey[] | null,
): Promise<void> => {
  const { config, program } = deps
  const { path } = config.database.connection
  const source = { path, ...placesOf(program), programVersion: program.version }
  try {
    await restoreDatabase(databaseFile, source)
  } catch (error) {
    await goOn(deps.log, turn, error)
  }
  try {
    await turn.enter(keys)
  } catch (error) {
    await putBack(path)
    await goOn(deps.log, turn, error)
  }
}

/** The node starts again with the keys of the backup, on the database it has. */
const takeKeys = async ({ log }: RestoreDeps, turn: Turn, keys: readonly HeldKey[] | null): Promise<void> => {
  try {
    await turn.enter(keys)
  } catch (error) {
    await goOn(log, turn, error)
  }
}

/** Enters what was left, then reports why the restore failed. */
const goOn = async (log: Log, turn: Turn, why: unknown): Promise<never> => {
  log.error({ error: why }, 'a restore failed; the node goes on with what it had')
  await turn.enter(null)
  const code = why instanceof AppError ? why.code : 'UNAVAILABLE'
  throw new AppError(code, `The restore failed, the node goes on with what it had: ${messageOf(why)}`, {
    cause: why,
  })
}

/** The database that was set aside, which was closed without a log, in the place of the one that did not open. */
const putBack = async (path: string): Promise<void> => {
  const part = `${path}.restoring`
  await copyFile(`${path}.before-restore`, part)
  for (const side of ['-wal', '-shm']) await rm(`${path}${side}`, { force: true })
  await rename(part, path)
}
