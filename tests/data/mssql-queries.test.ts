import { DummyDriver, Kysely, MssqlAdapter, MssqlIntrospector, MssqlQueryCompiler, sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { mssqlQueries } from '../../src/main/data/server/mssql-queries.ts'

interface Tables {
  Run: { id: number; state: string; output: Uint8Array | null; note: string | null }
  Task: { id: number }
}

const db = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new MssqlAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (kysely) => new MssqlIntrospector(kysely),
    createQueryCompiler: () => new MssqlQueryCompiler(),
  },
  plugins: [mssqlQueries],
})

const textOf = (query: { compile: () => { sql: string; parameters: readonly unknown[] } }) => {
  const { sql: text, parameters } = query.compile()
  return [text, parameters]
}

const runs = db.selectFrom('Run').select('id')

describe('SQL Server: a limit', () => {
  it('is said in front of the columns', () => {
    expect(textOf(runs.where('state', '=', 'x').limit(5))).toEqual([
      'select top(@1) "id" from "Run" where "state" = @2',
      [5, 'x'],
    ])
  })

  it('stands behind `distinct`', () => {
    expect(textOf(runs.distinct().limit(5))).toEqual(['select distinct top(@1) "id" from "Run"', [5]])
  })

  it('is said behind the order when rows are passed over', () => {
    expect(textOf(runs.orderBy('id').offset(10).limit(5))).toEqual([
      'select "id" from "Run" order by "id" offset @1 rows fetch next @2 rows only',
      [10, 5],
    ])
  })

  it('of several queries together is said behind their order', () => {
    expect(textOf(runs.unionAll(db.selectFrom('Task').select('id')).orderBy('id').limit(5))).toEqual([
      'select "id" from "Run" union all select "id" from "Task" order by "id" offset 0 rows fetch next @1 rows only',
      [5],
    ])
  })

  it('holds for a query inside another one', () => {
    expect(textOf(db.selectFrom(runs.orderBy('id').limit(5).as('r')).select('r.id'))).toEqual([
      'select "r"."id" from (select top(@1) "id" from "Run" order by "id") as "r"',
      [5],
    ])
  })

  it('is refused where rows are passed over in no order', () => {
    expect(() => runs.offset(10).limit(5).compile()).toThrow(/give the query an orderBy/)
  })
})

describe('SQL Server: rows', () => {
  it('are locked by hints of their table', () => {
    expect(textOf(runs.where('id', '=', 1).forUpdate().skipLocked())).toEqual([
      'select "id" from "Run" with (updlock, rowlock, readpast) where "id" = @1',
      [1],
    ])
  })

  it('are locked without a condition, or under another name of the table', () => {
    expect(textOf(db.selectFrom('Run as r').select('r.id').forUpdate().noWait())).toEqual([
      'select "r"."id" from "Run" as "r" with (updlock, rowlock, nowait)',
      [],
    ])
  })

  it('of the queries inside are not locked', () => {
    const withTask = runs.where(({ exists, selectFrom }) =>
      exists(selectFrom('Task').select('Task.id').whereRef('Task.id', '=', 'Run.id')),
    )
    expect(textOf(withTask.forUpdate())).toEqual([
      'select "id" from "Run" with (updlock, rowlock) where exists (select "Task"."id" from "Task" where "Task"."id" = "Run"."id")',
      [],
    ])
  })

  it('of several tables are not locked at once', () => {
    const joined = db.selectFrom('Run').innerJoin('Task', 'Task.id', 'Run.id').select('Run.id').forUpdate()
    expect(() => joined.compile()).toThrow(/locks rows of one table/)
  })
})

describe('SQL Server: NULL', () => {
  it('is a word where rows are written', () => {
    const rows = [
      { id: 1, state: 'a', output: null, note: 'b' },
      { id: 2, state: 'c', output: new Uint8Array([1]), note: null },
    ]
    expect(textOf(db.insertInto('Run').values(rows))).toEqual([
      'insert into "Run" ("id", "state", "output", "note") values (@1, @2, null, @3), (@4, @5, @6, null)',
      [1, 'a', 'b', 2, 'c', new Uint8Array([1])],
    ])
    expect(textOf(db.updateTable('Run').set({ output: null }).where('id', '=', 1))).toEqual([
      'update "Run" set "output" = null where "id" = @1',
      [1],
    ])
  })

  it('is a word in statements of text', () => {
    const query = sql`exec p @value = ${null}, @other = ${'x'}`.compile(db)
    expect([query.sql, query.parameters]).toEqual(['exec p @value = null, @other = @1', ['x']])
  })
})
