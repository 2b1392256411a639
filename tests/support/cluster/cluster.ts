import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OpenDatabase } from '../../../src/main/data/db.ts'
import { createDatabase } from '../../../src/main/data/orm.ts'
import { systemClock } from '../../../src/main/platform/clock.ts'
import type { Client } from '../../../src/shared/client/create-client.ts'
import { taskInputSchema, type Task, type TaskInputRaw } from '../../../src/shared/domain/task.ts'
import type { CheckedRun, Span } from '../checker/facts.ts'
import type { ServerAddress } from '../servers/server.ts'
import { createTestDatabase, dropTestDatabase, serverConfig } from '../servers/test-database.ts'
import { createClusterNode, leaseMsOf, type ClusterNode, type NodeSettings } from './node.ts'
import { loggingScript, readSpans } from './scripts.ts'

/** Nodes of one cluster, each in processes of its own, on a database of its own; usable outside of vitest too. */
export interface Cluster {
  dir: string
  server: ServerAddress
  nodes: ClusterNode[]
  /** How long a lease is, at the longest. */
  leaseMs: number
  /** The cluster's database past all proxies. */
  db: OpenDatabase
  /** A node more, started. */
  addNode: (settings: NodeSettings) => Promise<ClusterNode>
  /** A script that logs its start, its signs of life and its end; answers its path. */
  script: (name: string, body: string) => Promise<string>
  task: (input: Partial<TaskInputRaw>) => Promise<Task>
  /** Of a node that runs. */
  client: () => Client
  /** The history as it is, oldest slot first. */
  runs: (taskId?: string) => Promise<CheckedRun[]>
  spans: () => Promise<Span[]>
  close: () => Promise<void>
}

export const startCluster = async (server: ServerAddress, nodes: NodeSettings[]): Promise<Cluster> => {
  const dir = await mkdtemp(join(tmpdir(), 'pswebhost-cluster-'))
  const scripts = join(dir, 'scripts')
  const logFile = join(dir, 'scripts.log')
  await mkdir(scripts)
  const database = await createTestDatabase(server)
  const started: ClusterNode[] = []
  let db: OpenDatabase | null = null
  const close = async (): Promise<void> => {
    await Promise.all(started.map((node) => node.close()))
    await db?.close()
    await dropTestDatabase(server, database)
    await rm(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
  const addNode = async (settings: NodeSettings): Promise<ClusterNode> => {
    const place = { dir: join(dir, settings.name), scripts, server, database }
    const node = await createClusterNode(place, settings)
    started.push(node)
    await node.start()
    return node
  }
  try {
    const [first, ...others] = nodes
    // Alone: it makes the tables.
    if (first) await addNode(first)
    await Promise.all(others.map(addNode))
    started.sort((one, other) => (one.name < other.name ? -1 : 1))
    db = await openDatabase(server, database)
    const leaseMs = Math.max(...nodes.map(leaseMsOf))
    return {
      dir,
      server,
      nodes: started,
      leaseMs,
      db,
      addNode,
      close,
      ...asking(db, started, scripts, logFile),
    }
  } catch (error) {
    await close()
    throw error
  }
}

const asking = (db: OpenDatabase, nodes: readonly ClusterNode[], scripts: string, logFile: string) => {
  let names = 0
  const client = (): Client => {
    const node = nodes.find((one) => one.isRunning())
    if (!node) throw new Error('no node of the cluster runs')
    return node.client()
  }
  return {
    client,
    script: async (name: string, body: string): Promise<string> => {
      await writeFile(join(scripts, name), loggingScript(logFile, body))
      return name
    },
    task: (input: Partial<TaskInputRaw>): Promise<Task> => {
      names += 1
      return client().tasks.create(
        taskInputSchema.parse({ taskName: `task-${names}`, timeZone: 'UTC', ...input }),
      )
    },
    runs: (taskId?: string): Promise<CheckedRun[]> => readRuns(db, taskId),
    spans: () => readSpans(logFile),
  }
}

const readRuns = (db: OpenDatabase, taskId?: string): Promise<CheckedRun[]> => {
  const rows = db.read
    .selectFrom('Task_History')
    .select([
      'historyId',
      'taskId',
      'scheduleId',
      'scheduledFor',
      'attempt',
      'state',
      'nodeId',
      'targetNodeId',
    ])
    .select(['startTime', 'endTime', 'leaseUntil', 'stopRequestedAt', 'skippedCount', 'error'])
    .orderBy('scheduledFor')
    .orderBy('attempt')
  return (taskId === undefined ? rows : rows.where('taskId', '=', taskId)).execute()
}

const openDatabase = (server: ServerAddress, database: string): Promise<OpenDatabase> =>
  createDatabase({
    config: serverConfig(server, database),
    readerEntry: new URL('../../../src/main/data/sqlite/reader-worker.ts', import.meta.url),
    nodeId: () => '01900000-0000-7000-8000-0000000000ff',
    clock: systemClock,
    programVersion: '0.1.0',
  })
