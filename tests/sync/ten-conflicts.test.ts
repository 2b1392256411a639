import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openSqlite } from '../../src/main/data/sqlite/open-sqlite.ts'
import type { Conflict } from '../../src/shared/domain/sync.ts'
import type { Task } from '../../src/shared/domain/task.ts'
import type { Cluster } from '../support/cluster/cluster.ts'
import { alike, clusterOf, clusterServers } from '../support/cluster/in-test.ts'
import type { ClusterNode } from '../support/cluster/node.ts'
import { eventually } from '../support/eventually.ts'
import { randomOf } from '../support/soak/random.ts'
import { followed, isOffline } from './edge.ts'

/** Three desks without their cluster database, whose people edit the same tasks. */

const SEED = Number(process.env['PSWEBHOST_SEED'] ?? 6)
const FIELDS = ['priority', 'description', 'timeout', 'retryDelay'] as const
type Field = (typeof FIELDS)[number]

interface Edit {
  taskId: string
  field: Field
  value: string | number
}

const tasksIn = ({ dir }: ClusterNode): unknown[] => {
  const file = openSqlite({ path: join(dir, 'pswebhost.db'), readonly: true })
  try {
    return file.prepare('select * from "Tasks" order by "TaskID"').all()
  } finally {
    file.close()
  }
}

const allFollowed = async ({ nodes }: Cluster): Promise<void> => {
  for (const node of nodes) await followed(node)
}

const conflictsOf = async (cluster: Cluster): Promise<Conflict[]> => {
  const { items } = await cluster.client().conflicts.list({ resolved: true, limit: 200 })
  return items
}

/** Ten edits of tasks that somebody else edits in the same field, each on a node of its own choice. */
const clashes = (taskIds: readonly [string, ...string[]]): Edit[][] => {
  const { between, oneOf } = randomOf(SEED)
  const edits: Edit[][] = [[], [], []]
  const made = new Set<string>()
  for (let value = 100; made.size < 10;) {
    const taskId = oneOf(taskIds)
    const field = oneOf(FIELDS)
    if (made.has(`${taskId} ${field}`)) continue
    made.add(`${taskId} ${field}`)
    const spared = between(0, 3)
    for (const [node, list] of edits.entries()) {
      value += between(1, 9)
      if (node !== spared)
        list.push({ taskId, field, value: field === 'description' ? `text ${value}` : value })
    }
  }
  return edits
}

describe.each(clusterServers())('$name: ten conflicting edits on three nodes that were cut off', (server) => {
  it('end alike everywhere; what was overwritten is in the inbox, and comes back from there', async () => {
    const cluster = await clusterOf(server, alike(3, { capacity: 0 }))
    const scriptPath = await cluster.script('job.sh', 'true')
    const tasks = [await cluster.task({ taskName: 'first', scriptPath })] as [Task, ...Task[]]
    for (const taskName of ['second', 'third', 'fourth'])
      tasks.push(await cluster.task({ taskName, scriptPath }))
    await allFollowed(cluster)
    for (const { proxy } of cluster.nodes) await proxy.refuse()
    for (const node of cluster.nodes) await eventually(() => isOffline(node), 30_000)

    const edits = clashes(tasks.map(({ taskId }) => taskId) as [string, ...string[]])
    for (const [i, node] of cluster.nodes.entries())
      for (const { taskId, field, value } of edits[i] ?? [])
        await node.client().tasks.update({ taskId, [field]: value })
    for (const { proxy } of cluster.nodes) await proxy.accept()
    for (const node of cluster.nodes) await eventually(async () => !(await isOffline(node)), 60_000)
    await allFollowed(cluster)
    const [first, ...others] = cluster.nodes.map(tasksIn)
    for (const other of others) expect(other).toEqual(first)

    const conflicts = await conflictsOf(cluster)
    expect(conflicts.flatMap(({ fields }) => fields).length).toBeGreaterThanOrEqual(10)
    for (const { taskId, field, value } of edits.flat()) {
      const now = await cluster.client().tasks.get({ taskId })
      if (now[field] === value) continue
      const kept = conflicts.some(
        ({ recordId, fields }) =>
          recordId === taskId &&
          fields.some((one) => one.field === field && [one.mine, one.theirs].includes(value)),
      )
      expect(kept, `${field} = ${value} of ${taskId}`).toBe(true)
    }

    // Whoever thinks otherwise takes the other side of each, the last decision being the oldest conflict.
    for (const { conflictId, recordId, fields, resolution } of conflicts) {
      const take = resolution === 'mine' ? 'theirs' : 'mine'
      await cluster.client().conflicts.resolve({ conflictId, take })
      const now = (await cluster.client().tasks.get({ taskId: recordId })) as Record<string, unknown>
      for (const one of fields) expect(now[one.field], one.field).toEqual(one[take])
    }
    await allFollowed(cluster)
    const [again, ...rest] = cluster.nodes.map(tasksIn)
    for (const other of rest) expect(other).toEqual(again)
  }, 180_000)
})
