import { defineEntity, MikroORM, p } from '@mikro-orm/sqlite'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { namingPlugin } from '../../src/main/data/naming.ts'
import { databases } from '../support/databases.ts'
import { nodeRow, runRow, scheduleRow, taskRow } from './rows.ts'

const CONTEXT = { actor: 'local:test' }

describe.each(databases())('$name: names and values of results', ({ open }) => {
  it('are those of the entities', async () => {
    const db = await open()
    const task = taskRow({
      tags: ['a', 'ü'],
      parameters: { deep: [1, null] },
      schedule: '*/5 * * * *',
      timeout: 30,
    })
    await db.write(CONTEXT, (tx) => tx.insertInto('Tasks').values(task).execute())
    const row = await db.read.selectFrom('Tasks').selectAll().executeTakeFirstOrThrow()
    expect(row).toMatchObject({ ...task, description: null })
  })

  it('are found by what a select calls a column', async () => {
    const db = await open()
    const task = taskRow({ enabled: false })
    await db.write(CONTEXT, async (tx) => {
      await tx.insertInto('Tasks').values(task).execute()
      await tx
        .insertInto('Task_Schedule')
        .values(scheduleRow({ taskId: task.taskId }))
        .execute()
    })
    const rows = await db.read
      .selectFrom('Tasks as t')
      .innerJoin('Task_Schedule as s', 's.taskId', 't.taskId')
      .select(['t.taskName as label', 't.enabled', 's.isRunning', 's.nextRun'])
      .select((eb) => eb.fn.countAll().over().as('total'))
      .execute()
    expect(rows.map((row) => ({ ...row, total: Number(row.total) }))).toEqual([
      { label: task.taskName, enabled: false, isRunning: false, nextRun: null, total: 1 },
    ])
  })

  it('are the same inside a transaction', async () => {
    const db = await open()
    const [run, node] = [runRow({ taskName: 'é 😀' }), nodeRow({ isDraining: true, tags: ['x'] })]
    const found = await db.write(CONTEXT, async (tx) => {
      await tx.insertInto('Task_History').values(run).execute()
      await tx.insertInto('Nodes').values(node).execute()
      return [
        await tx.selectFrom('Task_History').selectAll().execute(),
        await tx.selectFrom('Nodes').select(['nodeId', 'isDraining', 'tags']).execute(),
        await tx.selectFrom('Tasks').selectAll().execute(),
      ]
    })
    expect(found).toMatchObject([[run], [{ nodeId: node.nodeId, isDraining: true, tags: ['x'] }], []])
  })

  it('of a statement written as text stay as the database says them', async () => {
    const db = await open()
    await db.write(CONTEXT, (tx) =>
      tx
        .insertInto('Nodes')
        .values(nodeRow({ tags: ['x'] }))
        .execute(),
    )
    const { rows } = await sql`select ${sql.ref('Tags')} from ${sql.table('Nodes')}`.execute(db.read)
    expect(rows).toEqual([{ Tags: '["x"]' }])
  })
})

it('refuses tables whose columns of one name mean different things', async () => {
  const flag = defineEntity({
    name: 'Flag',
    tableName: 'Flag',
    properties: { id: p.integer().primary(), done: p.boolean() },
  })
  const count = defineEntity({
    name: 'Count',
    tableName: 'Count',
    properties: { id: p.integer().primary(), done: p.json() },
  })
  const orm = new MikroORM({ dbName: ':memory:', entities: [flag, count] })
  try {
    expect(() => namingPlugin(orm.em.fork())).toThrow('Count.done is not what "done" of another table is')
  } finally {
    await orm.close()
  }
})
