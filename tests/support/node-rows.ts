import Sqlite from 'better-sqlite3'

/** Nodes that are only rows, in the database file of a node that is stopped: it finds others when it starts. */

export interface NodeRowInput {
  name: string
  group?: string | null
  role?: string | null
  slots?: number
  types?: string[]
  draining?: boolean
  retired?: boolean
  /** Its last heartbeat, ISO. A row that nobody renews is away soon, unless this lies ahead. */
  lastHeartbeat: string
}

/** Each gets its name as its id. */
export const putNodes = (file: string, nodes: readonly NodeRowInput[]): void => {
  const db = new Sqlite(file)
  // The triggers need the program's functions; it puts them back at its next start.
  const triggers = db.prepare<[], { name: string }>(`select name from sqlite_master where type = 'trigger'`)
  for (const { name } of triggers.all()) db.exec(`drop trigger "${name}"`)
  const columns =
    'NodeID NodeName Hostname IPAddress NodeGroup NodeRole Tags IsActive IsDraining LastHeartbeat MaxConcurrentTasks SupportedTaskTypes Version Platform RegisteredAt'.split(
      ' ',
    )
  const insert = db.prepare(
    `insert into Nodes (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`,
  )
  for (const node of nodes) {
    const types = JSON.stringify(node.types ?? ['bash', 'node', 'python'])
    insert.run(
      ...[node.name, node.name, node.name, '10.0.0.9', node.group ?? null, node.role ?? null, '[]'],
      ...[node.retired ? 0 : 1, node.draining ? 1 : 0, node.lastHeartbeat, node.slots ?? 4, types],
      ...['0.1.0', 'linux x64', node.lastHeartbeat],
    )
  }
  db.close()
}
