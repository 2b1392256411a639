import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { createDatabase } from '../../src/main/data/orm.ts'
import type { ChangeRow } from '../../src/main/data/repos/changes.ts'
import { numberChanges } from '../../src/main/data/sequencer.ts'
import { databaseOptions, databases, type TestDatabases } from '../support/databases.ts'
import { textOf } from './changes.ts'
import { taskRow } from './rows.ts'

const WRITERS = 4
const NUMBERERS = 3
const WRITES = 50
const TASKS = ['task-0', 'task-1', 'task-2', 'task-3', 'task-4', 'task-5']

/** As many programs on one database as asked for; a file has one. */
const openPrograms = async ({ place, server }: TestDatabases, count: number) => {
  const options = databaseOptions(await place())
  const programs: OpenDatabase[] = []
  for (let index = 0; index < (server ? count : 1); index += 1) programs.push(await createDatabase(options))
  const program = (index: number): OpenDatabase => programs[index % programs.length] as OpenDatabase
  return { program, close: () => Promise.all(programs.map((db) => db.close())) }
}

const addTasks = (db: OpenDatabase) =>
  db.write({ actor: 'system' }, (tx) =>
    tx
      .insertInto('Tasks')
      .values(TASKS.map((taskId) => taskRow({ taskId, taskName: taskId })))
      .execute(),
  )

/** Transactions of one to three tasks in any order: they wait for each other, and some are taken back. */
const writeOften = async (db: OpenDatabase, writer: number): Promise<void> => {
  for (let count = 0; count < WRITES; count += 1)
    await db.write({ actor: `writer-${writer}` }, async (tx) => {
      for (let nth = 0; nth <= count % 3; nth += 1) {
        const taskId = TASKS[(count * 7 + writer + nth * (count % 2 ? 1 : 5)) % TASKS.length] ?? ''
        await tx
          .updateTable('Tasks')
          .set({ priority: writer * 1000 + count * 3 + nth })
          .where('taskId', '=', taskId)
          .execute()
      }
    })
}

const changesBySeq = (db: OpenDatabase): Promise<ChangeRow[]> =>
  db.read.selectFrom('Data_Change').selectAll().orderBy('seq').execute()

describe.each(databases())('$name: numbers of changes', (database) => {
  it('have no gaps and no doubles, and follow each record’s writes', { timeout: 60_000 }, async () => {
    const { program, close } = await openPrograms(database, WRITERS + NUMBERERS)
    try {
      await addTasks(program(0))
      let writing = true
      const numberOften = async (db: OpenDatabase): Promise<number> => {
        let numbered = 0
        while (writing) {
          numbered += await numberChanges(db)
          await sleep(1)
        }
        return numbered
      }
      const numberers = Array.from({ length: NUMBERERS }, (_, index) => numberOften(program(WRITERS + index)))
      await Promise.all(Array.from({ length: WRITERS }, (_, writer) => writeOften(program(writer), writer)))
      writing = false
      const numbered = (await Promise.all(numberers)).reduce((sum, count) => sum + count, 0)
      const rest = await numberChanges(program(0))
      const changes = await changesBySeq(program(0))
      expect(changes.map(({ seq }) => seq)).toEqual(changes.map((_, index) => index + 1))
      if (database.server) expect(numbered + rest).toBe(changes.length)
      for (const taskId of TASKS) expectChain(changes.filter(({ recordId }) => recordId === taskId))
    } finally {
      await close()
    }
  })

  it('let a reader that pages by them miss nothing while others write', { timeout: 60_000 }, async () => {
    const { program, close } = await openPrograms(database, WRITERS + 1)
    try {
      await addTasks(program(0))
      const reader = program(WRITERS)
      const seen: number[] = []
      let writing = true
      const read = async (): Promise<void> => {
        for (let more = true; more;) {
          // Known before it reads: an empty page says nothing of a write that came after it.
          const mayCome = writing
          await numberChanges(reader)
          const page = await reader.read
            .selectFrom('Data_Change')
            .select('seq')
            .where('seq', '>', seen.at(-1) ?? 0)
            .orderBy('seq')
            .limit(7)
            .execute()
          seen.push(...page.map(({ seq }) => Number(seq)))
          more = mayCome || page.length > 0
        }
      }
      const reading = read()
      await Promise.all(Array.from({ length: WRITERS }, (_, writer) => writeOften(program(writer), writer)))
      writing = false
      await reading
      await numberChanges(reader)
      const all = (await changesBySeq(reader)).map(({ seq }) => Number(seq))
      expect(seen).toEqual(all.filter((seq) => seq <= (seen.at(-1) ?? 0)))
      expect(all.length - seen.length).toBe(0)
    } finally {
      await close()
    }
  })

  it('are given to more changes than are numbered at once', async () => {
    const db = await database.open()
    await db.write({ actor: 'system' }, async (tx) => {
      for (let from = 0; from < 1200; from += 100)
        await tx
          .insertInto('Tasks')
          .values(Array.from({ length: 100 }, (_, i) => taskRow({ taskName: `t${from + i}` })))
          .execute()
    })
    expect(await numberChanges(db)).toBe(database.server ? 1200 : 0)
    expect(await numberChanges(db)).toBe(0)
    const changes = await changesBySeq(db)
    expect(changes.map(({ seq, localSeq }) => [seq, localSeq])).toEqual(
      changes.map((_, index) => [index + 1, index + 1]),
    )
  })

  it('are not taken by a write that was taken back', async () => {
    const db = await database.open()
    for (let tries = 0; tries < 3; tries += 1)
      await expect(
        db.write({ actor: 'system' }, async (tx) => {
          await tx.insertInto('Tasks').values(taskRow()).execute()
          throw new Error('second thoughts')
        }),
      ).rejects.toThrow('second thoughts')
    await db.write({ actor: 'system' }, (tx) => tx.insertInto('Tasks').values(taskRow()).execute())
    await numberChanges(db)
    expect((await changesBySeq(db)).map(({ seq }) => seq)).toEqual([1])
  })
})

/** What one change left, the next one found. */
const expectChain = (changes: readonly ChangeRow[]): void => {
  expect(changes.length).toBeGreaterThan(10)
  const images = changes.map(({ oldData, newData }) => ({ before: textOf(oldData), after: textOf(newData) }))
  expect(images.slice(1).map(({ before }) => before)).toEqual(images.slice(0, -1).map(({ after }) => after))
}
