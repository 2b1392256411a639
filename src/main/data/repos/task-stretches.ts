import { expressionBuilder, sql, type RawBuilder, type SelectQueryBuilder, type SqlBool } from 'kysely'
import type { RunState } from '../../../shared/domain/run.ts'
import type { TaskFilter } from '../../../shared/domain/task.ts'
import type { Tables } from '../entities/index.ts'
import type { Query } from '../db.ts'

/*
 * The order of a list of tasks by what their schedule rows say. Sorting all tasks by a value that each has to
 * be asked for would read every task for the first page; but the order falls into *stretches*, and each can be
 * walked along an index: first the tasks that some rows of Task_Schedule lead to, in the rows' order, then the
 * tasks that have no such row, by name.
 */

export type SortKey = string | number

export interface Sort {
  direction: 'asc' | 'desc'
  key: RawBuilder<SortKey>
}

/** Tasks under the alias `t`, before filters, order and limit. */
export type TaskQuery = SelectQueryBuilder<{ t: Tables['Tasks'] } & Tables, 't', object>

export interface Stretch {
  /** What its rows are ordered by before their name. */
  sort: Sort
  /** Whether all of its rows have the same key: then they are ordered by name alone. */
  isEven: boolean
  /** Whether a list that was read up to `key` has rows of this stretch still to come. */
  reaches: (key: SortKey) => boolean
  /** Whether `key` is one of an earlier stretch: then all of this one is still to come. */
  startsAfter: (key: SortKey) => boolean
  /**
   * In an object: a query builder itself must not be awaited.
   * @param isSelective whether other filters leave few tasks: then the database may choose where to begin
   */
  from: (db: Query, isSelective: boolean) => Promise<{ query: TaskQuery }>
}

/** Tasks by name: the same builder whichever tables stand beside them, since only `t` is read. */
const tasks = (db: Query): TaskQuery => db.selectFrom('Tasks as t')

/** Every task once, led to by its row of the smallest (or greatest) `column`. */
const ledByRows =
  (column: 'nextRun' | 'lastRun', wins: '<' | '>') =>
  (db: Query, isSelective: boolean): TaskQuery =>
    // Both tables are read, and only the task is kept: the same rows as any other query of tasks.
    // A cross join with the same condition: SQLite then keeps the order of the tables, so rows lead to tasks.
    db
      .selectFrom('Task_Schedule as s')
      .$call((query) =>
        isSelective
          ? query.innerJoin('Tasks as t', 't.taskId', 's.taskId')
          : query.crossJoin('Tasks as t').whereRef('t.taskId', '=', 's.taskId'),
      )
      .where(`s.${column}`, 'is not', null)
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('Task_Schedule as o')
              .select('o.scheduleId')
              .whereRef('o.taskId', '=', 's.taskId')
              .where(({ eb, or, and, ref }) =>
                or([
                  eb(`o.${column}`, wins, ref(`s.${column}`)),
                  and([
                    eb(`o.${column}`, '=', ref(`s.${column}`)),
                    eb('o.scheduleId', '<', ref('s.scheduleId')),
                  ]),
                ]),
              ),
          ),
        ),
      )

const withoutTime =
  (column: 'nextRun' | 'lastRun') =>
  (db: Query): TaskQuery =>
    tasks(db).where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('Task_Schedule as s')
            .select('s.scheduleId')
            .whereRef('s.taskId', '=', 't.taskId')
            .where(`s.${column}`, 'is not', null),
        ),
      ),
    )

/** What needs attention first; `isRunning` before the state of the run before it. */
const BAD: RunState[] = ['Failed', 'Timeout', 'Lost']

const degrees = expressionBuilder<{ t: Tables['Tasks'] } & Tables, 't'>()
  .selectFrom('Task_Schedule as s')
  .whereRef('s.taskId', '=', 't.taskId')
  .select(({ fn, case: when }) =>
    fn
      .min<number>(
        when()
          .when('s.isRunning', '=', true)
          .then(sql.lit(1))
          .when('s.lastState', 'in', BAD)
          .then(sql.lit(0))
          .when('s.lastState', 'is', null)
          .then(sql.lit(2))
          .else(sql.lit(3))
          .end(),
      )
      .as('degree'),
  )

const attention = sql<SortKey>`coalesce((${degrees}), 2)`

/** Up to so many tasks are read by their ids and sorted; more are found soon enough in the order of the list. */
export const RARE = 500

type RowsOf = (db: Query) => Promise<string[] | null>

const rowsWhere =
  (condition: 'bad' | 'running' | 'never') =>
  async (db: Query): Promise<string[]> => {
    const rows = await db
      .selectFrom('Task_Schedule')
      .select('taskId')
      .where(({ eb }) =>
        condition === 'bad'
          ? eb('lastState', 'in', BAD)
          : condition === 'running'
            ? eb('isRunning', '=', true)
            : eb('lastState', 'is', null),
      )
      .limit(RARE + 1)
      .execute()
    return rows.map((row) => row.taskId)
  }

/** A task of which no row speaks has never run either; whether there are such is told by two counts. */
const neverRun: RowsOf = async (db) => {
  const count = sql<number>`count(*)`.as('count')
  const all = await db.selectFrom('Tasks').select(count).executeTakeFirst()
  const known = await db
    .selectFrom('Task_Schedule')
    .select(sql<number>`count(distinct ${sql.ref('taskId')})`.as('count'))
    .executeTakeFirst()
  return Number(all?.count) === Number(known?.count) ? rowsWhere('never')(db) : null
}

/** The tasks of one degree of attention, by name; `candidates` holds them all when they are few. */
const ofAttention = (degree: number, candidates: RowsOf): Stretch => ({
  sort: { direction: 'asc', key: attention },
  isEven: true,
  reaches: (key) => Number(key) <= degree,
  startsAfter: (key) => Number(key) < degree,
  from: async (db) => {
    const ids = await candidates(db)
    const query = tasks(db).where(sql<SqlBool>`${attention} = ${sql.lit(degree)}`)
    if (!ids || ids.length > RARE) return { query }
    // Servers take no empty list.
    const few =
      ids.length > 0 ? query.where('t.taskId', 'in', [...new Set(ids)]) : query.where(sql<SqlBool>`1 = 0`)
    return { query: few }
  },
})

const byTime = (column: 'nextRun' | 'lastRun', direction: Sort['direction'], whenNone: string): Stretch[] => [
  {
    sort: { direction, key: sql<SortKey>`${sql.ref(`s.${column}`)}` },
    isEven: false,
    reaches: (key) => key !== whenNone,
    startsAfter: () => false,
    from: async (db, isSelective) => ({
      query: ledByRows(column, direction === 'asc' ? '<' : '>')(db, isSelective),
    }),
  },
  {
    sort: { direction, key: sql<SortKey>`${sql.lit(whenNone)}` },
    isEven: true,
    reaches: () => true,
    startsAfter: (key) => key !== whenNone,
    from: async (db) => ({ query: withoutTime(column)(db) }),
  },
]

/** The orders that are walked in stretches, each with the key its cursors hold. */
export const stretches = {
  nextRun: byTime('nextRun', 'asc', '~'),
  lastRun: byTime('lastRun', 'desc', ''),
  state: [
    ofAttention(0, rowsWhere('bad')),
    ofAttention(1, rowsWhere('running')),
    ofAttention(2, neverRun),
    ofAttention(3, async () => null),
  ],
} satisfies Partial<Record<TaskFilter['sort'], Stretch[]>>
