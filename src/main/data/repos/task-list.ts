import { sql, type Expression, type ExpressionBuilder, type RawBuilder, type SqlBool } from 'kysely'
import type { Page } from '../../../shared/domain/fields.ts'
import type { RunState } from '../../../shared/domain/run.ts'
import type { TaskFilter } from '../../../shared/domain/task.ts'
import type { Tables } from '../entities/index.ts'
import type { Query } from '../db.ts'
import { containing, decodeCursor, encodeCursor, pageOf, searching } from '../paging.ts'
import type { TaskRow } from './tasks.ts'

/** Lists of tasks: filtered and sorted by the database, paged by key. */

type Aliased = { t: Tables['Tasks'] } & Tables
type Builder = ExpressionBuilder<Aliased, 't'>
type SortKey = string | number

interface Sort {
  direction: 'asc' | 'desc'
  key: RawBuilder<SortKey>
}

const ofSchedule = (aggregate: 'min' | 'max', column: 'nextRun' | 'lastRun', whenNone: string) =>
  sql<SortKey>`coalesce((select ${sql.raw(aggregate)}(${sql.ref(`s.${column}`)}) from ${sql.table('Task_Schedule')} as s where ${sql.ref('s.taskId')} = ${sql.ref('t.taskId')}), ${sql.lit(whenNone)})`

/** What needs attention first: 0 bad end, 1 running, 2 never run, 3 fine. */
const attention = sql<SortKey>`coalesce((select min(case when ${sql.ref('s.isRunning')} = 1 then 1 when ${sql.ref('s.lastState')} in ('Failed', 'Timeout', 'Lost') then 0 when ${sql.ref('s.lastState')} is null then 2 else 3 end) from ${sql.table('Task_Schedule')} as s where ${sql.ref('s.taskId')} = ${sql.ref('t.taskId')}), 2)`

const sorts: Record<Exclude<TaskFilter['sort'], 'name'>, Sort> = {
  nextRun: { direction: 'asc', key: ofSchedule('min', 'nextRun', '~') },
  lastRun: { direction: 'desc', key: ofSchedule('max', 'lastRun', '') },
  state: { direction: 'asc', key: attention },
  priority: { direction: 'desc', key: sql<SortKey>`${sql.ref('t.priority')}` },
}

type Listed = TaskRow & { sortKey: SortKey }

/** Up to so many tasks are read by their ids and sorted; more are found soon enough in the order of the list. */
const RARE = 500

/**
 * The tasks in these states when they are few: walking all tasks by name for the three that run would read the
 * whole table. Null when they are many, or may be (`Never` has no row that says so).
 */
const fewInStates = async (db: Query, states: TaskFilter['state']): Promise<string[] | null> => {
  if (!states?.length) return null
  const found: string[] = []
  for (const state of states) {
    if (state === 'Never') return null
    found.push(...(await holdersOf(db, state)))
    if (found.length > RARE) return null
  }
  return [...new Set(found)]
}

const holdersOf = async (db: Query, state: RunState): Promise<string[]> => {
  const rows =
    state === 'Queued'
      ? await db
          .selectFrom('Task_History')
          .select('taskId')
          .where('state', '=', state)
          .limit(RARE + 1)
          .execute()
      : await db
          .selectFrom('Task_Schedule')
          .select('taskId')
          .where((eb) => (state === 'Running' ? eb('isRunning', '=', true) : eb('lastState', '=', state)))
          .limit(RARE + 1)
          .execute()
  return rows.map((row) => row.taskId)
}

/** A text search looks at no more tasks than this at once, and answers with a cursor to go on from. */
const SCANNED_PER_PAGE = 20_000

/** One page of tasks; ties by name, then id. A page of a search may be short and still have a cursor. */
export const listTasks = async (db: Query, filter: TaskFilter): Promise<Page<TaskRow>> => {
  const few = await fewInStates(db, filter.state)
  if (few?.length === 0) return { items: [], nextCursor: null }
  const { search } = filter
  const end = search ? await endOfScan(db, filter, few) : null
  let query = filtered(db, filter, few).selectAll('t')
  if (search) query = query.where(searching(SEARCHED, search))
  if (end) query = query.where(() => notAfter(sortOf(filter), end))
  const rows = await query.limit(filter.limit + 1).execute()
  const page = pageOf<Listed>(rows, filter.limit, keysOf)
  return end && page.nextCursor === null ? { ...page, nextCursor: encodeCursor(end) } : page
}

type Keys = [sortKey: SortKey, taskName: string, appName: string, taskId: string]

const keysOf = (row: Pick<Listed, 'sortKey' | 'taskName' | 'appName' | 'taskId'>): Keys => [
  row.sortKey,
  row.taskName,
  row.appName,
  row.taskId,
]

const sortOf = ({ sort }: TaskFilter): Sort | null => (sort === 'name' ? null : sorts[sort])

