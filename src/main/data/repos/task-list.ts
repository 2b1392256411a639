import { sql, type Expression, type ExpressionBuilder, type RawBuilder, type SqlBool } from 'kysely'
import type { Page } from '../../../shared/domain/fields.ts'
import type { RunState } from '../../../shared/domain/run.ts'
import type { TaskFilter } from '../../../shared/domain/task.ts'
import type { Tables } from '../entities/index.ts'
import type { Query } from '../db.ts'
import { beyond, containing, decodeCursor, encodeCursor, pageOf, searching } from '../paging.ts'
import { RARE, stretches, type Sort, type SortKey, type Stretch, type TaskQuery } from './task-stretches.ts'
import type { TaskRow } from './tasks.ts'

/** Lists of tasks: filtered and sorted by the database, paged by key. */

type Aliased = { t: Tables['Tasks'] } & Tables
type Builder = ExpressionBuilder<Aliased, 't'>
const priority: Sort = { direction: 'desc', key: sql<SortKey>`${sql.ref('t.priority')}` }

/** A list whose rows all have one key: by name alone. */
const byName: Sort = { direction: 'asc', key: sql<SortKey>`''` }

/** The whole list as one stretch, for orders that need no schedule rows. */
const whole = (sort: Sort): Stretch[] => [
  {
    sort,
    isEven: sort === byName,
    reaches: () => true,
    startsAfter: () => false,
    from: async (db) => ({ query: db.selectFrom('Tasks as t') as unknown as TaskQuery }),
  },
]

const stretchesOf = ({ sort }: TaskFilter): readonly Stretch[] =>
  sort === 'name' ? whole(byName) : sort === 'priority' ? whole(priority) : stretches[sort]

type Listed = TaskRow & { sortKey: SortKey }

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

/**
 * The tasks that a text or a tag finds, when they are few: one walk over the table, where each stretch of the
 * order would need one of its own. Null when they are many, so that the walk in order meets them soon.
 */
const fewFound = async (db: Query, { search, tag, sort }: TaskFilter): Promise<string[] | null> => {
  if (sort === 'name' || (!search && !tag?.length)) return null
  let query = db
    .selectFrom('Tasks as t')
    .select('t.taskId')
    .limit(RARE + 1)
  if (search) query = query.where(searching(SEARCHED, search))
  if (tag?.length) query = query.where((eb) => eb.or(tag.map(hasTag)))
  const found = await query.execute()
  return found.length > RARE ? null : found.map((row) => row.taskId)
}

/** A text search by name looks at no more tasks than this at once, and answers with a cursor to go on from. */
const SCANNED_PER_PAGE = 20_000

/** One page of tasks; ties by name, then id. A page of a search may be short and still have a cursor. */
export const listTasks = async (db: Query, filter: TaskFilter): Promise<Page<TaskRow>> => {
  const few = (await fewInStates(db, filter.state)) ?? (await fewFound(db, filter))
  if (few?.length === 0) return { items: [], nextCursor: null }
  const after = filter.cursor ? keysOfCursor(filter.cursor) : null
  const rows: Listed[] = []
  for (const stretch of stretchesOf(filter)) {
    if (after && !stretch.reaches(after[0])) continue
    const { query } = await stretch.from(db, isSelective(filter) || few !== null)
    const list = inOrder(query, { stretch, filter, few, after })
    const end = filter.search && filter.sort === 'name' ? await endOfScan(list) : null
    let found = list.selectAll('t').limit(filter.limit + 1 - rows.length)
    if (filter.search) found = found.where(searching(SEARCHED, filter.search))
    if (end) found = found.where(notAfter(stretch, end))
    rows.push(...notYet(rows, await found.execute()))
    if (rows.length > filter.limit) break
    if (end) return { items: rows, nextCursor: encodeCursor(end) }
  }
  return pageOf<Listed>(rows, filter.limit, keysOf)
}

/** A task whose run ends between two stretches is in both: each is a statement of its own. */
const notYet = (rows: readonly Listed[], found: readonly Listed[]): Listed[] => {
  const known = new Set(rows.map((row) => row.taskId))
  return found.filter((row) => !known.has(row.taskId))
}

type Keys = [sortKey: SortKey, taskName: string, appName: string, taskId: string]

const keysOf = (row: Pick<Listed, 'sortKey' | 'taskName' | 'appName' | 'taskId'>): Keys => [
  row.sortKey,
  row.taskName,
  row.appName,
  row.taskId,
]

const keysOfCursor = (cursor: string): Keys => {
  const [key, ...names] = decodeCursor(cursor, 4)
  const [name, app, id] = names.map(String)
  return [key ?? '', name ?? '', app ?? '', id ?? '']
}

