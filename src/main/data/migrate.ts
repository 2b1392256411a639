import { rename, rm } from 'node:fs/promises'
import { AppError } from '../../shared/domain/errors.ts'
import { newId } from '../platform/ids.ts'
import { isoOf, type Clock } from '../platform/clock.ts'
import { readInfo, writeInfo } from './cluster-info.ts'
import type { Query } from './db.ts'
import { startCounters } from './sequencer.ts'
import type { Connection, DatabaseFile } from './dialects/connection.ts'
import type { SchemaStep } from './migrations/schema-step.ts'

export interface MigrateOptions {
  connection: Connection
  /** Queries by property name on the writing connection. */
  db: Query
  steps: readonly SchemaStep[]
  programVersion: string
  clock: Clock
}

export interface MigrationResult {
  /** The schema version of the database, which may be newer than this program's. */
  schemaVersion: number
  /** Steps run just now. */
  applied: string[]
  /** The copy made before, when there was something to lose. */
  backup: string | null
}

/**
 * Brings a database to this program's schema, or leaves it alone when a newer one serves it and still lets
 * this program in. An existing file is copied first, to `<file>.before-<schema version>`; a server's database is
 * whoever administers it to back up.
 *
 * @throws AppError CONFLICT when the database needs a newer program; the message names its version.
 */
export const migrate = async (options: MigrateOptions): Promise<MigrationResult> => {
  const { connection, steps } = options
  const current = await currentVersion(options)
  if (current > steps.length) return { schemaVersion: current, applied: [], backup: null }
  const pending = await connection.orm.migrator.getPending()
  const { file } = connection
  const backup = file && pending.length > 0 && current > 0 ? await backupBefore(file, steps.length) : null
  const applied = await connection.orm.migrator.up()
  await recordVersion(options)
  return { schemaVersion: steps.length, applied: applied.map(({ name }) => name), backup }
}

/** 0 for an empty database. */
export const currentVersion = async ({
  connection,
  db,
  programVersion,
}: Pick<MigrateOptions, 'connection' | 'db' | 'programVersion'>): Promise<number> => {
  const tables = await db.introspection.getTables()
  // Servers on Windows keep table names in small letters.
  if (!tables.some(({ name }) => name.toLowerCase() === 'cluster_info')) return 0
  const minProgram = await readInfo(db, 'MinProgram')
  if (minProgram !== undefined && isNewer(minProgram, programVersion)) {
    throw new AppError(
      'CONFLICT',
      `the database ${connection.where} needs version ${minProgram} of this program or newer; this is ` +
        `${programVersion}. Install that version, or restore a backup made before the upgrade`,
      { data: { minProgram, programVersion } },
    )
  }
  return Number((await readInfo(db, 'SchemaVersion')) ?? 0)
}

/**
 * A program works on a server's database of its own schema, of any newer one that lets it in, and of the one
 * before: nodes are updated one by one.
 *
 * @throws AppError CONFLICT for an older one.
 */
export const refuseTooOld = (
  { connection, steps }: Pick<MigrateOptions, 'connection' | 'steps'>,
  found: number,
): void => {
  if (found >= steps.length - 1) return
  throw new AppError(
    'CONFLICT',
    `the database ${connection.where} has schema version ${found}, and this program needs ${steps.length - 1} or ` +
      `newer: run "pswebhost-node migrate" once, with an account that may change tables`,
    { data: { needs: 'migrate', schemaVersion: found } },
  )
}

/** Whether version `a` (major.minor.patch) is above `b`; a suffix (`-beta.1`) does not count. */
export const isNewer = (a: string, b: string): boolean => {
  const [left, right] = [numbersOf(a), numbersOf(b)]
  const at = left.findIndex((part, index) => part !== right[index])
  return at >= 0 && (left[at] ?? 0) > (right[at] ?? 0)
}

const numbersOf = (version: string): number[] => {
  const parts = (version.split('-')[0] ?? '').split('.').map(Number)
  return [0, 1, 2].map((index) => parts[index] || 0)
}

/** Through a second name, so that a copy under the final one is always whole. */
const backupBefore = async (file: DatabaseFile, version: number): Promise<string> => {
  const target = `${file.path}.before-${version}`
  await rm(`${target}.part`, { force: true })
  await file.copyTo(`${target}.part`)
  await rename(`${target}.part`, target)
  return target
}

const recordVersion = async ({ db, steps, clock }: MigrateOptions): Promise<void> => {
  const fixed = { ClusterID: newId(), DatabaseID: newId(), CreatedAt: isoOf(clock.now()) } as const
  for (const key of ['ClusterID', 'DatabaseID', 'CreatedAt'] as const) {
    if ((await readInfo(db, key)) === undefined) await writeInfo(db, key, fixed[key])
  }
  const minProgram = steps.map((step) => step.minProgram).reduce((a, b) => (isNewer(b, a) ? b : a), '0.0.0')
  await startCounters(db, steps.length)
  await writeInfo(db, 'SchemaVersion', String(steps.length))
  await writeInfo(db, 'MinProgram', minProgram)
}
