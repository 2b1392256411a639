import { describe, expect, it } from 'vitest'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { listTasks } from '../../src/main/data/repos/task-list.ts'
import { databases } from '../support/databases.ts'
import { nodeRow, runRow, scheduleRow, taskRow } from './rows.ts'

/** Databases differ in which letters are alike and which come first; ours do not. */

const SYSTEM = { actor: 'system' }

/** Alike to one collation or another: in case, blanks, accents, width, what cannot be seen. */
const ALIKE = [
  ...[
    'name',
    'Name',
    'NAME',
    'name ',
    ' name',
    'name  ',
    'name\t',
    'nàme',
    'na\u0300me',
    'ｎame',
    'na\u200bme',
  ],
  ...['strasse', 'straße', 'STRASSE', 'ı', 'i', 'I', 'İ', 'ﬁ', 'fi', '😀', '😁', 'e', 'é', 'E', 'É', ''],
  ...[
    '2',
    '10',
    '02',
    'a b',
    'a\u00a0b',
    'K',
    '\u212a',
    'ss',
    'ß',
    'ẞ',
    'я',
    'Я',
    '中',
    '％',
    '%',
    '_',
    '\\',
  ],
]

/** Code point by code point, which is how UTF-8 sorts its bytes. */
const byCodePoint = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

const addTasks = (db: OpenDatabase, names: readonly string[]) =>
  db.write(SYSTEM, (tx) =>
    tx
      .insertInto('Tasks')
      .values(names.map((taskName) => taskRow({ taskName })))
      .execute(),
  )

describe.each(databases())('$name: names', ({ open }) => {
  it('that look alike are different names', async () => {
    const db = await open()
    await addTasks(db, ALIKE)
    await db.write(SYSTEM, (tx) =>
      tx
        .insertInto('Nodes')
        .values(ALIKE.map((nodeName) => nodeRow({ nodeName })))
        .execute(),
    )
    for (const name of ALIKE) {
      const found = await db.read
        .selectFrom('Tasks')
        .select('taskName')
        .where('taskName', '=', name)
        .execute()
      expect(found).toEqual([{ taskName: name }])
      const again = addTasks(db, [name])
      await expect(again).rejects.toMatchObject({ code: 'CONFLICT' })
    }
    const { length } = await db.read.selectFrom('Tasks').select('taskName').distinct().execute()
    expect(length).toBe(ALIKE.length)
  })

  it('are sorted alike everywhere, by code points', async () => {
    const db = await open()
    await addTasks(db, ALIKE)
    const sorted = ALIKE.toSorted(byCodePoint)
    const rows = await db.read.selectFrom('Tasks').select('taskName').orderBy('taskName').execute()
    expect(rows.map(({ taskName }) => taskName)).toEqual(sorted)
    const down = await db.read.selectFrom('Tasks').select('taskName').orderBy('taskName', 'desc').execute()
    expect(down.map(({ taskName }) => taskName)).toEqual(sorted.toReversed())
    for (const name of ['Name', 'name', 'é', '中']) {
      const beyond = await db.read
        .selectFrom('Tasks')
        .select('taskName')
        .where('taskName', '>', name)
        .orderBy('taskName')
        .execute()
      expect(beyond.map(({ taskName }) => taskName)).toEqual(sorted.slice(sorted.indexOf(name) + 1))
    }
  })

  it('are listed page by page, each once', async () => {
    const db = await open()
    await addTasks(db, ALIKE)
    const listed: string[] = []
    let cursor: string | undefined
    do {
      const page = await listTasks(db.read, { sort: 'name', limit: 4, ...(cursor ? { cursor } : {}) })
      listed.push(...page.items.map(({ taskName }) => taskName))
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
    expect(listed).toEqual(ALIKE.toSorted(byCodePoint))
  })

  it('group, join and compare as they are', async () => {
    const db = await open()
    await db.write(SYSTEM, async (tx) => {
      for (const taskId of ['a', 'A', 'a ', 'á']) {
        await tx
          .insertInto('Tasks')
          .values(taskRow({ taskId, taskName: taskId }))
          .execute()
        await tx.insertInto('Task_Schedule').values(scheduleRow({ taskId })).execute()
        for (const _ of ['one', 'two'])
          await tx.insertInto('Task_History').values(runRow({ taskId })).execute()
      }
    })
    const joined = await db.read
      .selectFrom('Tasks as t')
      .innerJoin('Task_Schedule as s', 's.taskId', 't.taskId')
      .select(['t.taskId', 's.taskId as scheduled'])
      .orderBy('t.taskId')
      .execute()
    expect(joined).toEqual(['A', 'a', 'a ', 'á'].map((taskId) => ({ taskId, scheduled: taskId })))
    const groups = await db.read
      .selectFrom('Task_History')
      .select((eb) => ['taskId', eb.fn.countAll<number>().as('n')])
      .groupBy('taskId')
      .orderBy('taskId')
      .execute()
    expect(groups.map(({ taskId, n }) => [taskId, Number(n)])).toEqual([
      ['A', 2],
      ['a', 2],
      ['a ', 2],
      ['á', 2],
    ])
    const listed = await db.read
      .selectFrom('Tasks')
      .select('taskId')
      .where('taskId', 'in', ['a', 'á'])
      .orderBy('taskId')
      .execute()
    expect(listed).toEqual([{ taskId: 'a' }, { taskId: 'á' }])
  })
})
