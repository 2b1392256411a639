import type { DatabaseCheck } from '../../../shared/domain/database.ts'
import { isInSchema } from '../failure-tables.ts'
import type { TableName } from '../entities/index.ts'
import { requirement } from './requirement.ts'

/*
 * What a node needs of its account: resources/sql/…/2-rights.sql grants it, and the test of a connection asks for it,
 * of a schema of the step before only for the tables that are there.
 */

export type Right = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE'

/** A right to one table; that to update may be one to a column. */
export interface TableRight {
  table: TableName
  right: Right
}

const ALL: readonly Right[] = ['SELECT', 'INSERT', 'UPDATE', 'DELETE']

const NEEDED: Record<TableName, readonly Right[]> = {
  Tasks: ALL,
  Task_Schedule: ALL,
  Task_History: ALL,
  Cluster_Key: ALL,
  Nodes: ['SELECT', 'INSERT', 'UPDATE'],
  Api_Token: ['SELECT', 'INSERT', 'UPDATE'],
  Data_Change: ['SELECT', 'UPDATE', 'DELETE'],
  Sync_Counter: ['SELECT', 'UPDATE'],
  // To lock a row is to have the right to update some column of it.
  Cluster_Info: ['SELECT', 'UPDATE'],
  Node_State: ['SELECT', 'INSERT', 'UPDATE'],
  Join_Token: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  Task_Lock: ALL,
  Run_Lock: ALL,
  Output_Follower: ALL,
  Task_Output: ALL,
  Cluster_Hold: ['SELECT', 'INSERT', 'UPDATE'],
  Sync_Cursor: ALL,
  Sync_Pending: ['SELECT'],
  Sync_Run: ['SELECT'],
  Sync_Applied: ALL,
  Sync_Conflict: ALL,
  Change_Seal: ['SELECT', 'INSERT', 'UPDATE'],
  Task_Failure: ALL,
  Webhook: ALL,
  Webhook_Call: ALL,
}

/** Everything a node needs on the schema of this program. */
export const nodeRights: readonly TableRight[] = (Object.keys(NEEDED) as TableName[]).flatMap((table) =>
  NEEDED[table].map((right) => ({ table, right })),
)

/** What it needs on a schema of this version; null: as this program's. */
export const nodeRightsOn = (schemaVersion: number | null): readonly TableRight[] =>
  nodeRights.filter(({ table }) => isInSchema(table, schemaVersion ?? Infinity))

/** @param scripts the folder of resources/sql whose scripts grant them. */
export const mayWork = (account: string, missing: readonly TableRight[], scripts: string): DatabaseCheck => {
  const may = missing.length === 0
  const detail = may ? `${account} may read and write the tables` : `${account} lacks ${rightsText(missing)}`
  return requirement('rights', 'rights', may, detail, {
    fix: `run resources/sql/${scripts}/2-rights.sql, which grants what a node needs`,
  })
}

/** `SELECT, UPDATE on Tasks; DELETE on Data_Change`. */
const rightsText = (rights: readonly TableRight[]): string =>
  [...new Set(rights.map(({ table }) => table))]
    .map((table) => {
      const words = rights.filter((one) => one.table === table).map(({ right }) => right)
      return `${words.join(', ')} on ${table}`
    })
    .join('; ')
