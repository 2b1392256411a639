import { createConnection, type ResultSetHeader, type RowDataPacket } from 'mysql2/promise'
import pg from 'pg'
import { newId } from '../../../src/main/platform/ids.ts'
import {
  DUE,
  countOnce,
  preciseNow,
  same,
  type Contestant,
  type Field,
  type Joined,
  type NodeIds,
  type Place,
  type Tally,
} from './contestant.ts'
import { makeDatabase, mysqlConfig, pgConfig } from './databases.ts'

/*
 * The specification's way (bench/support/specification-claims.ts says what that is), on a server: `limit` and
 * `RETURNING` as PostgreSQL has them, the number of changed rows on MariaDB, which has no `UPDATE … RETURNING`.
 * Each statement is a transaction of its own. Favourable to it: its prepared statements are kept, its tables have
 * no triggers, and nodes do not wait for their next poll when others were faster.
 */

export const specification: Contestant = { prepare, join }

const TABLES = (key: string, short: string): string[] => [
  `create table Tasks (TaskID ${key} primary key, Enabled integer, AssignedNodeID ${key}, AssignedNodeGroup ${short},
    AssignedNodeRole ${short}, Priority integer)`,
  `create table Task_Schedule (ScheduleID ${key} primary key, TaskID ${key} not null, NextRun ${short},
    IsRunning integer default 0, RunningOnNode ${key}, StartedAt ${short})`,
  `create table Task_History (HistoryID ${key} primary key, TaskID ${key} not null, NodeID ${key}, StartTime ${short},
    State ${short}, TriggeredBy ${short})`,
  'create index idx_schedule_nextrun on Task_Schedule(NextRun)',
  'create index idx_schedule_running on Task_Schedule(IsRunning)',
  'create index idx_history_task on Task_History(TaskID, StartTime)',
]

/** The names of values, in the order of their places. */
const CANDIDATES = `
  select ts.ScheduleID as "scheduleId", t.TaskID as "taskId"
  from Tasks t join Task_Schedule ts on t.TaskID = ts.TaskID
  where t.Enabled = 1 and ts.IsRunning = 0 and ts.NextRun <= :now
    and (t.AssignedNodeID = :nodeId or t.AssignedNodeGroup = :nodeGroup or t.AssignedNodeRole = :nodeRole
      or (t.AssignedNodeID is null and t.AssignedNodeGroup is null and t.AssignedNodeRole is null))
  order by t.Priority desc, ts.NextRun asc limit 10`

const CLAIM = `
  update Task_Schedule set IsRunning = 1, RunningOnNode = :nodeId, StartedAt = :now
  where ScheduleID = :scheduleId and IsRunning = 0`

const RUN = `
  insert into Task_History (HistoryID, TaskID, NodeID, StartTime, State, TriggeredBy)
  values (:historyId, :taskId, :nodeId, :now, 'Running', 'Schedule')`

interface Due {
  scheduleId: string
  taskId: string
}

/** A connection to either server. */
interface Session {
  /** Rows read, or rows changed. */
  run(statement: string, values?: Record<string, unknown>): Promise<{ rows: unknown[]; changed: number }>
  close(): Promise<void>
}

const connectTo = (place: Place): Promise<Session> =>
  place.server.type === 'PostgreSQL' ? postgresSession(place) : mysqlSession(place)

/** Values by name become values by place. */
const placed = (statement: string, mark: (place: number) => string): { text: string; names: string[] } => {
  const names: string[] = []
  const text = statement.replace(/:([a-z]\w*)/gi, (_, name: string) => mark(names.push(name)))
  return { text, names }
}

const postgresSession = async (place: Place): Promise<Session> => {
  const client = new pg.Client(pgConfig(place))
  await client.connect()
  const known = new Map<string, ReturnType<typeof placed> & { name: string }>()
  return {
    run: async (statement, values = {}) => {
      const made = known.get(statement) ?? { ...placed(statement, (n) => `$${n}`), name: `s${known.size}` }
      known.set(statement, made)
      const { name, text, names } = made
      const result = await client.query<Record<string, unknown>>({
        name,
        text,
        values: names.map((one) => values[one]),
      })
      return { rows: result.rows, changed: result.rowCount ?? 0 }
    },
    close: () => client.end(),
  }
}

