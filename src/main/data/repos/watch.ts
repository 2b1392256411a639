import type { Tables } from '../entities/index.ts'
import type { Selectable } from 'kysely'
import { hasFailureTables } from '../failure-tables.ts'
import type { Database, Query } from '../db.ts'
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
  /** When the newest conflict was found, and when one was last resolved. */
  lastConflict: string | null
  lastResolution: string | null
  /** When one last failed, recovered or was acknowledged; null too on a schema without failures. */
  lastFailure: string | null
  /** Another one whenever what fails now has changed, also when clocks of nodes make the time stand still. */
  failing: string
}

export const readMarks = async (db: Query, schema: Pick<Database, 'schemaVersion'>): Promise<Marks> => {
  const change = db.selectFrom('Data_Change').select(({ fn }) => fn.max('localSeq').as('lastChange'))
  const { lastChange, ...marks } = await db
    .selectNoFrom([
      change.as('lastChange'),
      ...clusterMarks(db),
      ...conflictMarks(db),
      ...(hasFailureTables(schema) ? failureMarks(db) : []),
    ])
    .executeTakeFirstOrThrow()
  const { lastFailure = null, failing = null } = marks
  return {
    ...marks,
    lastFailure,
    failing: `${failing ?? 0}`,
    lastChange: lastChange === null ? null : Number(lastChange),
  }
}

const failureMarks = (db: Query) =>
  [
    db
      .selectFrom('Task_Failure')
      .select(({ fn }) => fn.max('updatedAt').as('lastFailure'))
      .as('lastFailure'),
    db
      .selectFrom('Task_Failure')
      .select(({ fn }) => fn.sum<number | string | null>('version').as('failing'))
      .where('recoveredAt', 'is', null)
      .as('failing'),
  ] as const

const conflictMarks = (db: Query) =>
  [
    db
      .selectFrom('Sync_Conflict')
      .select(({ fn }) => fn.max('detectedAt').as('lastConflict'))
      .as('lastConflict'),
    db
      .selectFrom('Sync_Conflict')
      .select(({ fn }) => fn.max('resolvedAt').as('lastResolution'))
      .as('lastResolution'),
  ] as const

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
