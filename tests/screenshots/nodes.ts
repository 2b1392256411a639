import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import type { Page } from 'playwright-core'
import { isoOf, systemClock } from '../../src/main/platform/clock.ts'
import type { Task } from '../../src/shared/domain/task.ts'
import { databaseYaml } from '../support/server-config.ts'
import { startPostgres } from '../support/servers/postgres.ts'
import { createTestDatabase } from '../support/servers/test-database.ts'
import { COMPANY, type CompanyNode } from './company-nodes.ts'
import { adminToken, clientOf, createTasks, startProgram } from './open-story.ts'

/*
 * Nodes that are only rows: a real node on a PostgreSQL of the scene's own sees a dozen others, which say what
 * nodes say. Pictures only: tests start real nodes.
 */

export interface NodesScene {
  url: string
  /** The console, signed in. */
  address: string
  pictures: readonly { name: string; path: string; show: (page: Page) => Promise<unknown> }[]
  /** Every node was heard of as long ago as its part in the story says. */
  beat: () => Promise<void>
  close: () => Promise<void>
}

const NODE = `node:
  nodeName: ops-01
  nodeGroup: core
  nodeRole: worker
  maxConcurrentTasks: 8
cluster:
  timeZone: Europe/Berlin
execution:
  shutdownGraceSeconds: 1
`

const ago = (seconds: number): string => isoOf(systemClock.now() - seconds * 1000)
const idOf = (n: number): string => `0190b2c4-7000-7000-8000-${String(n + 1).padStart(12, '0')}`

/** The insert of a row, by its columns. */
const insert = (db: pg.Client, table: string, row: Record<string, unknown>): Promise<unknown> => {
  const columns = Object.keys(row)
  const names = columns.map((name) => `"${name}"`).join(', ')
  const marks = columns.map((_, i) => `$${i + 1}`).join(', ')
  return db.query(`insert into "${table}" (${names}) values (${marks})`, Object.values(row))
}

const insertNode = async (db: pg.Client, node: CompanyNode, n: number, tasks: readonly Task[]) => {
  const { draining, retired, missing = [] } = node
  await insert(db, 'Nodes', {
    ...{ NodeID: idOf(n), NodeName: node.name, Hostname: `${node.name}.corp.example`, Port: 7780 },
    ...{ IPAddress: node.address, NodeGroup: node.group, NodeRole: node.role },
    ...{ Tags: JSON.stringify(node.tags), IsActive: retired ? 0 : 1, IsDraining: draining ? 1 : 0 },
    ...{ LastHeartbeat: ago(node.beat), MaxConcurrentTasks: node.slots, Platform: node.platform },
    ...{ SupportedTaskTypes: JSON.stringify(node.types), Version: node.version },
    ...{ RegisteredAt: ago((20 + n * 9) * 86_400), RegisteredBy: n % 2 ? 'a.weber' : 'm.keller' },
  })
  const found = missing.map((one) => ({
    ...one,
    taskId: tasks.find(({ taskName }) => taskName === one.taskName)?.taskId ?? idOf(900),
  }))
  await insert(db, 'Node_State', {
    ...{ NodeID: idOf(n), StartedAt: ago((2 + n) * 86_400), KeyID: retired ? null : idOf(500) },
    PublicKey: idOf(600 + n),
    ...{ ClockOffset: node.offset, Addresses: JSON.stringify([node.address]) },
    ...{ MissingScripts: JSON.stringify(found), Isolation: JSON.stringify(node.isolation ?? []) },
    ...(draining && {
      ...{ DrainingSince: ago(draining.minutes * 60), DrainingBy: draining.by },
      DrainingReason: draining.reason,
    }),
    ...(retired && {
      ...{ RetiredAt: ago(retired.days * 86_400), RetiredBy: retired.by, RetiredReason: retired.reason },
    }),
  })
}

