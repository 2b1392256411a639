import { openSqlite } from '../src/main/data/sqlite/open-sqlite.ts'
import type { Services } from '../src/main/services/services.ts'
import { changeFilterSchema } from '../src/shared/domain/change.ts'
import type { Page } from '../src/shared/domain/fields.ts'
import { runFilterSchema } from '../src/shared/domain/run.ts'
import { taskFilterSchema } from '../src/shared/domain/task.ts'
import { caller } from './support/bench-node.ts'
import { say } from './support/folders.ts'
import { largeDatabase } from './support/large-database.ts'
import { openServices } from './support/large-services.ts'
import { changeCases, runCases, taskCases, type ListCase } from './support/list-cases.ts'
import { below, percentile, timed, type BenchRow } from './support/rows.ts'

/**
 * The lists at 100,000 tasks, 1,000,000 runs and 5,000,000 changes, through the services as the API asks them:
 * the first page, a page deep inside, each filter, and filters together.
 */

const CALLS = 50
const BUDGET_MS = 50
const SEARCH_BUDGET_MS = 500
/** Pages passed over before the deep one is taken. */
const DEEP = 40

type List = (filter: Record<string, unknown>) => Promise<Page<unknown>>

export const rows = async (): Promise<BenchRow[]> => {
  const { folder, counts } = await largeDatabase()
  const { services, close } = await openServices(folder)
  try {
    const reference = new Map(
      (['Tasks', 'Task_History', 'Data_Change'] as const).map((table) => [table, barePage(folder, table)]),
    )
    const lists = listsOf(services)
    return [
      ...(await measure('tasks', lists.tasks, taskCases(), reference.get('Tasks'))),
      ...(await measure('runs', lists.runs, runCases(counts), reference.get('Task_History'))),
      ...(await measure('changes', lists.changes, changeCases(counts), reference.get('Data_Change'))),
    ]
  } finally {
    await close()
  }
}

const listsOf = ({ tasks, runs, changes }: Services): Record<'tasks' | 'runs' | 'changes', List> => ({
  tasks: (filter) => tasks.list(caller, taskFilterSchema.parse(filter)),
  runs: (filter) => runs.list(caller, runFilterSchema.parse(filter)),
  changes: (filter) => changes.list(caller, changeFilterSchema.parse(filter)),
})

/** A page of a hundred rows by primary key, the driver alone: what no list can be faster than. */
const barePage = (folder: string, table: string): number => {
  const db = openSqlite({ path: `${folder}/pswebhost.db`, readonly: true })
  const page = db.prepare(`select * from "${table}" order by rowid desc limit 101`)
  const times = Array.from({ length: CALLS }, () => {
    const startedAt = performance.now()
    page.all()
    return performance.now() - startedAt
  })
  db.close()
  return percentile(times, 0.95)
}

const measure = async (
  name: string,
  list: List,
  cases: readonly ListCase[],
  reference: number | undefined,
): Promise<BenchRow[]> => {
  const measured: BenchRow[] = []
  for (const one of cases) {
    const budget = one.search ? SEARCH_BUDGET_MS : BUDGET_MS
    const times = await timesOf(list, one)
    const row = below(`${name}: ${one.name} (p95)`, percentile(times, 0.95), {
      unit: 'ms',
      budget,
      ...(reference === undefined ? {} : { reference }),
    })
    if (!row.ok) say(`over: ${row.line} ${Number(row.figure).toFixed(0)} ms`)
    measured.push(row)
  }
  return measured
}

/** Each call asks for other values; the first two warm statement and pages. A hopeless case is cut short. */
const timesOf = async (list: List, { filter, deep }: ListCase): Promise<number[]> => {
  const times: number[] = []
  let spent = 0
  for (let call = -2; call < CALLS && spent < 20_000; call += 1) {
    const asked = filter(call + 2)
    const cursor = deep ? await deepCursor(list, asked) : null
    const took = await timed(() => list(cursor === null ? asked : { ...asked, cursor }))
    spent += took
    if (call >= 0 || took > BUDGET_MS * 20) times.push(took)
  }
  return times
}

const deepCursors = new WeakMap<List, string>()

const deepCursor = async (list: List, filter: Record<string, unknown>): Promise<string> => {
  const known = deepCursors.get(list)
  if (known) return known
  let cursor: string | undefined
  for (let page = 0; page < DEEP; page += 1) {
    const answer: Page<unknown> = await list({ ...filter, limit: 1000, ...(cursor ? { cursor } : {}) })
    if (answer.nextCursor === null) break
    cursor = answer.nextCursor
  }
  if (cursor === undefined) throw new Error('the list is too short for a deep page')
  deepCursors.set(list, cursor)
  return cursor
}
