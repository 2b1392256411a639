import { copyFile, chmod, open, rename, rm } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { AppError } from '../../shared/domain/errors.ts'
import { newId } from '../platform/ids.ts'
import type { OpenDatabase } from './db.ts'
import type { DatabaseFile } from './dialects/connection.ts'
import { isNewer } from './migrate.ts'
import { createReader } from './sqlite/reader.ts'
import { openSqlite } from './sqlite/open-sqlite.ts'
import type { BackupProgress, ReaderData } from './sqlite/reader-protocol.ts'

export interface BackupOptions {
  readerEntry: string | URL
  nativeBinding?: string | undefined
}

/** What a database file says about itself. */
export interface BackupFacts {
  clusterId: string
  databaseId: string
  schemaVersion: number
  minProgram: string
}

/**
 * Copies the database while the node works on, checks every page of the copy, and only then gives it its
 * name: a file called `target` is a whole backup. An older one of that name is replaced.
 *
 * @throws AppError UNAVAILABLE: cannot be written, or the copy is damaged.
 */
export const backupDatabase = async (
  db: OpenDatabase,
  target: string,
  options: BackupOptions,
  onProgress?: (progress: BackupProgress) => void,
): Promise<BackupFacts> => {
  const part = `${target}.part`
  await rm(part, { force: true })
  try {
    await fileOf(db).copyTo(part, onProgress)
    const facts = await verifyBackup(part, options)
    await rename(part, target)
    return facts
  } finally {
    await rm(part, { force: true })
  }
}

/** @throws AppError CONFLICT for a server, which has tools of its own. */
const fileOf = (db: OpenDatabase): DatabaseFile => {
  if (db.file) return db.file
  throw new AppError(
    'CONFLICT',
    `the database ${db.where} is on a server: back it up with the server's own tools (docs/databases.md), or ` +
      `copy it into a file with copy-database; with its key asked for, a backup holds the cluster key alone`,
  )
}

/**
 * Reads every page of a backup on a thread of its own.
 *
 * @throws AppError UNAVAILABLE: not a database, damaged; BAD_REQUEST: a database of something else.
 */
export const verifyBackup = async (path: string, options: BackupOptions): Promise<BackupFacts> => {
  if (!existsSync(path)) throw new AppError('NOT_FOUND', `there is no file ${path}`)
  const hadWal = existsSync(`${path}-wal`)
  const data: ReaderData = { path, nativeBinding: options.nativeBinding }
  const reader = createReader({ ...data, entry: options.readerEntry })
  try {
    const damage = await reader.integrity(false)
    if (damage.length > 0) throw new AppError('UNAVAILABLE', `${path} is damaged: ${damage.join('; ')}`)
    return factsOf(path, await reader.query(FACTS, []))
  } finally {
    await reader.close()
    // A reader of a file in write-ahead mode leaves these beside it.
    if (!hadWal) await removeSideFiles(path)
  }
}

const FACTS = `select coalesce((select json_group_object("InfoKey", "InfoValue") from "Cluster_Info"), '{}') as "facts"`

const factsOf = (path: string, rows: unknown[]): BackupFacts => {
  const [row] = rows
  const text = typeof row === 'object' && row !== null && 'facts' in row ? String(row.facts) : '{}'
  const facts = new Map(Object.entries(JSON.parse(text) as Record<string, string>))
  const fact = (key: string): string => {
    const value = facts.get(key)
    if (value === undefined)
      throw new AppError('BAD_REQUEST', `${path} is no database of this program (no ${key})`)
    return value
  }
  return {
    clusterId: fact('ClusterID'),
    databaseId: fact('DatabaseID'),
    schemaVersion: Number(fact('SchemaVersion')),
    minProgram: fact('MinProgram'),
  }
}

export interface RestoreOptions extends BackupOptions {
  /** The database to replace. It must be closed. */
  path: string
  programVersion: string
}

/**
 * Puts a backup in the place of a closed database and gives it a new DatabaseID, so that others notice that
 * history went back. The present file is kept as `<path>.before-restore`; the swap itself is one rename.
 *
 * @throws AppError NOT_FOUND, UNAVAILABLE, BAD_REQUEST (see verifyBackup); CONFLICT: the backup needs a newer
 * program, or another program still has the database open.
 */
export const restoreDatabase = async (source: string, options: RestoreOptions): Promise<BackupFacts> => {
  const { path, programVersion, nativeBinding } = options
  const facts = await verifyBackup(source, options)
  if (isNewer(facts.minProgram, programVersion)) {
    throw new AppError('CONFLICT', `${source} needs version ${facts.minProgram} of this program or newer`)
  }
  const restored = `${path}.restoring`
  await removeDatabase(restored)
  await copyFile(source, restored)
  if (existsSync(`${source}-wal`)) await copyFile(`${source}-wal`, `${restored}-wal`)
  await chmod(restored, 0o600)
  const databaseId = stampDatabaseId(restored, nativeBinding)
  await flushToDisk(restored)
  await setAside(path, nativeBinding)
  await rename(restored, path)
  return { ...facts, databaseId }
}

const stampDatabaseId = (path: string, nativeBinding: string | undefined): string => {
  const databaseId = newId()
  const db = openSqlite({ path, nativeBinding })
  try {
    db.prepare(`update "Cluster_Info" set "InfoValue" = ? where "InfoKey" = 'DatabaseID'`).run(databaseId)
    db.pragma('wal_checkpoint(truncate)')
  } finally {
    db.close()
  }
  return databaseId
}

/** Keeps a copy of the present file, then removes its log: none may be replayed into the restored one. */
const setAside = async (path: string, nativeBinding: string | undefined): Promise<void> => {
  if (!existsSync(path)) return
  emptyLog(path, nativeBinding)
  const kept = `${path}.before-restore`
  await copyFile(path, `${kept}.part`)
  if (existsSync(`${path}-wal`)) await copyFile(`${path}-wal`, `${kept}-wal`)
  await rename(`${kept}.part`, kept)
  await removeSideFiles(path)
}

/** Closing the last connection moves the log into the file; a damaged file is kept as it is. */
const emptyLog = (path: string, nativeBinding: string | undefined): void => {
  try {
    openSqlite({ path, nativeBinding }).close()
  } catch {
    // Damaged: that may be why it is being replaced.
    return
  }
  if (existsSync(`${path}-wal`)) {
    throw new AppError('CONFLICT', `another program has ${path} open; stop it before restoring`)
  }
}

const flushToDisk = async (path: string): Promise<void> => {
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

const removeSideFiles = async (path: string): Promise<void> => {
  await rm(`${path}-wal`, { force: true })
  await rm(`${path}-shm`, { force: true })
}

const removeDatabase = async (path: string): Promise<void> => {
  await rm(path, { force: true })
  await removeSideFiles(path)
}
