import Sqlite from 'better-sqlite3'
import { isoOf, systemClock } from '../../src/main/platform/clock.ts'

/** Nodes that are only rows in the database file of one that is there: how others look to it. */

export interface NodeRow {
  name: string
  /** Its name, where left out. */
  id?: string
  group?: string | null
  role?: string | null
  slots?: number
  types?: string[]
  draining?: boolean
  retired?: boolean
  /** ISO; now where left out. Nobody renews it: the node is away once the lease is over. */
  lastHeartbeat?: string
  clockOffset?: number
  missingScripts?: { taskId: string; taskName: string; scriptPath: string; reason: string }[]
}

/**
 * Adds the rows, whether the node of the file runs or not. Changes of nodes are not captured from then on until it
 * starts again.
 */
export const putNodes = (file: string, nodes: readonly NodeRow[]): void => {
  const db = new Sqlite(file, { timeout: 5000 })
  dropTriggers(db, 'Nodes')
  const now = systemClock.now()
  for (const node of nodes) {
    const id = node.id ?? node.name
    const heartbeat = node.lastHeartbeat ?? isoOf(now)
    insert(db, 'Nodes', {
      ...{ NodeID: id, NodeName: node.name, Hostname: node.name, IPAddress: '10.0.0.9', Port: 7780 },
      ...{ NodeGroup: node.group ?? null, NodeRole: node.role ?? null, Tags: '[]' },
      ...{ IsActive: node.retired ? 0 : 1, IsDraining: node.draining ? 1 : 0, LastHeartbeat: heartbeat },
      MaxConcurrentTasks: node.slots ?? 4,
      SupportedTaskTypes: JSON.stringify(node.types ?? ['bash', 'node', 'python']),
      ...{ Version: '0.1.0', Platform: 'linux x64', RegisteredAt: heartbeat },
    })
    if (node.clockOffset === undefined && node.missingScripts === undefined) continue
    insert(db, 'Node_State', {
      ...{ NodeID: id, StartedAt: isoOf(now), ClockOffset: node.clockOffset ?? 0, Addresses: '["10.0.0.9"]' },
      MissingScripts: JSON.stringify(node.missingScripts ?? []),
    })
  }
  db.close()
}

const insert = (db: Sqlite.Database, table: string, row: Record<string, string | number | null>): void => {
  const columns = Object.keys(row)
  db.prepare(
    `insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`,
  ).run(...Object.values(row))
}

/** The triggers need functions that only the program has; it puts them back at its next start. */
export const dropTriggers = (db: Sqlite.Database, table?: string): void => {
  const triggers = db.prepare<[string | null, string | null], { name: string }>(
    `select name from sqlite_master where type = 'trigger' and (? is null or tbl_name = ?)`,
  )
  for (const { name } of triggers.all(table ?? null, table ?? null)) db.exec(`drop trigger "${name}"`)
}
