import { z } from 'zod'
import { AppError } from '../../../shared/domain/errors.ts'
import { readInfo } from '../cluster-info.ts'
import type { Query } from '../db.ts'
import { readFact, writeFact } from './facts.ts'
import { storedIn } from './tables.ts'
import type { Key } from './rows.ts'

/*
 * Two rows of Cluster_Info say that a database is the target of a copy that is not finished: of which database
 * (CopySource), and up to which key each table was written (CopyPosition, in the transaction of its rows).
 */

const sourceSchema = z.object({ databaseId: z.string(), where: z.string() })
export type CopySource = z.infer<typeof sourceSchema>

const positionsSchema = z.record(z.string(), z.array(z.union([z.string(), z.number()])))
/** Table → key of its last row that was copied. */
export type Positions = Record<string, Key>

/** Of which database a copy into this one was begun and not finished. */
export const unfinishedCopyOf = async (db: Query): Promise<CopySource | null> => {
  const text = await readInfo(db, 'CopySource')
  return text === undefined ? null : sourceSchema.parse(JSON.parse(text))
}

/**
 * For whoever starts on a database: half a cluster is none.
 *
 * @throws AppError CONFLICT when a copy into it was not finished.
 */
export const refuseUnfinishedCopy = async (db: Query, where: string): Promise<void> => {
  const source = await unfinishedCopyOf(db)
  if (!source) return
  throw new AppError(
    'CONFLICT',
    `the database ${where} holds a part of ${source.where} only: a copy into it was not finished. Copy again, which ` +
      `goes on where it stopped, or empty the database`,
    { data: { unfinishedCopy: source } },
  )
}

export const readSource = async (db: Query): Promise<CopySource | null> => {
  const text = await readFact(db, 'CopySource')
  return text === undefined ? null : sourceSchema.parse(JSON.parse(text))
}

export const readPositions = async (db: Query): Promise<Positions> => {
  const text = await readFact(db, 'CopyPosition')
  return text === undefined ? {} : positionsSchema.parse(JSON.parse(text))
}

/** From now on no node starts on this database. */
export const markSource = (db: Query, source: CopySource): Promise<void> =>
  writeFact(db, 'CopySource', JSON.stringify(source))

export const markPositions = (db: Query, positions: Positions): Promise<void> =>
  writeFact(db, 'CopyPosition', JSON.stringify(positions))

/** The copy is whole. */
export const removeMarks = async (db: Query): Promise<void> => {
  await storedIn(db)
    .deleteFrom('Cluster_Info')
    .where('InfoKey', 'in', ['CopySource', 'CopyPosition'])
    .execute()
}
