import { messageOf } from '../../shared/domain/errors.ts'
import type { Clock } from '../platform/clock.ts'
import type { Query, Started } from './db.ts'
import type { Connection } from './dialects/connection.ts'
import type { DatabaseConfig } from './dialects/dialect.ts'
import { NAMING, type Tables } from './entities/index.ts'
import { DatabaseFailure } from './errors.ts'
import { currentVersion, migrate, refuseTooOld, type MigrationResult } from './migrate.ts'
import type { SchemaStep } from './migrations/schema-step.ts'
import { installTriggers, verifyTriggers, type TriggerState } from './triggers.ts'

/** Schema and capture triggers of a database that was just opened: who brings them up to date, and when. */

export interface PrepareOptions {
  connection: Connection
  config: DatabaseConfig
  steps: readonly SchemaStep[]
  programVersion: string
  clock: Clock
  migrate?: boolean
  log?: { warn(message: string): void } | undefined
}

export interface PreparedSchema extends Started {
  schemaVersion: number
}

/** @throws AppError CONFLICT when this program and the schema do not fit. */
export const prepareSchema = async (options: PrepareOptions): Promise<PreparedSchema> => {
  const { connection, steps } = options
  const db = connection.orm.em.fork().getKysely<Tables>(NAMING)
  const { server } = connection
  if (!server) return bringUp(options, db)
  const found = await currentVersion({ ...options, db })
  const mayMigrate = options.migrate === true || found === 0
  // One at a time: other nodes may be starting on the same empty database.
  if (mayMigrate && found < steps.length) return server.alone(() => bringUp(options, db))
  refuseTooOld(options, found)
  const repairedTriggers = found === steps.length ? await repairTriggers(options, db, server.alone) : []
  return { schemaVersion: found, applied: [], backup: null, repairedTriggers }
}

const bringUp = async (options: PrepareOptions, db: Query): Promise<PreparedSchema> => {
  const migrated = await migrate({ ...options, db })
  const repairedTriggers = await installedNow(options, migrated)
  return { ...migrated, repairedTriggers }
}

const installedNow = async (
  options: PrepareOptions,
  { schemaVersion, applied }: MigrationResult,
): Promise<string[]> => {
  // Triggers belong to the program of their schema version: an older one leaves them alone.
  if (schemaVersion > options.steps.length) return []
  const wrong = wrongOf(await install(options))
  if (applied.length > 0) return []
  if (wrong.length > 0) options.log?.warn(`capture triggers put right: ${wrong.join(', ')}`)
  return wrong
}

const install = ({ connection, config, steps }: PrepareOptions): Promise<TriggerState> =>
  connection.orm.em
    .fork()
    .transactional((tx) =>
      installTriggers(tx.getKysely<Tables>(), wantedOf(connection, config, steps.length)),
    )

const wantedOf = ({ dialect }: Connection, config: DatabaseConfig, schemaVersion: number) => ({
  dialect,
  schemaVersion,
  trackChanges: config.enableChangeTracking,
})

const wrongOf = ({ missing, changed, extra }: TriggerState): string[] => [...missing, ...changed, ...extra]

/** On a server: only an account that may make triggers puts them right; others say so, and go on. */
const repairTriggers = async (
  options: PrepareOptions,
  db: Query,
  alone: <T>(work: () => Promise<T>) => Promise<T>,
): Promise<string[]> => {
  const { connection, config, steps, log } = options
  const wrong = wrongOf(await verifyTriggers(db, wantedOf(connection, config, steps.length)))
  if (wrong.length === 0) return []
  try {
    await alone(() => install(options))
    log?.warn(`capture triggers put right: ${wrong.join(', ')}`)
    return wrong
  } catch (error) {
    if (!(error instanceof DatabaseFailure) || error.kind !== 'unusable') throw error
    log?.warn(
      `the capture triggers are not what they should be (${wrong.join(', ')}), and this account may not put them ` +
        `right: run migrate with an account that may (${messageOf(error)})`,
    )
    return []
  }
}
