import type { Tables } from '../entities/index.ts'
import type { Selectable } from 'kysely'
import type { Query } from '../db.ts'
import type { RunRow } from './runs.ts'

/** What tells a node that others wrote: a few rows by an index, asked for each second. */

export type SeenRun = Pick<
  RunRow,
  | 'historyId'
  | 'taskId'
  | 'nodeId'
  | 'targetNodeId'
  | 'incarnation'
  | 'state'
  | 'stopRequestedAt'
  | 'updatedAt'
>

/** Runs written since then, oldest first. */
export const runsUpdatedSince = (db: Query, since: string, limit: number): Promise<SeenRun[]> =>
  db
    .selectFrom('Task_History')
    .select([
      'historyId',
      'taskId',
      'nodeId',
      'targetNodeId',
      'incarnation',
      'state',
      'stopRequestedAt',
      'updatedAt',
    ])
    .where('updatedAt', '>=', since)
    .orderBy('updatedAt')
    .limit(limit)
    .execute()

export type SeenChange = Pick<
  Selectable<Tables['Data_Change']>,
  'localSeq' | 'changeId' | 'tableName' | 'recordId' | 'nodeId'
>

/** Changes captured since then, oldest first. */
export const changesSince = (db: Query, since: string, limit: number): Promise<SeenChange[]> =>
  db
    .selectFrom('Data_Change')
    .select(['localSeq', 'changeId', 'tableName', 'recordId', 'nodeId'])
    .where('changedAt', '>=', since)
    .orderBy('changedAt')
    .limit(limit)
    .execute()

/** What has moved on the whole, in one question. */
export interface Marks {
  /** Of the newest change; null: there is none. */
  lastChange: number | null
  /** The hold that is not released. */
  holdId: string | null
  /** Until when somebody follows some run from another node. */
  followUntil: string | null
}

/** @param cluster whether the database has the tables of several nodes (`hasClusterTables`) */
export const readMarks = async (db: Query, cluster: boolean): Promise<Marks> => {
  const change = db.selectFrom('Data_Change').select(({ fn }) => fn.max('localSeq').as('lastChange'))
  const { lastChange, ...marks } = cluster
    ? await db.selectNoFrom([change.as('lastChange'), ...clusterMarks(db)]).executeTakeFirstOrThrow()
    : { ...(await change.executeTakeFirstOrThrow()), holdId: null, followUntil: null }
  return { ...marks, lastChange: lastChange === null ? null : Number(lastChange) }
}

const clusterMarks = (db: Query) =>
  [
    db
      .selectFrom('Cluster_Hold')
      .select(({ fn }) => fn.min('holdId').as('holdId'))
      .where('releasedAt', 'is', null)
      .as('holdId'),
    db
      .selectFrom('Output_Follower')
      .select(({ fn }) => fn.max('followUntil').as('followUntil'))
      .as('followUntil'),
  ] as const