/** What goes on there; leased for long, since nobody renews it. */
const insertRuns = async (db: pg.Client, node: CompanyNode, n: number, tasks: readonly Task[]) => {
  for (let k = 0; k < node.running; k += 1) {
    const task = tasks[(n * 5 + k * 3) % tasks.length]
    const start = ago(40 + n * 17 + k * 95)
    if (!task) continue
    await insert(db, 'Task_History', {
      ...{ HistoryID: idOf(1000 + n * 20 + k), TaskID: task.taskId, TaskName: task.taskName },
      ...{ AppName: task.appName, NodeID: idOf(n), State: 'Running', TriggeredBy: 'Schedule' },
      ...{ ScheduledFor: start, NotBefore: start, StartTime: start, SortTime: start, UpdatedAt: start },
      ...{ Priority: 0, Attempt: 1, TaskVersion: task.version, Incarnation: idOf(700 + n) },
      LeaseUntil: ago(-3600),
    })
  }
}

/** Two that let somebody in, one of them used; whatever the pictures made themselves is gone. */
const putJoinTokens = async (db: pg.Client): Promise<void> => {
  await db.query('delete from "Join_Token"')
  await insert(db, 'Join_Token', {
    ...{ JoinTokenID: idOf(801), TokenHash: 'a'.repeat(64), CreatedBy: 'm.keller' },
    ...{ CreatedAt: ago(11 * 60), ExpiresAt: ago(-49 * 60 - 30) },
  })
  await insert(db, 'Join_Token', {
    ...{ JoinTokenID: idOf(802), TokenHash: 'b'.repeat(64), CreatedBy: 'a.weber' },
    ...{ CreatedAt: ago(100 * 60), ExpiresAt: ago(-380 * 60), UsedAt: ago(86 * 60) },
    UsedByNodeID: idOf(COMPANY.findIndex(({ name }) => name === 'ops-03')),
  })
}

export const nodesPictures: NodesScene['pictures'] = [
  { name: 'nodes', path: 'nodes', show: () => Promise.resolve() },
  {
    name: 'node',
    path: `nodes/${idOf(0)}`,
    show: (page) => page.getByRole('heading', { name: /edge-fra-01/ }).waitFor(),
  },
  {
    name: 'node-draining',
    path: `nodes/${idOf(1)}`,
    show: (page) => page.getByRole('heading', { name: /file-01/ }).waitFor(),
  },
  {
    name: 'node-drain',
    path: `nodes/${idOf(6)}`,
    show: async (page) => {
      await page.getByRole('button', { name: 'Drain…' }).click()
      await page.keyboard.type('disk is being replaced')
    },
  },
  {
    name: 'node-add',
    path: 'nodes',
    show: async (page) => {
      await page.getByRole('button', { name: 'Add node' }).click()
      await page.getByRole('button', { name: 'Make a join token' }).click()
      await page.getByText('shown only now').or(page.getByRole('alert')).first().waitFor()
    },
  },
  {
    name: 'emergency-stop',
    path: 'nodes',
    show: async (page) => {
      await page.getByRole('button', { name: 'Emergency stop' }).click()
      await page.getByText('Nothing starts').first().waitFor()
    },
  },
]

/** Makes the scene below `data` and leaves its node running. */
export const openNodesScene = async (data: string): Promise<NodesScene> => {
  const server = await startPostgres()
  const dir = join(data, 'nodes')
  await mkdir(dir)
  const database = await createTestDatabase(server)
  await writeFile(join(dir, 'app.yaml'), `${databaseYaml(server, database)}${NODE}`)
  const { url, stop } = await startProgram(dir)
  const token = await adminToken(dir)
  const created = await createTasks(clientOf(url, token), dir)
  const tasks = created.map(({ task }) => task)
  const { host, port, username: user, password } = server
  const db = new pg.Client({ host, port, user, password, database })
  await db.connect()
  for (const [n, node] of COMPANY.entries()) {
    await insertNode(db, node, n, tasks)
    await insertRuns(db, node, n, tasks)
  }
  return {
    url,
    address: `${url}/#token=${token}`,
    pictures: nodesPictures,
    beat: async () => {
      await putJoinTokens(db)
      for (const [n, { beat }] of COMPANY.entries())
        await db.query('update "Nodes" set "LastHeartbeat" = $1 where "NodeID" = $2', [ago(beat), idOf(n)])
    },
    close: async () => {
      await db.end()
      await stop()
      await server.close()
    },
  }
}
