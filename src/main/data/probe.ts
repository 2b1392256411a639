import { sql } from 'kysely'
import type { DatabaseCheck, DatabaseProbe } from '../../shared/domain/database.ts'
import { CLOCK_WARNING_MS, offsetWords } from '../../shared/domain/node.ts'
import { AppError, messageOf } from '../../shared/domain/errors.ts'
import type { Clock } from '../platform/clock.ts'
import { createWriteContexts } from '../platform/write-context.ts'
import { unfinishedCopyOf } from './copy/marker.ts'
import type { Query } from './db.ts'
import type { Connection } from './dialects/connection.ts'
import type { DatabaseConfig } from './dialects/dialect.ts'
import { dialectOf } from './dialects/index.ts'
import { requirement } from './dialects/requirement.ts'
import { translateDriverError } from './errors.ts'
import { currentVersion } from './migrate.ts'
import { steps } from './migrations/index.ts'
import { namingPlugin } from './naming.ts'
import type { DatabaseOptions } from './orm.ts'
import { verifyTriggers } from './triggers.ts'

/** Looking at a database before it is used. Nothing is written, and a file is not made. */

export type ProbeOptions = Pick<
  DatabaseOptions,
  'config' | 'clock' | 'programVersion' | 'readerEntry' | 'nativeBinding'
>

/** Never rejects for what is wrong with the database: that is what it answers. */
export const probeDatabase = async (options: ProbeOptions): Promise<DatabaseProbe> => {
  const { config } = options
  const dialect = dialectOf(config)
  const where = dialect.whereOf(config)
  if (!dialect.exists(config)) return notYet(where)
  let connection: Connection
  try {
    connection = await connect(options)
  } catch (error) {
    return unreachable(where, messageOf(translateDriverError(error, where, dialect.faultOf)))
  }
  try {
    return await look(connection, options)
  } catch (error) {
    return unreachable(where, messageOf(translateDriverError(error, where, dialect.faultOf)))
  } finally {
    await connection.close()
  }
}

const connect = async ({ config, clock, readerEntry, nativeBinding }: ProbeOptions): Promise<Connection> => {
  const dialect = dialectOf(config)
  await dialect.preflight?.(config)
  return dialect.connect({
    ...{ config, clock, readerEntry, nativeBinding, steps },
    contexts: createWriteContexts(),
  })
}

/** A file that the first start makes. */
const notYet = (where: string): DatabaseProbe => ({
  ...unreachable(where, ''),
  ok: true,
  schemaNeeds: 'create',
  checks: [requirement('connection', 'connection', true, 'not there yet: it is made at the first start')],
})

const unreachable = (where: string, detail: string): DatabaseProbe => ({
  ok: false,
  where,
  server: null,
  latencyMs: null,
  clockOffsetMs: null,
  schemaVersion: null,
  schemaNeeds: null,
  checks: [requirement('connection', 'connection', false, detail)],
})

const QUESTIONS = 5

const look = async (connection: Connection, options: ProbeOptions): Promise<DatabaseProbe> => {
  const { config, clock, programVersion } = options
  const { dialect, where, server } = connection
  const db = connection.read.withPlugin(namingPlugin(connection.orm.em.fork()))
  const version = await dialect.serverVersion(db)
  const latencyMs = await latencyOf(db, clock)
  const offset = server?.clockOffsetMs() ?? 0
  const schema = await schemaOf(connection, db, programVersion)
  const checks = [
    requirement('connection', 'connection', true, `answers within ${latencyMs.toFixed(1)} ms`),
    ...(await dialect.requirements(db, config, schema.version)),
    ...(server ? [clockRequirement(offset)] : []),
    schema.check,
    ...(schema.needs === 'copy' ? [] : await captureChecks(connection, db, config, schema.version)),
  ]
  return {
    ok: checks.every((check) => check.ok || check.severity !== 'error'),
    where,
    server: version,
    latencyMs,
    clockOffsetMs: server ? Math.round(offset) : null,
    schemaVersion: schema.version,
    schemaNeeds: schema.needs,
    checks,
  }
}

const latencyOf = async (db: Query, clock: Clock): Promise<number> => {
  let best = Number.POSITIVE_INFINITY
  for (let count = 0; count < QUESTIONS; count += 1) {
    const before = clock.monotonic()
    await sql`select 1 as one`.execute(db)
    best = Math.min(best, clock.monotonic() - before)
  }
  return best
}

/**
 * Whether this machine's clock agrees with the server's. Leases last by the server's: a node whose own is far off still
 * works, and its logs mislead.
 */
export const clockRequirement = (offsetMs: number): DatabaseCheck => {
  return requirement(
    'clock',
    'clock',
    Math.abs(offsetMs) <= CLOCK_WARNING_MS,
    `this machine's clock is ${offsetWords(-offsetMs)} the server's`,
    { severity: 'warning', fix: 'let both machines take their time from the same source (NTP)' },
  )
}

interface FoundSchema {
  version: number | null
  needs: NonNullable<DatabaseProbe['schemaNeeds']>
  check: DatabaseCheck
}

const schemaOf = async (connection: Connection, db: Query, programVersion: string): Promise<FoundSchema> => {
  const found = (version: number | null, needs: FoundSchema['needs'], check: DatabaseCheck): FoundSchema => ({
    version,
    needs,
    check,
  })
  try {
    const version = await currentVersion({ connection, db, programVersion })
    if (version === 0)
      return found(
        null,
        'create',
        requirement('tables', 'tables', true, 'none yet: they are created at the first start'),
      )
    const source = await unfinishedCopyOf(db)
    if (source)
      return found(
        version,
        'copy',
        requirement('tables', 'tables', false, `a part of ${source.where} only: the copy was not finished`, {
          fix: 'copy again, which goes on where it stopped, or empty the database',
        }),
      )
    const isOld = version < steps.length
    const isTooOld = version < steps.length - 1
    const detail = `schema version ${version}; this program's is ${steps.length}`
    const check = requirement('tables', 'tables', !isOld, detail, {
      severity: isTooOld ? 'error' : 'warning',
      fix: 'pswebhost-node migrate',
    })
    return found(version, isOld ? 'migrate' : 'nothing', check)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'CONFLICT') throw error
    return found(null, 'newerProgram', requirement('tables', 'tables', false, messageOf(error)))
  }
}

const captureChecks = async (
  { dialect }: Connection,
  db: Query,
  { enableChangeTracking }: DatabaseConfig,
  schemaVersion: number | null,
): Promise<DatabaseCheck[]> => {
  if (schemaVersion !== steps.length) return []
  const state = await verifyTriggers(db, { dialect, schemaVersion, trackChanges: enableChangeTracking })
  if (state.unseen)
    return [
      requirement(
        'capture',
        'change capture',
        true,
        'this account may not look at triggers; migrate checks them',
      ),
    ]
  const wrong = [...state.missing, ...state.changed, ...state.extra]
  const detail = state.ok ? 'every trigger is in place' : `not as they should be: ${wrong.join(', ')}`
  return [
    requirement('capture', 'change capture', state.ok, detail, {
      severity: 'warning',
      fix: 'pswebhost-node migrate (installs them), with an account that may make triggers',
    }),
  ]
}
