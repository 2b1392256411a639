import {
  isFile,
  type CopyProgress,
  type CopyResult,
  type DatabaseProbe,
} from '../../shared/domain/database.ts'
import {
  whereText,
  type CurrentDatabase,
  type DatabaseSwitched,
  type DatabaseTarget,
  type SchemaMigration,
} from '../../shared/domain/database-target.ts'
import { AppError } from '../../shared/domain/errors.ts'
import { isSameSection, type DatabaseBlock, type DatabaseSection } from '../config/database-block.ts'
import type { RootLog } from '../platform/log.ts'
import { requireRole, type Caller } from './caller.ts'
import type { Services } from './services.ts'

/** Which database a node uses: looked at, prepared, copied and exchanged in app.yaml. For this machine only. */

export interface DatabaseSettingsDeps {
  /** The `database` group of the node's own app.yaml. */
  block: DatabaseBlock
  /** Looks at a database without changing it; what is wrong with it is in the answer. Paths are absolute. */
  probe: (database: DatabaseSection) => Promise<DatabaseProbe>
  /** Makes tables and triggers in an empty database. */
  createSchema: (database: DatabaseSection) => Promise<void>
  /** Copies this node's database there and compares; refuses one that holds rows. Aborted: throws. */
  copyTo: (
    database: DatabaseSection,
    onProgress: (progress: CopyProgress) => void,
    signal: AbortSignal,
  ) => Promise<CopyResult>
  /** Brings a schema up to this program's; null: that of the database this node uses. */
  migrate: (database: DatabaseSection | null) => Promise<SchemaMigration>
  log: Pick<RootLog, 'info' | 'mask'>
}

/** A target, as the file would have it (`section`) and with its paths absolute (`place`). */
interface Resolved {
  version: string
  now: DatabaseSection
  section: DatabaseSection
  place: DatabaseSection
  where: string
}

export const createDatabaseSettings = (deps: DatabaseSettingsDeps): Services['database'] => {
  const { block, log } = deps
  let copying = false

  const copy: Services['database']['copy'] = async (caller, target, { onProgress, signal }) => {
    const { place, where } = await resolve(deps, caller, target)
    refuseOwn(place, block)
    if (copying) throw new AppError('CONFLICT', 'A copy is going on already; wait for its end or cancel it.')
    copying = true
    try {
      const probe = await deps.probe(place)
      if (probe.schemaNeeds !== 'copy') refuseUnusable(probe)
      signal.throwIfAborted()
      log.info(`${caller.actor} copies the database to ${where}`)
      const result = await deps.copyTo(place, onProgress, signal)
      log.info(`the database was copied to ${where}, every table compared`)
      return result
    } finally {
      copying = false
    }
  }

  return {
    current: (caller) => current(caller, block),
    test: async (caller, target) => deps.probe((await resolve(deps, caller, target)).place),
    createSchema: (caller, target) => createSchema(deps, caller, target),
    copy,
    switchTo: async (caller, target) => {
      if (copying) throw new AppError('CONFLICT', 'A copy is going on; switch when it is done, or cancel it.')
      return switchTo(deps, caller, target)
    },
    migrate: (caller, target) => migrate(deps, caller, target),
  }
}

const resolve = async (
  { block, log }: DatabaseSettingsDeps,
  caller: Caller,
  target: DatabaseTarget,
): Promise<Resolved> => {
  requireRole(caller, 'admin')
  const { version, section: now } = await block.read()
  const section = block.sectionOf(target, now)
  if (section.connection.password !== null) log.mask(section.connection.password)
  const place = block.withAbsolutePaths(section)
  return { version, now, section, place, where: whereText(place) }
}