/** All of the list after its cursor, in its order, but for the searched text. */
const filtered = (db: Query, filter: TaskFilter, few: readonly string[] | null) => {
  const sort = sortOf(filter)
  let query = db
    .selectFrom('Tasks as t')
    .select(sort ? sort.key.as('sortKey') : sql<SortKey>`''`.as('sortKey'))
    .where((eb) => eb.and(conditions(eb as unknown as Builder, filter)))
  if (few) query = query.where('t.taskId', 'in', few)
  if (filter.cursor) {
    const after = decodeCursor(filter.cursor, 4)
    query = query.where(() => afterCursor(sort, after))
  }
  if (sort) query = query.orderBy(sort.key, sort.direction)
  return query.orderBy('t.taskName').orderBy('t.appName').orderBy('t.taskId')
}

/** The last task this page looks at, or null when that is the end of the list. */
const endOfScan = async (
  db: Query,
  filter: TaskFilter,
  few: readonly string[] | null,
): Promise<Keys | null> => {
  const last = await filtered(db, filter, few)
    .select(['t.taskName', 't.appName', 't.taskId'])
    .offset(SCANNED_PER_PAGE - 1)
    .limit(1)
    .executeTakeFirst()
  return last ? keysOf(last) : null
}

const afterCursor = (sort: Sort | null, after: (string | number | null)[]): Expression<SqlBool> => {
  const [key, name, app, id] = after
  const byName = sql<SqlBool>`(${sql.ref('t.taskName')}, ${sql.ref('t.appName')}, ${sql.ref('t.taskId')}) > (${name}, ${app}, ${id})`
  if (!sort) return byName
  const beyond = sort.direction === 'asc' ? sql`>` : sql`<`
  return sql<SqlBool>`(${sort.key} ${beyond} ${key} or (${sort.key} = ${key} and ${byName}))`
}

const notAfter = (sort: Sort | null, keys: Keys): Expression<SqlBool> => {
  if (sort) return sql<SqlBool>`not ${afterCursor(sort, keys)}`
  const [, name, app, id] = keys
  return sql<SqlBool>`(${sql.ref('t.taskName')}, ${sql.ref('t.appName')}, ${sql.ref('t.taskId')}) <= (${name}, ${app}, ${id})`
}

const conditions = (eb: Builder, filter: TaskFilter): Expression<SqlBool>[] => {
  const all: Expression<SqlBool>[] = []
  if (filter.enabled !== undefined) all.push(eb('t.enabled', '=', filter.enabled))
  if (filter.app?.length) all.push(eb('t.appName', 'in', filter.app))
  if (filter.node?.length) all.push(eb('t.assignedNodeId', 'in', filter.node))
  if (filter.group?.length) all.push(eb('t.assignedNodeGroup', 'in', filter.group))
  if (filter.role?.length) all.push(eb('t.assignedNodeRole', 'in', filter.role))
  if (filter.tag?.length) all.push(eb.or(filter.tag.map(hasTag)))
  if (filter.state?.length) all.push(eb.or(filter.state.map(inState)))
  return all
}

/** Tags are a JSON array of strings: a tag is found with its quotes, so `web` does not find `webhook`. */
const hasTag = (tag: string): RawBuilder<SqlBool> =>
  sql<SqlBool>`${sql.ref('t.tags')} like ${containing(JSON.stringify(tag))} escape '\\'`

const SEARCHED = ['t.taskName', 't.appName', 't.scriptPath', 't.description', 't.tags'] as const
const inState = (state: RunState | 'Never'): RawBuilder<SqlBool> => {
  const rows = (condition: RawBuilder<unknown>) =>
    sql<SqlBool>`exists (select 1 from ${sql.table('Task_Schedule')} as s where ${sql.ref('s.taskId')} = ${sql.ref('t.taskId')} and ${condition})`
  if (state === 'Never') return sql<SqlBool>`not ${rows(sql`${sql.ref('s.lastState')} is not null`)}`
  if (state === 'Running') return rows(sql`${sql.ref('s.isRunning')} = 1`)
  if (state === 'Queued')
    return sql<SqlBool>`exists (select 1 from ${sql.table('Task_History')} as h where ${sql.ref('h.taskId')} = ${sql.ref('t.taskId')} and ${sql.ref('h.state')} = 'Queued')`
  return rows(sql`${sql.ref('s.lastState')} = ${state}`)
}

/** What the schedule rows of a page of tasks say about them, and the error of their last run. */
export const taskStates = (db: Query, taskIds: readonly string[]) =>
  taskIds.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('Task_Schedule as s')
        .leftJoin('Task_History as h', 'h.historyId', 's.lastHistoryId')
        .select(['s.taskId', 's.nextRun', 's.lastRun', 's.lastState', 's.lastHistoryId', 's.isRunning'])
        .select('h.error as lastError')
        .where('s.taskId', 'in', taskIds)
        .execute()
