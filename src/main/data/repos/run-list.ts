import type { Page } from '../../../shared/domain/fields.ts'
import type { RunFilter } from '../../../shared/domain/run.ts'
import type { Query } from '../db.ts'
import { beyond, decodeCursor, encodeCursor, pageOf, searching } from '../paging.ts'
import { RUN_COLUMNS, type RunRecord } from './runs.ts'

/** Lists of runs, newest first by start (else scheduled) time, ties by id. */

/** What no index finds, a text or an end, is looked for in no more rows than this at once; the cursor goes on from there. */
const SCANNED_PER_PAGE = 20_000

const keysOf = (row: Pick<RunRecord, 'sortTime' | 'historyId'>): [string, string] => [
  row.sortTime,
  row.historyId,
]

const filtered = (db: Query, filter: RunFilter) => {
  let query = db.selectFrom('Task_History as h')
  if (filter.task?.length) query = query.where('h.taskId', 'in', filter.task)
  if (filter.node?.length) query = query.where('h.nodeId', 'in', filter.node)
  if (filter.state?.length) query = query.where('h.state', 'in', filter.state)
  if (filter.from) query = query.where('h.sortTime', '>=', filter.from)
  if (filter.to) query = query.where('h.sortTime', '<', filter.to)
  if (filter.cursor) {
    query = query.where(beyond(['h.sortTime', 'h.historyId'], '<', decodeCursor(filter.cursor, 2)))
  }
  return query.orderBy('h.sortTime', 'desc').orderBy('h.historyId', 'desc')
}

const columns = RUN_COLUMNS.map((column) => `h.${column}` as const)

export const listRuns = async (db: Query, filter: RunFilter): Promise<Page<RunRecord>> => {
  if (filter.search || filter.endsAfter) return scanRuns(db, filter)
  const rows = await filtered(db, filter)
    .select(columns)
    .limit(filter.limit + 1)
    .execute()
  return pageOf(rows, filter.limit, keysOf)
}

const SEARCHED = ['h.taskName', 'h.appName', 'h.error', 'h.historyId'] as const

/** Looks through a bounded stretch of runs: a page may be short and still have a cursor. */
const scanRuns = async (db: Query, filter: RunFilter): Promise<Page<RunRecord>> => {
  const scanned = filtered(db, filter).select('h.historyId').limit(SCANNED_PER_PAGE)
  // Joined and not `in`: MySQL limits no rows inside of `in`.
  let query = db
    .selectFrom(scanned.as('s'))
    .innerJoin('Task_History as h', 'h.historyId', 's.historyId')
    .select(columns)
  if (filter.search) query = query.where(searching(SEARCHED, filter.search))
  const { endsAfter } = filter
  if (endsAfter)
    query = query.where((run) => run.or([run('h.endTime', 'is', null), run('h.endTime', '>', endsAfter)]))
  const rows = await query
    .orderBy('h.sortTime', 'desc')
    .orderBy('h.historyId', 'desc')
    .limit(filter.limit + 1)
    .execute()
  const page = pageOf(rows, filter.limit, keysOf)
  return page.nextCursor ? page : { ...page, nextCursor: await endOfScan(db, filter) }
}

/** The cursor behind the last row looked at, or null when the scan reached the end of the list. */
const endOfScan = async (db: Query, filter: RunFilter): Promise<string | null> => {
  const last = await filtered(db, filter)
    .select(['h.sortTime', 'h.historyId'])
    .offset(SCANNED_PER_PAGE - 1)
    .limit(1)
    .executeTakeFirst()
  return last ? encodeCursor(keysOf(last)) : null
}
