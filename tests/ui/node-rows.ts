import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { isoOf, systemClock } from '../../src/main/platform/clock.ts'
import type { NodeProcess } from '../support/node-process.ts'

/** A node that is only rows in the database of one that is there: how others look to it. */
export interface NodeRows {
  nodeId: string
  nodeName: string
  nodeGroup?: string
  /** Seconds since its last heartbeat, as of now and for ever: it is Away once the lease is over. */
  beat?: number
  isActive?: boolean
  isDraining?: boolean
  clockOffset?: number
  missingScripts?: { taskId: string; taskName: string; scriptPath: string; reason: string }[]
}

const STILL_THERE = -3600

/**
 * Adds the rows from outside. Changes of nodes are not captured in that database from then on: the triggers need
 * functions that only the program has.
 */
export const insertNodes = ({ dir }: NodeProcess, nodes: readonly NodeRows[]): void => {
  const db = new Sqlite(join(dir, 'pswebhost.db'), { timeout: 5000 })
  const triggers = db.prepare<[], { name: string }>(
    `select name from sqlite_master where type = 'trigger' and tbl_name = 'Nodes'`,
  )
  for (const { name } of triggers.all()) db.exec(`drop trigger "${name}"`)
  const now = systemClock.now()
  for (const node of nodes) {
    // In the future for the one that is to stay Active: nobody beats for it.
    const heartbeat = isoOf(now - (node.beat ?? STILL_THERE) * 1000)
    db.prepare(
      `insert into Nodes (NodeID, NodeName, Hostname, Port, NodeGroup, Tags, IsActive, IsDraining, LastHeartbeat,
        MaxConcurrentTasks, SupportedTaskTypes, Version, Platform, RegisteredAt)
        values (?, ?, 'elsewhere', 7780, ?, '[]', ?, ?, ?, 4, '["bash"]', '9.9.9', 'linux x64', ?)`,
    ).run(
      ...[node.nodeId, node.nodeName, node.nodeGroup ?? null, node.isActive === false ? 0 : 1],
      ...[node.isDraining ? 1 : 0, heartbeat, isoOf(now)],
    )
    db.prepare(
      'insert into Node_State (NodeID, StartedAt, ClockOffset, Addresses, MissingScripts) values (?, ?, ?, ?, ?)',
    ).run(
      ...[node.nodeId, isoOf(now), node.clockOffset ?? 0, '["192.0.2.7"]'],
      JSON.stringify(node.missingScripts ?? []),
    )
  }
  db.close()
}
