import fc from 'fast-check'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { tableColumns } from '../../src/main/data/columns.ts'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { eachScript, eachTask, tasksForAllNodes, updateTask } from '../../src/main/data/repos/tasks.ts'
import type { TaskFilter } from '../../src/shared/domain/task.ts'
import { listTasks } from '../../src/main/data/repos/task-list.ts'
import { effectiveRunOn } from '../../src/shared/domain/assignment.ts'
import { databases } from '../support/databases.ts'
import { numbers } from './numbers.ts'
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

/** So many by SQL: 0000000, 0000001, …, of one kind. */
const addMany = async (db: OpenDatabase, count: number): Promise<void> => {
  await db.write(SYSTEM, async (tx) => {
    await tx
      .insertInto('Tasks')
      .values(taskRow({ taskId: '0000000', taskName: '0000000' }))
      .execute()
    const columns = tableColumns('Tasks').map(({ column }) => column)
    const values = columns.map((column) =>
      ['TaskID', 'TaskName'].includes(column) ? sql`'00' || n.digits` : sql.ref(`t.${column}`),
    )
    await sql`insert into ${sql.table('Tasks')} (${sql.join(columns.map((column) => sql.ref(column)))})
      select ${sql.join(values)} from ${numbers} cross join ${sql.table('Tasks')} t
      where n.digits > '00000' and n.digits < ${sql.lit(String(count).padStart(5, '0'))}`.execute(tx)
  })
}

describe.each(databases())('$name: a search among many tasks', ({ open }) => {
  const searcher = async (sort: TaskFilter['sort']) => {
    const db = await open({ config: { enableChangeTracking: false } })
    await addMany(db, 25_000)
    return (text: string, cursor?: string) =>
      listTasks(db.read, { sort, limit: 10, search: text, ...(cursor ? { cursor } : {}) })
  }
  const firstTen = Array.from({ length: 10 }, (_, i) => `000000${i}`)

  it('by name finds what lies behind 20,000 others a page later', async () => {
    const search = await searcher('name')
    const near = await search('0000017')
    expect(near.items.map((task) => task.taskName)).toEqual(['0000017'])
    const first = await search('0024999')
    expect(first.items).toEqual([])
    const second = await search('0024999', first.nextCursor ?? '')
    expect(second.items.map((task) => task.taskName)).toEqual(['0024999'])
    expect(second.nextCursor).toBeNull()
    expect((await search('000')).items.map((task) => task.taskName)).toEqual(firstTen)
  })

  it.each(['priority', 'state', 'nextRun', 'lastRun'] as const)(
    'in the order of %s finds few at once and many a page at a time',
    async (sort) => {
      const search = await searcher(sort)
      const few = await search('0024999')
      expect(few.items.map((task) => task.taskName)).toEqual(['0024999'])
      expect(few.nextCursor).toBeNull()
      const many = await search('000')
      expect(many.items.map((task) => task.taskName)).toEqual(firstTen)
      const next = await search('000', many.nextCursor ?? '')
      expect(next.items[0]?.taskName).toBe('0000010')
    },
  )
})

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
