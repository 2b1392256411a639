import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { isAbsolute, join, resolve } from 'node:path'
import { create, extract } from 'tar'
import { z } from 'zod'
import { AppError, messageOf } from '../../shared/domain/errors.ts'
import { backupDatabase } from '../data/backup.ts'
import { isoOf } from '../platform/clock.ts'
import { newId } from '../platform/ids.ts'
import type { Core } from './core.ts'

/*
 * A backup is one .tar.gz that common tools open: the database, a manifest and, if asked, the cluster key
 * under a passphrase. Without the key a restore elsewhere brings everything but secret values. Of a cluster on a
 * server it holds the key alone: the server's own tools keep the database.
 */

const DATABASE = 'pswebhost.db'
const KEY = 'cluster-key.txt'
const MANIFEST = 'manifest.json'

const manifestSchema = z.object({
  format: z.literal('pswebhost-cluster-backup'),
  version: z.literal(1),
  createdAt: z.string(),
  program: z.string(),
  withKey: z.boolean(),
  withDatabase: z.boolean().default(true),
})

/** A backup must not be the end of what it is a copy of. @throws AppError BAD_REQUEST */
const refuseOwnFiles = (file: string, { config }: Core): void => {
  const { dataDir, database } = config
  const { path } = database.connection
  const own = [
    ...[path, `${path}-wal`, `${path}-shm`, config.file],
    ...[dataDir.nodeFile, dataDir.secretKey, dataDir.adminToken, dataDir.nodeToken, dataDir.control],
  ]
  if (own.includes(resolve(file)))
    throw new AppError('BAD_REQUEST', `file: ${file} is one of this node's own files; name another`)
}

const refuseRelative = (file: string): void => {
  if (!isAbsolute(file)) throw new AppError('BAD_REQUEST', `file: ${file} must be an absolute path`)
}

/** Writes the backup while the node works on; the file appears whole or not at all, mode 0600. */
export const writeBackup = async (
  core: Core,
  { file, passphrase }: { file: string; passphrase?: string | undefined },
): Promise<{ file: string; bytes: number }> => {
  refuseRelative(file)
  refuseOwnFiles(file, core)
  const folder = `${file}.${newId()}.tmp`
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const names = await collect(core, folder, passphrase)
    const archive = join(folder, 'archive.tar.gz')
    await create({ file: archive, cwd: folder, gzip: true, portable: true }, names)
    await chmod(archive, 0o600)
    await rename(archive, file)
    return { file, bytes: (await stat(file)).size }
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('UNAVAILABLE', `The backup ${file} could not be written: ${messageOf(error)}`, {
      cause: error,
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const collect = async (core: Core, folder: string, passphrase: string | undefined): Promise<string[]> => {
  const { readerEntry, nativeBinding } = core.program
  const withDatabase = core.db.file !== null || passphrase === undefined
  if (withDatabase) await backupDatabase(core.db, join(folder, DATABASE), { readerEntry, nativeBinding })
  if (passphrase !== undefined) {
    const bundle = await core.keys.exportForBackup(passphrase)
    await writeFile(join(folder, KEY), bundle, { mode: 0o600 })
  }
  const manifest: z.infer<typeof manifestSchema> = {
    format: 'pswebhost-cluster-backup',
    version: 1,
    createdAt: isoOf(core.clock.now()),
    program: core.program.version,
    withKey: passphrase !== undefined,
    withDatabase,
  }
  await writeFile(join(folder, MANIFEST), JSON.stringify(manifest, null, 2))
  return [MANIFEST, ...(withDatabase ? [DATABASE] : []), ...(passphrase === undefined ? [] : [KEY])]
}

export interface UnpackedBackup {
  /** Null: it carries the cluster key alone. */
  databaseFile: string | null
  /** The cluster key under its passphrase, when the backup carries it. */
  keyBundle: string | null
  discard(): Promise<void>
}

/**
 * Unpacks into a private folder beside the data; only the names a backup has are taken.
 * @throws AppError NOT_FOUND, or BAD_REQUEST when the file is no backup of this program.
 */
export const unpackBackup = async (file: string, dataDir: string): Promise<UnpackedBackup> => {
  refuseRelative(file)
  const folder = join(dataDir, `restore-${newId()}`)
  // Of a damaged archive some entry may still be on its way to the disk when the rest is given up.
  const discard = (): Promise<void> =>
    rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 20 })
  await mkdir(folder, { mode: 0o700 })
  try {
    await stat(file)
    const wanted = [DATABASE, KEY, MANIFEST]
    await extract({
      file,
      cwd: folder,
      filter: (path, entry) => wanted.includes(path) && 'type' in entry && entry.type === 'File',
    })
    const manifest = manifestSchema.parse(JSON.parse(await readFile(join(folder, MANIFEST), 'utf8')))
    const keyBundle = manifest.withKey ? await readFile(join(folder, KEY), 'utf8') : null
    const databaseFile = manifest.withDatabase ? join(folder, DATABASE) : null
    return { databaseFile, keyBundle, discard }
  } catch (error) {
    await discard()
    if (
      error instanceof Error &&
      'code' in error &&
      error.code === 'ENOENT' &&
      'path' in error &&
      error.path === file
    )
      throw new AppError('NOT_FOUND', `There is no file ${file}.`)
    throw new AppError('BAD_REQUEST', `file: ${file} is no backup of this program (${messageOf(error)})`, {
      cause: error,
    })
  }
}
