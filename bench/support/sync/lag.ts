import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openSqlite } from '../../../src/main/data/sqlite/open-sqlite.ts'
import { systemClock } from '../../../src/main/platform/clock.ts'
import type { Task } from '../../../src/shared/domain/task.ts'
import { eventually } from '../../../tests/support/eventually.ts'
import { databaseYaml } from '../../../tests/support/server-config.ts'
import type { ServerAddress } from '../../../tests/support/servers/server.ts'
import { createTestDatabase, dropTestDatabase } from '../../../tests/support/servers/test-database.ts'
import { caller, startBenchNode, type BenchNode } from '../bench-node.ts'
import { withTempFolder } from '../folders.ts'
import { below, percentile, type BenchRow } from '../rows.ts'

const EDITS = 60
/** Between two edits, at most: they come at any moment of the rounds. */
const LONGEST_PAUSE_MS = 700
/** Seconds: short, so that the bench is. A node looks for edits about once a second besides (services/engine/watch.ts). */
const INTERVAL = 2
/** With signals. */
const SIGNAL_BUDGET_MS = 1000

/** From the answer to an edit on one node until it is in the replica of another one, both whole nodes. */
export const lagRows = (server: ServerAddress): Promise<BenchRow[]> =>
  withTempFolder(async (folder) => {
    const database = await createTestDatabase(server)
    const nodes: BenchNode[] = []
    try {
      const start = async (name: string): Promise<BenchNode> => {
        const node = await startBenchNode(prepare(join(folder, name), databaseYaml(server, database)))
        nodes.push(node)
        return node
      }
      const editing = await start('editing')
      await start('following')
      const times = await measure(editing, join(folder, 'following', 'pswebhost.db'))
      const hasSignals = server.type === 'PostgreSQL'
      const budget = hasSignals ? SIGNAL_BUDGET_MS : INTERVAL * 1000 + SIGNAL_BUDGET_MS
      const how = hasSignals ? 'with signals' : `without signals, interval ${INTERVAL} s`
      return [
        below(
          `${server.name}: from commit to another node’s replica (p95, ${how})`,
          percentile(times, 0.95),
          {
            ...{ unit: 'ms', budget },
          },
        ),
      ]
    } finally {
      for (const node of nodes.reverse()) await node.close()
      await dropTestDatabase(server, database)
    }
  })

/** The folder of a node. */
const prepare = (dir: string, database: string): string => {
  mkdirSync(dir, { recursive: true })
  const yaml = `${database}tableSync:\n  interval: ${INTERVAL}\nexecution:\n  shutdownGraceSeconds: 1\n`
  writeFileSync(join(dir, 'app.yaml'), yaml, { mode: 0o600 })
  return dir
}

const measure = async (editing: BenchNode, replica: string): Promise<number[]> => {
  const task = await editing.createTask({
    taskName: 'watched',
    scriptPath: editing.script('job.sh', 'true\n'),
  })
  const file = await eventually(() => openSqlite({ path: replica, readonly: true }), 30_000)
  const priority = file.prepare<[string], number>(`select "Priority" from "Tasks" where "TaskID" = ?`).pluck()
  const times: number[] = []
  try {
    await eventually(() => priority.get(task.taskId) !== undefined, 60_000)
    for (let edit = 1; edit <= EDITS; edit += 1) {
      await systemClock.sleep(Math.random() * LONGEST_PAUSE_MS)
      times.push(await timeOf(editing, { task, edit, isThere: () => priority.get(task.taskId) === edit }))
    }
  } finally {
    file.close()
  }
  return times
}

const timeOf = async (
  editing: BenchNode,
  { task, edit, isThere }: { task: Task; edit: number; isThere: () => boolean },
): Promise<number> => {
  await editing.services.tasks.update(caller, task.taskId, { priority: edit })
  const committedAt = performance.now()
  while (!isThere()) await systemClock.sleep(2)
  return performance.now() - committedAt
}
