import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { readInfo } from '../../src/main/data/cluster-info.ts'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { entities } from '../../src/main/data/entities/index.ts'
import { steps } from '../../src/main/data/migrations/index.ts'
import { openSqlite } from '../../src/main/data/sqlite/open-sqlite.ts'
import { databases, fileDatabases, fileOf } from '../support/databases.ts'
import { columnsOf, columnsOfEntities, indexesOf, indexesOfEntities } from './catalogue.ts'
import { numbers } from './numbers.ts'
import { runRow } from './rows.ts'

/** What stands in the migrations only: MikroORM's conditions and orders cannot be had on every dialect. */
const IN_MIGRATIONS_ONLY: Record<string, string> = {
  uq_history_slot: 'ScheduleID,ScheduledFor,Attempt',
  idx_history_queue: 'State,NotBefore',
  idx_history_running: 'NodeID,LeaseUntil',
  idx_history_claim: 'State,Priority,ScheduledFor,HistoryID',
  idx_change_pending: 'LocalSeq',
}

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1)

/** With the steps said, the database is migrated here: it is no copy. */
describe.each(databases())('$name: schema', ({ open }) => {
  it('has the columns that the entities say, those that may be empty, and their lengths', async () => {
    const db = await open({ steps })
    const said = columnsOfEntities().map((column) => (db.file ? { ...column, length: null } : column))
    const found = await columnsOf(db)
    expect(found).toHaveLength(said.length)
    for (const table of entities.map(({ meta }) => meta.tableName))
      expect(found.filter((one) => one.table === table)).toEqual(said.filter((one) => one.table === table))
  })

  it('has the indexes that the entities say, and those of the migrations', async () => {
    const db = await open({ steps })
    const found = (await indexesOf(db)).toSorted(byName)
    const said = found.filter(({ name }) => !(name in IN_MIGRATIONS_ONLY))
    expect(said).toEqual(indexesOfEntities().toSorted(byName))
    const others = found.filter(({ name }) => name in IN_MIGRATIONS_ONLY)
    for (const { name, columns, unique } of others)
      expect({ name, columns, unique }).toEqual({
        ...{ name, columns: IN_MIGRATIONS_ONLY[name], unique: name === 'uq_history_slot' },
      })
    // Where there are no indexes with a condition, the one for what is not numbered would hold the whole log.
    const missing = db.dialect.indexCondition('1 = 1', [], false) === null ? ['idx_change_pending'] : []
    const expected = Object.keys(IN_MIGRATIONS_ONLY).filter((name) => !missing.includes(name))
    expect(others.map(({ name }) => name)).toEqual(expected.toSorted())
  })

  it('knows cluster, database, version and birth', async () => {
    const db = await open({ steps })
    expect(db.started).toMatchObject({
      applied: steps.map((step) => step.name),
      backup: null,
      repairedTriggers: [],
    })
    expect(await readInfo(db.read, 'SchemaVersion')).toBe(String(steps.length))
    expect(await readInfo(db.read, 'ClusterID')).toMatch(/^[0-9a-f-]{36}$/)
    expect(await readInfo(db.read, 'DatabaseID')).toMatch(/^[0-9a-f-]{36}$/)
    expect(await readInfo(db.read, 'CreatedAt')).toMatch(/^\d{4}-.*Z$/)
  })
})

const EXPLAIN = { SQLite: 'explain query plan', PostgreSQL: 'explain', MySQL: 'explain', SqlServer: '' }
const ANALYZE = {
  SQLite: 'analyze',
  PostgreSQL: 'analyze "Task_History"',
  MySQL: 'analyze table "Task_History"',
  SqlServer: '',
}

/** Three thousand ended runs, so that reading all of them is no way to find a few. */
const fill = async (db: OpenDatabase): Promise<void> => {
  await db.write({ actor: 'system' }, async (tx) => {
    const run = runRow({ state: 'Success', nodeId: 'n', taskId: 't', scheduleId: null })
    const values: Record<string, unknown> = {
      ...{ TaskID: run.taskId, TaskName: run.taskName, AppName: run.appName, NodeID: run.nodeId },
      ...{
        ScheduledFor: run.scheduledFor,
        NotBefore: run.notBefore,
        State: run.state,
        UpdatedAt: run.updatedAt,
      },
      ...{ Priority: run.priority, Attempt: run.attempt, TriggeredBy: run.triggeredBy },
    }
    const columns = ['HistoryID', 'SortTime', ...Object.keys(values)].map((column) => sql.ref(column))
    await sql`insert into "Task_History" (${sql.join(columns)})
      select digits, 'x' || digits, ${sql.join(Object.values(values).map((value) => sql.lit(value)))}
      from ${numbers} where digits < '03000'`.execute(tx)
  })
  await sql.raw(ANALYZE[db.type]).execute(db.orm.em.fork().getKysely())
}

const explainable = databases().filter(({ server }) => server?.type !== 'SqlServer')

describe.each(explainable)('$name: indexes', ({ open }) => {
  it.each([
    {
      what: 'the queue',
      query: `select * from "Task_History" where "State" = 'Queued' and "NotBefore" <= 'x'`,
      indexes: ['idx_history_queue', 'idx_history_claim', 'idx_history_state'],
    },
    {
      what: 'what can be claimed, in order and without sorting',
      query: `select "HistoryID" from "Task_History" where "State" = 'Queued'
        order by "Priority" desc, "ScheduledFor", "HistoryID" limit 10`,
      indexes: ['idx_history_claim'],
    },
    {
      what: 'running runs of a node',
      query: `select * from "Task_History" where "State" = 'Running' and "NodeID" = 'n' and "LeaseUntil" < 'x'`,
      indexes: ['idx_history_running', 'idx_history_state'],
    },
    {
      what: 'the list of runs',
      query: `select * from "Task_History" order by "SortTime" desc, "HistoryID" desc limit 20`,
      indexes: ['idx_history_sort'],
    },
    {
      what: 'the history of a task',
      query: `select * from "Task_History" where "TaskID" = 'u' order by "SortTime" desc, "HistoryID" desc limit 20`,
      indexes: ['idx_history_task', 'idx_history_task_state'],
    },
  ])('serve $what', async ({ query, indexes }) => {
    const db = await open()
    await fill(db)
    const { rows } = await sql.raw(`${EXPLAIN[db.type]} ${query}`).execute(db.read)
    const plan = JSON.stringify(rows)
    expect(
      indexes.filter((index) => plan.includes(index)),
      plan,
    ).not.toEqual([])
    expect(plan).not.toMatch(/filesort|Sort Key|TEMP B-TREE|Seq Scan|"type":"ALL"/)
  })
})

describe.each(fileDatabases())('$name: schema of a file', ({ open }) => {
  it('is letter by letter what the ORM makes of the entities', async () => {
    const db = await open()
    const fromEntities = openSqlite({ path: `${fileOf(db).path}.entities` })
    fromEntities.exec(await db.orm.schema.getCreateSchemaSQL())
    const migrated = openSqlite({ path: fileOf(db).path, readonly: true })
    const describeTable = 'select name, type, "notnull", dflt_value, pk from pragma_table_info(?)'
    for (const table of entities.map((entity) => entity.meta.tableName ?? '')) {
      const columns = migrated.prepare(describeTable).all(table)
      expect(columns).toEqual(fromEntities.prepare(describeTable).all(table))
      expect(columns.length).toBeGreaterThan(1)
    }
    fromEntities.close()
    migrated.close()
  })
})
