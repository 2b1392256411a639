import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { eachScript, eachTask, tasksForAllNodes, updateTask } from '../../src/main/data/repos/tasks.ts'
import { effectiveRunOn } from '../../src/shared/domain/assignment.ts'
import { databases } from '../support/databases.ts'
import { taskRow } from './rows.ts'

const SYSTEM = { actor: 'system' }
const id = (index: number): string => `task-${String(index).padStart(5, '0')}`

const addTasks = (
  db: OpenDatabase,
  count: number,
  fields: (index: number) => Parameters<typeof taskRow>[0],
) =>
  db.write(SYSTEM, async (tx) => {
    for (let index = 0; index < count; index += 1)
      await tx
        .insertInto('Tasks')
        .values(taskRow({ taskId: id(index), taskName: `name ${index}`, ...fields(index) }))
        .execute()
  })

const collect = async <T>(rows: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = []
  for await (const row of rows) all.push(row)
  return all
}

describe.each(databases())('$name: all tasks', ({ open }) => {
  it.each([0, 1, 500, 1001])('come each once, %i of them', async (count) => {
    const db = await open({ config: { enableChangeTracking: false } })
    await addTasks(db, count, () => ({}))
    const ids = (await collect(eachTask(db.read))).map((task) => task.taskId)
    expect(ids).toEqual(Array.from({ length: count }, (_, index) => id(index)))
  })

  it('come once though someone renames them meanwhile', async () => {
    const db = await open({ config: { enableChangeTracking: false } })
    await addTasks(db, 600, () => ({}))
    const ids = new Set<string>()
    let seen = 0
    for await (const task of eachTask(db.read)) {
      if (seen === 0)
        await db.write(SYSTEM, (tx) => updateTask(tx, id(599), 1, { taskName: '0 first', version: 2 }))
      seen += 1
      ids.add(task.taskId)
    }
    expect([seen, ids.size]).toEqual([600, 600])
  })

  it('for every node are the ones the domain says', async () => {
    const db = await open({ config: { enableChangeTracking: false } })
    const targets = fc.sample(
      fc.record({
        runOn: fc.constantFrom('One' as const, 'All' as const, null),
        assignedNodeId: fc.constantFrom('n', '', null),
        assignedNodeGroup: fc.constantFrom('g', '', null),
        assignedNodeRole: fc.constantFrom('r', null),
      }),
      { numRuns: 120, seed: 3 },
    )
    await addTasks(db, targets.length, (index) => targets[index] ?? {})
    const found: string[] = []
    for (;;) {
      const page = await tasksForAllNodes(db.read, { after: found.at(-1) ?? '', limit: 7 })
      found.push(...page.map((task) => task.taskId))
      if (page.length < 7) break
    }
    const expected = targets.flatMap((target, index) => (effectiveRunOn(target) === 'All' ? [id(index)] : []))
    expect(expected.length).toBeGreaterThan(20)
    expect(found).toEqual(expected)
  })

  it('name their script types, or the script whose name tells', async () => {
    const db = await open({ config: { enableChangeTracking: false } })
    await addTasks(db, 1200, (index) =>
      index % 2 === 0 ? { scriptType: 'bash' } : { scriptType: null, scriptPath: `${index}.py` },
    )
    const scripts = await collect(eachScript(db.read))
    expect(scripts.filter((script) => script.scriptType !== null)).toEqual([
      { scriptType: 'bash', scriptPath: '' },
    ])
    expect(new Set(scripts.map((script) => script.scriptPath)).size).toBe(601)
  })
})