/** Whether an index of Tasks itself leads to few rows, so that walking the order would be the longer way. */
const isSelective = ({ app, node, group, role }: TaskFilter): boolean =>
  [app, node, group, role].some((values) => values !== undefined && values.length > 0)

interface Asked {
  stretch: Stretch
  filter: TaskFilter
  few: readonly string[] | null
  after: Keys | null
}

/** All of a stretch after the cursor, in its order, but for the searched text. */
const inOrder = (from: TaskQuery, { stretch, filter, few, after }: Asked) => {
  const { sort, isEven } = stretch
  let query = from.select(sort.key.as('sortKey')).where((eb) => eb.and(conditions(eb, filter)))
  if (few) query = query.where('t.taskId', 'in', few)
  if (after) query = query.where(afterCursor(stretch, after))
  if (!isEven) query = query.orderBy(sort.key, sort.direction)
  return query.orderBy('t.taskName').orderBy('t.appName').orderBy('t.taskId')
}

/** The last task this page looks at, or null when that is the end of the stretch. */
const endOfScan = async (list: ReturnType<typeof inOrder>): Promise<Keys | null> => {
  const last = await list
    .select(['t.taskName', 't.appName', 't.taskId'])
    .offset(SCANNED_PER_PAGE - 1)
    .limit(1)
    .executeTakeFirst()
  return last ? keysOf(last) : null
}

const NAME = ['t.taskName', 't.appName', 't.taskId']

const named = ([, ...names]: Keys): RawBuilder<SqlBool> => beyond(NAME, '>', names)
const notNamed = (keys: Keys): RawBuilder<SqlBool> => sql<SqlBool>`not ${named(keys)}`

/** In an even stretch a cursor of an earlier one leaves all rows, one of its own those of later names. */
const afterCursor = ({ sort, isEven, startsAfter }: Stretch, after: Keys): Expression<SqlBool> => {
  if (isEven) return startsAfter(after[0]) ? sql<SqlBool>`1 = 1` : named(after)
  const key = after[0]
  const later = sql.raw(sort.direction === 'asc' ? '>' : '<')
  // The first part alone lets an index begin there.
  return sql<SqlBool>`(${sort.key} ${later}= ${key} and (${sort.key} ${later} ${key} or ${named(after)}))`
}

const notAfter = ({ sort, isEven }: Stretch, end: Keys): Expression<SqlBool> => {
  if (isEven) return notNamed(end)
  const before = sql.raw(sort.direction === 'asc' ? '<' : '>')
  return sql<SqlBool>`(${sort.key} ${before} ${end[0]} or (${sort.key} = ${end[0]} and ${notNamed(end)}))`
}

const conditions = (eb: Builder, filter: TaskFilter): Expression<SqlBool>[] => {
  const all: Expression<SqlBool>[] = []
  if (filter.enabled !== undefined) all.push(eb('t.enabled', '=', filter.enabled))
  if (filter.app?.length) all.push(eb('t.appName', 'in', filter.app))
  if (filter.node?.length) all.push(eb('t.assignedNodeId', 'in', filter.node))
  if (filter.group?.length) all.push(eb('t.assignedNodeGroup', 'in', filter.group))
  if (filter.role?.length) all.push(eb('t.assignedNodeRole', 'in', filter.role))
  if (filter.tag?.length) all.push(eb.or(filter.tag.map(hasTag)))
  if (filter.state?.length) all.push(eb.or(filter.state.map((state) => inState(eb, state))))
  return all
}

/** Tags are a JSON array of strings: a tag is found with its quotes, so `web` does not find `webhook`. */
const hasTag = (tag: string): RawBuilder<SqlBool> =>
  sql<SqlBool>`${sql.ref('t.tags')} like ${containing(JSON.stringify(tag))} escape '!'`

const SEARCHED = ['t.taskName', 't.appName', 't.scriptPath', 't.description', 't.tags'] as const

const inState = (eb: Builder, state: RunState | 'Never'): Expression<SqlBool> => {
  const rows = eb
    .selectFrom('Task_Schedule as s')
    .select('s.scheduleId')
    .whereRef('s.taskId', '=', 't.taskId')
  if (state === 'Never') return eb.not(eb.exists(rows.where('s.lastState', 'is not', null)))
  if (state === 'Running') return eb.exists(rows.where('s.isRunning', '=', true))
  if (state !== 'Queued') return eb.exists(rows.where('s.lastState', '=', state))
  const queued = eb
    .selectFrom('Task_History as h')
    .select('h.historyId')
    .whereRef('h.taskId', '=', 't.taskId')
    .where('h.state', '=', 'Queued')
  return eb.exists(queued)
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
