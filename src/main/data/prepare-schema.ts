import { AppError, messageOf } from '../../shared/domain/errors.ts'
import type { Clock } from '../platform/clock.ts'
import { readInfo } from './cluster-info.ts'
import { refuseUnfinishedCopy } from './copy/marker.ts'
import type { Query, Started } from './db.ts'
import type { Connection, ServerLink } from './dialects/connection.ts'
import type { DatabaseConfig } from './dialects/dialect.ts'
import { NAMING, type Tables } from './entities/index.ts'
import { DatabaseFailure, translateDriverError } from './errors.ts'
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
  /** For what copies into the database: it may work on a copy that is not finished, and sees to the triggers. */
  forCopy?: boolean
  log?: { warn(message: string): void } | undefined
}

export interface PreparedSchema extends Started {
  schemaVersion: number
}

/** @throws AppError CONFLICT when this program and the schema do not fit. */
export const prepareSchema = async (options: PrepareOptions): Promise<PreparedSchema> => {
  const { connection, steps } = options
  const db = queriesOf(connection)
  const { server } = connection
  const found = await currentVersion({ ...options, db })
  if (found > 0 && !options.forCopy) await refuseUnfinishedCopy(db, connection.where)
  if (found > 0) await refuseReplica(options, db)
  if (!server) return bringUp(options, db)
  // One at a time: other nodes may be starting on the same empty database.
  const bring = (): Promise<PreparedSchema> =>
    server.alone((patient) => {
      const own = { ...connection, orm: patient }
      return bringUp({ ...options, connection: own }, queriesOf(own))
    })
  if (options.migrate && found < steps.length) return bring()
  if (found === 0) return sayWhoMayCreate(connection, bring)
  refuseTooOld(options, found)
  if (found < steps.length) sayWhatIsOld(options, found)
  const mayRepair = found === steps.length && !options.forCopy
  const repairedTriggers = mayRepair ? await repairTriggers(options, db, server.alone) : []
  return { schemaVersion: found, applied: [], backup: null, repairedTriggers }
}

/** Its triggers would be replaced, and what waits in it for the cluster database would wait for ever. */
const refuseReplica = async ({ connection, config }: PrepareOptions, db: Query): Promise<void> => {
  const isOpenedAsOne = config.type === 'SQLite' && config.stamp !== undefined
  if (isOpenedAsOne || (await readInfo(db, 'ReplicaOf')) === undefined) return
  throw new AppError(
    'CONFLICT',
    `${connection.where} is this node's replica of a database server, no cluster database: let ` +
      `database.connection.path name another file, or move this one away`,
  )
}

const queriesOf = ({ orm }: Connection): Query => orm.em.fork().getKysely<Tables>(NAMING)

/** Whoever starts a first node need not know that there are accounts which may not make tables. */
const sayWhoMayCreate = async <T>({ where, dialect }: Connection, create: () => Promise<T>): Promise<T> => {
  try {
    return await create()
  } catch (error) {
    const failure = translateDriverError(error, where, dialect.faultOf)
    if (!(failure instanceof DatabaseFailure) || failure.kind !== 'unusable') throw failure
    throw new DatabaseFailure(
      failure.kind,
      `${failure.message}. It has no tables that this account can see: run "pswebhost-node migrate" once with an ` +
        `account that may make them, then give this one its rights (resources/sql)`,
      error,
    )
  }
}

const sayWhatIsOld = ({ connection, steps, log }: PrepareOptions, found: number): void =>
  log?.warn(
    `the database ${connection.where} has schema version ${found}, this program's is ${steps.length}: it works, ` +
      `without what is new. Run "pswebhost-node migrate" with an account that may change tables`,
  )

const bringUp = async (options: PrepareOptions, db: Query): Promise<PreparedSchema> => {
  const migrated = await migrate({ ...options, db })
  const repairedTriggers = options.forCopy ? [] : await installedNow(options, migrated)
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
  alone: ServerLink['alone'],
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
