import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { checkDatabase } from '../../src/main/data/check.ts'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { createDatabase } from '../../src/main/data/orm.ts'
import { installTriggers, verifyTriggers, type TriggerState } from '../../src/main/data/triggers.ts'
import type { DatabaseType } from '../../src/shared/domain/database.ts'
import { databaseOptions, databases, type TestDatabases } from '../support/databases.ts'
import { administrate } from '../support/servers/test-database.ts'
import { changesOf } from './changes.ts'
import { taskRow } from './rows.ts'

const ROOT = { actor: 'local:root' }
const SOUND = { ok: true, unseen: false, missing: [], changed: [], extra: [] }

/** What somebody does to the objects that capture changes, and what is found of it. */
interface Tampering {
  what: string
  statements: string[]
  found: Partial<TriggerState>
}

/** Triggers one a statement, no function: SQLite's are the program's own. */
const SQLITE: Tampering[] = [
  {
    what: 'a trigger that was dropped',
    statements: ['drop trigger "capture_Tasks_insert"'],
    found: { missing: ['capture_Tasks_insert'] },
  },
  {
    what: 'a trigger that does something else',
    statements: [
      'drop trigger "capture_Tasks_update"',
      'create trigger "capture_Tasks_update" after update on "Tasks" begin select 1; end',
    ],
    found: { changed: ['capture_Tasks_update'] },
  },
  {
    what: 'a trigger too many',
    statements: ['create trigger "capture_spy" after insert on "Tasks" begin select 1; end'],
    found: { extra: ['capture_spy'] },
  },
]

const NOTHING = 'returns trigger language plpgsql as $$ begin return null; end $$'

const POSTGRES: Tampering[] = [
  {
    what: 'a trigger that was dropped',
    statements: ['drop trigger "zz_capture_Tasks" on "Tasks"'],
    found: { missing: ['zz_capture_Tasks'] },
  },
  {
    what: 'a trigger that was switched off',
    statements: ['alter table "Tasks" disable trigger "zz_capture_Tasks"'],
    found: { changed: ['zz_capture_Tasks'] },
  },
  {
    what: 'a trigger that fires under a condition',
    statements: [
      `create or replace trigger "zz_capture_Tasks" after insert or update or delete on "Tasks"
        for each row when (pg_trigger_depth() > 5) execute function "capture_Tasks"()`,
    ],
    found: { changed: ['zz_capture_Tasks'] },
  },
  {
    what: 'a trigger that fires for one column',
    statements: [
      `create or replace trigger "zz_capture_Tasks" after insert or update of "Enabled" or delete on "Tasks"
        for each row execute function "capture_Tasks"()`,
    ],
    found: { changed: ['zz_capture_Tasks'] },
  },
  {
    what: 'a trigger that misses deletes',
    statements: [
      `create or replace trigger "zz_capture_Tasks" after insert or update on "Tasks"
        for each row execute function "capture_Tasks"()`,
    ],
    found: { changed: ['zz_capture_Tasks'] },
  },
  {
    what: 'a function that does nothing',
    statements: [`create or replace function "capture_Tasks"() ${NOTHING}`],
    found: { changed: ['capture_Tasks'] },
  },
  {
    what: 'a function that was dropped, and its trigger with it',
    statements: ['drop function "capture_Tasks" cascade'],
    found: { missing: ['capture_Tasks', 'zz_capture_Tasks'] },
  },
  {
    what: 'a gzip function that was dropped',
    statements: ['drop function "capture_gzip"'],
    found: { missing: ['capture_gzip'] },
  },
  {
    what: 'a gzip function that packs nothing',
    statements: [
      `create or replace function "capture_gzip"(plain text) returns bytea language plpgsql immutable strict
        as $$ begin return ''::bytea; end $$`,
    ],
    found: { changed: ['capture_gzip'] },
  },
  {
    what: 'a function and a trigger too many',
    statements: [
      `create function "capture_spy"() ${NOTHING}`,
      'create trigger "zz_capture_spy" after insert on "Tasks" for each row execute function "capture_spy"()',
    ],
    found: { extra: ['capture_spy', 'zz_capture_spy'] },
  },
]

const MYSQL: Tampering[] = [
  {
    what: 'a trigger that was dropped',
    statements: ['drop trigger `capture_Tasks_insert`'],
    found: { missing: ['capture_Tasks_insert'] },
  },
  {
    what: 'a trigger that does something else',
    statements: [
      'drop trigger `capture_Tasks_insert`',
      'create trigger `capture_Tasks_insert` after insert on `Tasks` for each row begin end',
    ],
    found: { changed: ['capture_Tasks_insert'] },
  },
  {
    what: 'a gzip function that was dropped',
    statements: ['drop function `capture_gzip`'],
    found: { missing: ['capture_gzip'] },
  },
  {
    what: 'a gzip function that packs nothing',
    statements: [
      'drop function `capture_gzip`',
      "create function `capture_gzip`(plain longtext) returns longblob deterministic no sql return ''",
    ],
    found: { changed: ['capture_gzip'] },
  },
  {
    what: 'a trigger too many',
    statements: [
      'create trigger `capture_spy` after insert on `Tasks` for each row set @spied = new.TaskName',
    ],
    found: { extra: ['capture_spy'] },
  },
]