/** What a server takes back because of others at work is tried again. */
const TAKEN_BACK = new Set([1213, 1020, 1205])

const mysqlSession = async (place: Place): Promise<Session> => {
  const connection = await createConnection(mysqlConfig(place))
  await connection.query(`set session sql_mode = 'ANSI_QUOTES'`)
  const run: Session['run'] = async (statement, values = {}) => {
    const { text, names } = placed(statement, () => '?')
    try {
      const [result] = await connection.execute<RowDataPacket[] | ResultSetHeader>(
        text,
        names.map((one) => values[one] as string | null),
      )
      return Array.isArray(result) ? { rows: result, changed: 0 } : { rows: [], changed: result.affectedRows }
    } catch (error) {
      if (!(error instanceof Error && 'errno' in error && TAKEN_BACK.has(Number(error.errno)))) throw error
      return run(statement, values)
    }
  }
  return { run, close: () => connection.end() }
}

const DUE_AT = '2026-01-01T00:00:00.000Z'
const FILLED_AT_ONCE = 500

async function prepare(place: Place): Promise<Field> {
  await makeDatabase(place)
  const session = await connectTo(place)
  for (const table of TABLES('varchar(36)', 'varchar(100)')) await session.run(table)
  for (let from = 0; from < DUE; from += FILLED_AT_ONCE) {
    const some = Array.from({ length: FILLED_AT_ONCE }, (_, n) => ({ n: from + n, taskId: newId() }))
    const tasks = some.map(
      ({ n, taskId }) => `('${taskId}', 1, null, ${n % 3 === 0 ? `'production'` : 'null'}, null, ${n % 5})`,
    )
    await session.run(`insert into Tasks values ${tasks.join()}`)
    const rows = some.map(({ taskId }) => `('${newId()}', '${taskId}', '${DUE_AT}')`)
    await session.run(`insert into Task_Schedule (ScheduleID, TaskID, NextRun) values ${rows.join()}`)
  }
  return {
    reset: async () => {
      await session.run('delete from Task_History')
      await session.run('update Task_Schedule set IsRunning = 0, RunningOnNode = null, StartedAt = null')
    },
    settle: async () => {
      for (const table of ['Tasks', 'Task_Schedule', 'Task_History'])
        await session.run(
          place.server.type === 'PostgreSQL' ? `vacuum analyze ${table}` : `analyze table ${table}`,
        )
    },
    check: (_, taken) => check(session, taken),
    close: () => session.close(),
  }
}

const check = async (session: Session, taken: readonly NodeIds[]): Promise<void> => {
  const count = countOnce(taken)
  const { rows } = await session.run('select distinct TaskID from Task_History')
  same('tasks with a run row', rows.length, count)
}

async function join(place: Place, index: number): Promise<Joined> {
  const session = await connectTo(place)
  const node = {
    nodeId: `01900000-0000-7000-8000-0000000000${10 + index}`,
    nodeGroup: 'production',
    nodeRole: 'primary',
  }
  return {
    leave: () => session.close(),
    work: async ({ until }, tally) => {
      while (preciseNow() < until) {
        const now = new Date().toISOString()
        const { rows } = await session.run(CANDIDATES, { now, ...node })
        if (rows.length === 0) return
        const won = await takeEach(session, rows as Due[], { now, nodeId: node.nodeId }, tally)
        if (won === 0) tally.empty += 1
      }
    },
  }
}

const takeEach = async (
  session: Session,
  due: readonly Due[],
  claim: { now: string; nodeId: string },
  tally: Tally,
): Promise<number> => {
  let won = 0
  for (const { scheduleId, taskId } of due) {
    const { changed } = await session.run(CLAIM, { ...claim, scheduleId })
    if (changed === 0) {
      tally.lost += 1
      continue
    }
    const historyId = newId()
    await session.run(RUN, { ...claim, historyId, taskId })
    tally.ids.push(historyId)
    tally.lastAt = preciseNow()
    won += 1
  }
  return won
}
