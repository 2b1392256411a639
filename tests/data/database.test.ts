import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSqlDatabase, type SqlDatabase } from '../../src/main/data/database.ts'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { optional, required } from '../../src/main/data/migrations/schema-step.ts'
import { AppError } from '../../src/shared/domain/errors.ts'
import { databases } from '../support/databases.ts'
import { taskRow } from './rows.ts'

const NOTES = {
  columns: { NoteID: required('key'), Text: optional('longText'), Stars: optional('whole') },
  primaryKey: ['NoteID'],
}

describe.each(databases())('$name: the specification’s database interface', ({ open }) => {
  let db: SqlDatabase
  let inner: OpenDatabase
  beforeEach(async () => {
    db = createSqlDatabase({
      open: async () => (inner = await open()),
      context: { actor: 'local:root', reason: 'by hand' },
    })
    await db.connect()
    await db.createTable('Notes', NOTES)
  })
  afterEach(() => db.disconnect())

  const add = (id: string, text: string | null, stars: number) =>
    db.executeNonQuery('insert into "Notes" values (@id, @text, @stars)', { id, text, stars })

  it('connect opens once; everything else is refused before', async () => {
    let opens = 0
    const other = createSqlDatabase({ open: () => ((opens += 1), open()), context: { actor: 'x' } })
    await expect(other.executeQuery('select 1')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await other.connect()
    await other.connect()
    expect(opens).toBe(1)
    await other.disconnect()
  })

  it('disconnect rolls back what is open and refuses what comes later', async () => {
    const transaction = await db.beginTransaction()
    await db.executeNonQuery(`insert into "Notes" ("NoteID") values ('a')`, {}, transaction)
    await db.disconnect()
    await expect(db.executeQuery('select 1')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })

  it('testConnection answers whether the database can be reached', async () => {
    expect(await db.testConnection()).toBe(true)
    const away = createSqlDatabase({
      open: () => Promise.reject(new AppError('UNAVAILABLE', 'away')),
      context: { actor: 'x' },
    })
    expect(await away.testConnection()).toBe(false)
  })

  it('executeQuery answers rows by column name', async () => {
    await add('a', 'first', 3)
    await add('b', null, 5)
    expect(
      await db.executeQuery('select * from "Notes" where "Stars" > @least order by "NoteID"', { least: 2 }),
    ).toEqual([
      { NoteID: 'a', Text: 'first', Stars: 3 },
      { NoteID: 'b', Text: null, Stars: 5 },
    ])
  })

  it('executeNonQuery answers the number of affected rows and writes under its context', async () => {
    await add('a', 'x', 1)
    await add('b', 'x', 1)
    expect(await db.executeNonQuery('update "Notes" set "Stars" = @stars', { stars: 2 })).toBe(2)
    expect(await db.executeNonQuery('delete from "Notes" where "NoteID" = @id', { id: 'nobody' })).toBe(0)
    await inner.write({ actor: 'system' }, (tx) => tx.insertInto('Tasks').values(taskRow()).execute())
    expect(await db.executeNonQuery('update "Tasks" set "Enabled" = @enabled', { enabled: false })).toBe(1)
    const changes = await inner.read.selectFrom('Data_Change').select(['changedBy', 'changeReason']).execute()
    expect(changes.at(-1)).toEqual({ changedBy: 'local:root', changeReason: 'by hand' })
  })

  it('executeScalar answers the first column of the first row, or null', async () => {
    await add('a', 'x', 7)
    expect(await db.executeScalar('select "Stars" from "Notes"')).toBe(7)
    expect(await db.executeScalar('select "Stars" from "Notes" where "NoteID" = @id', { id: 'z' })).toBeNull()
  })

  it('beginTransaction shows its writes inside only, commitTransaction to all', async () => {
    const transaction = await db.beginTransaction()
    await db.executeNonQuery(`insert into "Notes" ("NoteID") values ('a')`, {}, transaction)
    const count = 'select count(*) from "Notes"'
    expect(await db.executeScalar(count, {}, transaction)).toBe(1)
    expect(await db.executeScalar(count)).toBe(0)
    await expect(add('b', null, 1)).rejects.toMatchObject({ code: 'CONFLICT' })
    await db.commitTransaction(transaction)
    expect(await db.executeScalar(count)).toBe(1)
    await expect(db.commitTransaction(transaction)).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('a transaction writes captured tables under its own context', async () => {
    const transaction = await db.beginTransaction()
    await inner.read.selectFrom('Tasks').select('taskId').execute()
    const node = `insert into "Nodes" ("NodeID", "NodeName", "Hostname", "Tags", "IsActive", "IsDraining",
      "MaxConcurrentTasks", "SupportedTaskTypes", "RegisteredAt") values ('n', 'n', 'h', '[]', 1, 0, 1, '[]', 'x')`
    await db.executeNonQuery(node, {}, transaction)
    await db.commitTransaction(transaction)
    const change = await inner.read
      .selectFrom('Data_Change')
      .select(['recordId', 'changedBy'])
      .executeTakeFirst()
    expect(change).toEqual({ recordId: 'n', changedBy: 'local:root' })
  })

  it('rollbackTransaction takes everything back', async () => {
    const transaction = await db.beginTransaction()
    await db.executeNonQuery(`insert into "Notes" ("NoteID") values ('a')`, {}, transaction)
    await db.rollbackTransaction(transaction)
    expect(await db.executeScalar('select count(*) from "Notes"')).toBe(0)
    expect(await add('b', null, 1)).toBe(1)
  })

  it('createTable, tableExists and dropTable make, find and remove a table', async () => {
    expect(await db.tableExists('Notes')).toBe(true)
    await db.dropTable('Notes')
    expect(await db.tableExists('Notes')).toBe(false)
  })

  it('dropTable refuses the program’s own tables', async () => {
    await expect(db.dropTable('Data_Change')).rejects.toMatchObject({ code: 'FORBIDDEN' })
    expect(await db.tableExists('Data_Change')).toBe(true)
  })

  it('bulkInsert writes all rows or none', async () => {
    const rows = Array.from({ length: 2500 }, (_, i) => ({ NoteID: `n${i}`, Text: `it's ${i}`, Stars: i }))
    await db.bulkInsert('Notes', rows)
    expect(await db.executeScalar('select count(*) from "Notes"')).toBe(2500)
    expect(await db.executeScalar(`select "Text" from "Notes" where "NoteID" = 'n2499'`)).toBe("it's 2499")
    const twice = [
      ...rows.map((row) => ({ ...row, NoteID: `m${row.Stars}` })),
      { NoteID: 'n0', Text: '', Stars: 0 },
    ]
    await expect(db.bulkInsert('Notes', twice)).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await db.executeScalar('select count(*) from "Notes"')).toBe(2500)
    await expect(db.bulkInsert('Notes', [{ NoteID: 'a' }, { Text: 'b' }])).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    })
    await db.bulkInsert('Notes', [])
  })

  it.each([`x'; drop table "Notes"; --`, `" or 1=1 --`, `@other`, `\\'; --`, `🙂 '' ?`])(
    'binds %s as a value and never as text',
    async (evil) => {
      await add('a', evil, 1)
      await add('b', 'innocent', 1)
      expect(await db.executeQuery('select "NoteID" from "Notes" where "Text" = @evil', { evil })).toEqual([
        { NoteID: 'a' },
      ])
      expect(await db.executeNonQuery('delete from "Notes" where "NoteID" = @evil', { evil })).toBe(0)
      expect(await db.executeScalar('select count(*) from "Notes"')).toBe(2)
    },
  )

  it('leaves an @ in strings, names and comments alone', async () => {
    const query = `select '@a' || @b || '''@c' as "@d" -- @e
      /* @f */`
    expect(await db.executeQuery(query, { b: '!' })).toEqual([{ '@d': `@a!'@c` }])
  })

  it('refuses a parameter that is missing and one that is not used', async () => {
    await expect(db.executeQuery('select @a', {})).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    await expect(db.executeQuery('select @toString', {})).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    await expect(db.executeQuery('select 1', { a: 1 })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })

  it.each(['Notes"; drop table "Tasks', '1st', '', 'a b', 'x'.repeat(64)])(
    'refuses %j as a name',
    async (name) => {
      const column = { columns: { [name]: required('key') }, primaryKey: [] }
      await expect(db.createTable(name, NOTES)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
      await expect(db.createTable('Fine', column)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
      await expect(db.tableExists(name)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
      await expect(db.dropTable(name)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
      await expect(db.bulkInsert(name, [{ a: 1 }])).rejects.toMatchObject({ code: 'BAD_REQUEST' })
      await expect(db.bulkInsert('Notes', [{ [name]: 1 }])).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    },
  )
})