const MSSQL: Tampering[] = [
  {
    what: 'a trigger that was dropped',
    statements: ['drop trigger "capture_Tasks"'],
    found: { missing: ['capture_Tasks'] },
  },
  {
    what: 'a trigger that was switched off',
    statements: ['disable trigger "capture_Tasks" on "Tasks"'],
    found: { changed: ['capture_Tasks'] },
  },
]

const TAMPERINGS: Record<DatabaseType, Tampering[]> = {
  SQLite: SQLITE,
  PostgreSQL: POSTGRES,
  MySQL: MYSQL,
  SqlServer: MSSQL,
}

const cases = databases().flatMap((database) => {
  const { name, server } = database
  return TAMPERINGS[server?.type ?? 'SQLite'].map((tampering) => ({ ...tampering, ...database, name }))
})

/** As somebody with a client of their own does it; of a file, who has our functions is the program. */
const tamper = async (db: OpenDatabase, server: TestDatabases['server'], statements: readonly string[]) => {
  const [database] = db.where.split(' on ')
  for (const statement of statements)
    await (server
      ? administrate(server, statement, database)
      : db.write(ROOT, (tx) => sql.raw(statement).execute(tx)))
}

const addTask = (db: OpenDatabase) =>
  db.write(ROOT, (tx) => tx.insertInto('Tasks').values(taskRow()).execute())

describe.each(cases)('$name: $what', ({ place, server, statements, found }) => {
  const expected = { ...SOUND, ok: false, ...found }
  const names = [...expected.missing, ...expected.changed, ...expected.extra]

  it('is named, put right, and captures again', async () => {
    const options = databaseOptions(await place())
    const db = await createDatabase(options)
    try {
      expect(await verifyTriggers(db.read, db)).toEqual(SOUND)
      await tamper(db, server, statements)
      expect(await verifyTriggers(db.read, db)).toEqual(expected)
      const finding = (await checkDatabase(db)).find(({ id }) => id === 'triggers')
      expect(finding).toMatchObject({ ok: false })
      for (const one of names) expect(finding?.detail).toContain(one)
      await db.write(ROOT, (tx) => installTriggers(tx, db))
      expect(await verifyTriggers(db.read, db)).toEqual(SOUND)
      await addTask(db)
      expect(await changesOf(db)).toMatchObject([{ action: 'INSERT', changedBy: 'local:root' }])
      expect((await checkDatabase(db)).filter(({ ok }) => !ok)).toEqual([])
    } finally {
      await db.close()
    }
  })

  it('is put right by the next start, which says so', async () => {
    const options = databaseOptions(await place())
    const db = await createDatabase(options)
    await tamper(db, server, statements)
    await db.close()
    const warnings: string[] = []
    const again = await createDatabase({ ...options, log: { warn: (text) => warnings.push(text) } })
    try {
      expect(again.started.repairedTriggers.toSorted()).toEqual(names.toSorted())
      for (const one of names) expect(warnings.join()).toContain(one)
      await addTask(again)
      expect(await changesOf(again)).toHaveLength(1)
    } finally {
      await again.close()
    }
  })
})

describe.each(databases())('$name: capture triggers', ({ open, place, server }) => {
  it('that are right are left alone', async () => {
    const db = await open()
    expect(await db.write(ROOT, (tx) => installTriggers(tx, db))).toEqual(SOUND)
    await addTask(db)
    expect(await changesOf(db)).toHaveLength(1)
  })

  it('put right by several nodes that start at once are there once', async () => {
    const options = databaseOptions(await place())
    const db = await createDatabase(options)
    const [tampering] = TAMPERINGS[server?.type ?? 'SQLite']
    await tamper(db, server, tampering?.statements ?? [])
    const opened = await Promise.all([1, 2, 3, 4].map(() => createDatabase(options)))
    await addTask(db)
    expect(await changesOf(db)).toHaveLength(1)
    expect(await verifyTriggers(db.read, db)).toEqual(SOUND)
    for (const one of [db, ...opened]) await one.close()
  })

  it.runIf(server?.type === 'PostgreSQL')('refuse TRUNCATE, which would not be logged', async () => {
    const db = await open()
    await addTask(db)
    if (server)
      for (const cascade of ['', ' cascade'])
        await expect(tamper(db, server, [`truncate "Tasks"${cascade}`])).rejects.toThrow(
          'TRUNCATE of Tasks is refused',
        )
    await expect(db.write(ROOT, (tx) => sql`truncate "Tasks"`.execute(tx))).rejects.toThrow('refused')
    expect(await db.read.selectFrom('Tasks').select('taskId').execute()).toHaveLength(1)
    expect(await changesOf(db)).toHaveLength(1)
  })
})