const createSchema = async (
  deps: DatabaseSettingsDeps,
  caller: Caller,
  target: DatabaseTarget,
): Promise<DatabaseProbe> => {
  const { place, where } = await resolve(deps, caller, target)
  const probe = await deps.probe(place)
  refuseUnusable(probe)
  if (probe.schemaNeeds !== 'create')
    throw refused(`${probe.where} has its tables already; nothing was created.`, probe)
  await deps.createSchema(place)
  deps.log.info(`${caller.actor} created the schema in ${where}`)
  return deps.probe(place)
}

const switchTo = async (
  deps: DatabaseSettingsDeps,
  caller: Caller,
  target: DatabaseTarget,
): Promise<DatabaseSwitched> => {
  const { block, log } = deps
  const { version, now, section, place, where } = await resolve(deps, caller, target)
  if (isSameSection(section, now))
    throw new AppError('CONFLICT', `${block.file} names ${where} already; there is nothing to switch.`)
  const probe = await deps.probe(place)
  refuseUnusable(probe)
  await block.replace(version, section)
  log.info(`${caller.actor} switched ${block.file} to ${where}; settings before in ${block.before}`)
  const needsRestart = !isSameSection(place, block.withAbsolutePaths(block.atStart))
  return { file: block.file, where, before: block.before, needsRestart, probe }
}

const migrate = async (
  deps: DatabaseSettingsDeps,
  caller: Caller,
  target: DatabaseTarget | null,
): Promise<SchemaMigration> => {
  requireRole(caller, 'admin')
  const resolved = target && (await resolve(deps, caller, target))
  const done = await deps.migrate(resolved && resolved.place)
  const where = resolved ? resolved.where : 'the cluster database'
  deps.log.info(`${caller.actor} migrated ${where} to schema version ${done.schemaVersion}`)
  return done
}

const current = async (caller: Caller, block: DatabaseBlock): Promise<CurrentDatabase> => {
  requireRole(caller, 'admin')
  const { section } = await block.read()
  const place = block.withAbsolutePaths(section)
  const atStart = block.withAbsolutePaths(block.atStart)
  return {
    file: block.file,
    where: whereText(place),
    target: targetOf(section),
    inUse: isSameSection(place, atStart),
    running: whereText(atStart),
    before: (await block.hasBefore()) ? block.before : null,
  }
}

/** As it may leave the node: without the password. */
const targetOf = ({ type, connection, options }: DatabaseSection): DatabaseTarget => ({
  type,
  connection: { ...connection, password: connection.password === null ? null : { secret: true } },
  options: { timeout: options.timeout, poolSize: options.poolSize },
})

const refused = (message: string, probe: DatabaseProbe): AppError =>
  new AppError('CONFLICT', message, { data: { probe } })

/** @throws AppError CONFLICT with what is wrong, and what mends it. */
const refuseUnusable = (probe: DatabaseProbe): void => {
  if (!probe.ok) throw refused(`${probe.where} cannot be used: ${reasonOf(probe)}`, probe)
}

const reasonOf = ({ checks, schemaNeeds }: DatabaseProbe): string => {
  const wrong = checks
    .filter(({ ok, severity }) => !ok && severity === 'error')
    .map(({ what, detail, fix }) => `${what}: ${detail}${fix ? ` (${fix})` : ''}`)
  if (schemaNeeds === 'newerProgram') wrong.push('its schema is of a newer program; update this one')
  if (schemaNeeds === 'migrate')
    wrong.push('its schema is older than this program works on; migrate it first')
  return `${wrong.length > 0 ? wrong.join('; ') : 'it did not pass its test'}.`
}

/** The place alone: with another password or timeout it is the same database still. */
const placeOf = (section: DatabaseSection): string =>
  isFile(section.type) ? whereText(section) : whereText(section).toLowerCase()

const refuseOwn = (place: DatabaseSection, block: DatabaseBlock): void => {
  const own = block.withAbsolutePaths(block.atStart)
  if (own.type !== place.type || placeOf(own) !== placeOf(place)) return
  throw new AppError('CONFLICT', `${whereText(place)} is the database of this node itself; name another one.`)
}
