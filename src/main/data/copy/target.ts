import { AppError } from '../../../shared/domain/errors.ts'
import { newId } from '../../platform/ids.ts'
import type { OpenDatabase, Query } from '../db.ts'
import type { Tables } from '../entities/index.ts'
import { installTriggers } from '../triggers.ts'
import { readFact, writeFact } from './facts.ts'
import {
  markSource,
  readPositions,
  readSource,
  removeMarks,
  type CopySource,
  type Positions,
} from './marker.ts'
import { conditions, countRows, type Key } from './rows.ts'
import { countChanges, numberPending } from './sequence.ts'
import { copyTables, storedIn, type CopyTable } from './tables.ts'

/** The database that a copy goes into: taken possession of, emptied where it must be, handed over when it is whole. */

/** Queries of the target, each outside of a transaction. */
export const writing = (target: OpenDatabase): Query => target.orm.em.fork().getKysely<Tables>()

/**
 * Marks the target as one that a copy goes into, and takes its capture triggers away: rows that are copied are no
 * changes. Answers how far a copy of the same source came that was not finished.
 *
 * @throws AppError CONFLICT: it holds something else, or this account may not make triggers.
 */
export const claimTarget = async (target: OpenDatabase, source: CopySource): Promise<Positions> => {
  const db = writing(target)
  if ((await readFact(db, 'DatabaseID')) === source.databaseId)
    throw new AppError('CONFLICT', `${target.where} is the database that is to be copied`)
  const begun = await readSource(db)
  if (begun && begun.databaseId !== source.databaseId)
    throw refused(target, `a part of another database, ${begun.where}: empty it first`)
  if (!begun) await refuseRows(target, db)
  if ((await target.dialect.installedObjects(db)) === null)
    throw new AppError(
      'CONFLICT',
      `this account may not see the capture triggers of ${target.where}; copy with one that may make them`,
    )
  await markSource(db, source)
  await setCapture(target, false)
  return begun ? readPositions(db) : {}
}

const refused = (target: OpenDatabase, what: string): AppError =>
  new AppError('CONFLICT', `the database ${target.where} is not empty: it holds ${what}`)

const refuseRows = async (target: OpenDatabase, db: Query): Promise<void> => {
  const held: string[] = []
  for (const table of copyTables()) {
    // Each database has facts of its own from the start.
    const rows = table.name === 'Cluster_Info' ? 0 : await countRows(db, table)
    if (rows > 0) held.push(`${rows} ${rows === 1 ? 'row' : 'rows'} of ${table.name}`)
  }
  if (held.length > 0) throw refused(target, `${held.join(', ')}. Name an empty one`)
}

const setCapture = (target: OpenDatabase, trackChanges: boolean): Promise<unknown> =>
  target.orm.em.fork().transactional((tx) =>
    installTriggers(tx.getKysely<Tables>(), {
      dialect: target.dialect,
      schemaVersion: target.schemaVersion,
      trackChanges,
    }),
  )

const REMOVED_AT_ONCE = 1000

/** Removes the rows behind `after`, some at a time: what a copy wrote that is not as its source is now. */
export const clearBehind = async (db: Query, table: CopyTable, after: Key | null): Promise<void> => {
  const stored = storedIn(db)
  for (;;) {
    const keys = await stored
      .selectFrom(table.name)
      .select([...table.keys])
      .where((where) => where.and(conditions(where, table, after, null)))
      .$call((query) => table.keys.reduce((sorted, key) => sorted.orderBy(key), query))
      .limit(REMOVED_AT_ONCE)
      .execute()
    const row = keys.at(-1)
    if (!row) return
    // The driver gives keys as it takes them.
    const last = table.keys.map((key) => row[key]) as Key
    await stored
      .deleteFrom(table.name)
      .where((where) => where.and(conditions(where, table, after, last)))
      .execute()
  }
}

/**
 * Makes the copy a database of its own: its changes numbered as its dialect does it, its triggers installed, a
 * DatabaseID that others notice. The last thing is that nodes may start on it; answers the DatabaseID.
 */
export const finishTarget = async (target: OpenDatabase, sourceCounter: number): Promise<string> => {
  const db = writing(target)
  if (target.dialect.sequencedByTrigger) await numberPending(db)
  await countChanges(db, target.dialect.copyWords, sourceCounter)
  await setCapture(target, target.trackChanges)
  const databaseId = newId()
  await db.transaction().execute(async (tx) => {
    await writeFact(tx, 'DatabaseID', databaseId)
    await removeMarks(tx)
  })
  return databaseId
}

/** The database of a copy, named for its target. @throws AppError CONFLICT when it has no identity yet. */
export const sourceOf = async (db: Query, where: string): Promise<CopySource> => {
  const databaseId = await readFact(db, 'DatabaseID')
  if (databaseId === undefined) throw new AppError('CONFLICT', `the database ${where} has no DatabaseID`)
  return { databaseId, where }
}
