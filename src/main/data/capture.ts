import { tableColumns, type Column } from './columns.ts'
import type { TableName } from './entities/index.ts'

/**
 * What the change log records. One list: triggers, images and reverts derive from it.
 *
 * Left out: columns that change with the machine rather than by someone's will (heartbeats, running state;
 * 10 nodes beating every 10 s would be 86,400 changes a day), and hashes of secrets.
 */
const CAPTURED = {
  Tasks: () => true,
  Task_Schedule: only('ScheduleID', 'TaskID', 'NodeID'),
  Nodes: allBut('LastHeartbeat', 'Incarnation'),
  Api_Token: allBut('TokenHash'),
  Task_Lock: () => true,
} satisfies Partial<Record<TableName, (column: string) => boolean>>

export type CapturedTableName = keyof typeof CAPTURED

/** What may be edited on a node that does not reach the cluster database. */
export const EDITED_OFFLINE: readonly CapturedTableName[] = ['Tasks', 'Task_Schedule']

export interface CapturedTable {
  name: CapturedTableName
  /** The column that identifies a record: Data_Change.RecordID. */
  key: Column
  /** Captured columns, the order of the image. */
  columns: readonly Column[]
}

function only(...names: string[]): (column: string) => boolean {
  return (column) => names.includes(column)
}

function allBut(...names: string[]): (column: string) => boolean {
  return (column) => !names.includes(column)
}

export const isCaptured = (table: string): table is CapturedTableName => Object.hasOwn(CAPTURED, table)

export const capturedTable = (name: CapturedTableName): CapturedTable => {
  const columns = tableColumns(name).filter(({ column }) => CAPTURED[name](column))
  const key = columns.find((column) => column.primary)
  if (!key) throw new Error(`${name} is captured without its key`)
  return { name, key, columns }
}

export const capturedTables = (): CapturedTable[] =>
  Object.keys(CAPTURED)
    .filter(isCaptured)
    .map((name) => capturedTable(name))
