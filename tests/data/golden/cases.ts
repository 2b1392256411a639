import { CompiledQuery } from 'kysely'
import { capturedTables } from '../../../src/main/data/capture.ts'
import { writeInfo } from '../../../src/main/data/cluster-info.ts'
import { createSqlDatabase } from '../../../src/main/data/database.ts'
import type { OpenDatabase } from '../../../src/main/data/db.ts'
import { purge } from '../../../src/main/data/maintenance.ts'
import { steps } from '../../../src/main/data/migrations/index.ts'
import { statementsOf } from '../../../src/main/data/migrations/schema-step.ts'
import { numberChanges, startCounters } from '../../../src/main/data/sequencer.ts'
import { systemClock } from '../../../src/main/platform/clock.ts'
import { clusterCases } from './cluster-cases.ts'
import { changeCases, runListCases, taskListCases } from './list-cases.ts'
import type { Answer, Recorder } from './recorder.ts'
import { lockCases, scheduleCases, taskCases } from './task-cases.ts'
import { runCases } from './run-cases.ts'

/** One thing the program does; `run` sends its statements to the recorder, `answer` is what they are told. */
export interface Case {
  title: string
  run: (recorder: Recorder) => Promise<unknown>
  answer?: Answer
}

/** File of statements → what sends them. A further file, or case, is a further entry. */
export const CASES: Record<string, Case[]> = {
  schema: steps.map((step) => ({
    title: step.name,
    run: async ({ dialect, plain }) => {
      for (const { sql } of statementsOf(step, dialect, plain)) await send(plain, sql)
    },
  })),
  capture: [
    {
      title: 'what captures changes, as it is made',
      run: async ({ dialect, plain }) => {
        const objects = dialect.captureObjects(capturedTables(), steps.length)
        for (const { create } of objects) for (const statement of create) await send(plain, statement)
      },
    },
    {
      title: 'dropped',
      run: async ({ dialect, plain }) => {
        for (const { drop } of dialect.captureObjects(capturedTables(), steps.length)) await send(plain, drop)
      },
    },
    { title: 'what there is', run: ({ dialect, plain }) => dialect.installedObjects(plain) },
  ],
  session: [
    {
      title: 'a write begins',
      run: async ({ dialect, db }) =>
        dialect
          .beginWrite({
            actor: "local:o'hara",
            nodeId: '01900000-0000-7000-8000-000000000001',
            reason: null,
            transactionId: '01900000-0000-7000-8000-0000000000aa',
            origin: 'revert:01900000-0000-7000-8000-0000000000bb',
            durable: true,
            applies: false,
          })
          ?.execute(db),
    },
    { title: 'a write ends', run: async ({ dialect, db }) => dialect.endWrite()?.execute(db) },
    { title: 'which tables there are', run: ({ plain }) => plain.introspection.getTables() },
    {
      title: 'what the database offers',
      run: ({ dialect, plain }) => dialect.requirements(plain, SERVER, null),
      answer: (sql) => (sql.includes('version') ? [FACTS] : []),
    },
    { title: 'its version', run: ({ dialect, plain }) => dialect.serverVersion(plain) },
  ],
  sequencer: [
    { title: 'the counter is made', run: ({ db }) => startCounters(db, steps.length) },
    {
      title: 'changes are numbered',
      run: (recorder) =>
        // On a file there is nothing to number: asked for all the same, the statements are the same.
        numberChanges({ ...opened(recorder), dialect: { ...recorder.dialect, sequencedByTrigger: false } }),
      answer: (sql) => (sql.includes('Sync_Counter') ? [{ Value: 41 }] : [{ LocalSeq: 7 }, { LocalSeq: 8 }]),
    },
  ],
  tasks: taskCases,
  schedules: scheduleCases,
  locks: lockCases,
  runs: runCases,
  cluster: clusterCases,
  'task-lists': taskListCases,
  'run-lists': runListCases,
  changes: changeCases,
  upkeep: [
    { title: 'a fact of the database', run: ({ db }) => writeInfo(db, 'MinProgram', '0.1.0') },
    {
      title: 'what retention no longer keeps is deleted',
      run: (recorder) =>
        purge(
          { ...opened(recorder), now: async () => '2026-03-01T00:00:00.000Z' },
          { historyDays: 30, changeDays: 90, clock: systemClock },
        ),
      answer: (sql) =>
        sql.includes('Task_History') ? [{ HistoryID: 'a' }, { HistoryID: 'b' }] : [{ LocalSeq: 7 }],
    },
    {
      title: "rows of a table of one's own",
      run: async (recorder) => {
        const database = createSqlDatabase({
          open: async () => opened(recorder),
          context: { actor: 'system' },
        })
        await database.connect()
        await database.createTable('Inventory', {
          columns: {
            Host: { word: 'name100', nullable: false },
            Memory: { word: 'bigint', nullable: true },
            Notes: { word: 'longText', nullable: true },
          },
          primaryKey: ['Host'],
        })
        await database.bulkInsert('Inventory', [
          { Host: 'a', Memory: 8_589_934_592, Notes: null },
          { Host: 'b', Memory: null, Notes: "o'hara" },
        ])
        await database.executeQuery('select Host from Inventory where Memory > @least', { least: 1024 })
        await database.dropTable('Inventory')
      },
    },
  ],
}

const SERVER = {
  type: 'SqlServer',
  server: 'db.example',
  port: null,
  database: 'cluster',
  username: 'node',
  password: null,
  ssl: null,
  tls: { ca: null, cert: null, key: null },
  integratedSecurity: false,
  poolSize: 3,
  enableChangeTracking: true,
  timeoutSeconds: 30,
  urgentTimeoutSeconds: 8,
} as const

const send = async (db: Recorder['plain'], text: string): Promise<void> => {
  await db.executeQuery(CompiledQuery.raw(text))
}

/** Of a database in use, whatever it is. */
const FACTS = {
  ...{ version: '16.0', account: 'node@%', schema: 'main', tables: 1, sqlMode: '' },
  ...{ updateability: 'READ_WRITE', durability: 'DISABLED', database: 'cluster' },
}

/** As much of an open database as the functions above use. */
const opened = ({ db, dialect }: Recorder): OpenDatabase =>
  ({
    dialect,
    schemaVersion: steps.length,
    read: db,
    look: db,
    file: null,
    write: <T>(_context: unknown, work: (tx: Recorder['db']) => Promise<T>) => work(db),
    close: async () => {},
  }) as unknown as OpenDatabase
