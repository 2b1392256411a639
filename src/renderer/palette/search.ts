import type { Change } from '../../shared/domain/change.ts'
import type { Page } from '../../shared/domain/fields.ts'
import type { Run } from '../../shared/domain/run.ts'
import type { Task } from '../../shared/domain/task.ts'
import type { AppClient } from '../client.ts'
import { toAppError } from '../lib/app-error.ts'
import { isId, type Wanted } from './query.ts'

/** What the node found. */
export interface Found {
  tasks: readonly Task[]
  runs: readonly Run[]
  changes: readonly Change[]
}

export type SearchClient = Pick<AppClient, 'tasks' | 'history' | 'changes'>

export const NOTHING: Found = { tasks: [], runs: [], changes: [] }

const WANTED = 8
/** A page looks through so many rows of the database at most; more pages than this take too long to wait for. */
const MOST_PAGES = 12

type ReadPage<T> = (cursor: { cursor?: string }) => Promise<Page<T>>

/** Reads on while pages come back short, as those of a search do. */
const readSome = async <T>(read: ReadPage<T>, fits: (item: T) => boolean = () => true): Promise<T[]> => {
  const found: T[] = []
  let cursor: string | null = null
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer: Page<T> = await read(cursor === null ? {} : { cursor })
    found.push(...answer.items.filter(fits))
    cursor = answer.nextCursor
    if (cursor === null || found.length >= WANTED) break
  }
  return found.slice(0, WANTED)
}

const textOf = ({ taskName, appName, scriptPath, tags }: Task): string =>
  [taskName, appName, scriptPath, ...tags].join(' ').toLowerCase()

/** Those with the text in their own name come first; the node answers in the order of names. */
const namedFirst = (tasks: readonly Task[], text: string): Task[] => {
  const isNamed = ({ taskName }: Task): boolean => taskName.toLowerCase().includes(text.toLowerCase())
  return [...tasks.filter(isNamed), ...tasks.filter((task) => !isNamed(task))]
}

const searchTasks = async (client: SearchClient, text: string, signal: AbortSignal): Promise<Task[]> => {
  const read = (search: string) => (cursor: { cursor?: string }) =>
    client.tasks.list({ search, limit: WANTED * 4, ...cursor }, { signal })
  const whole = await readSome(read(text))
  const words = text.toLowerCase().split(/\s+/)
  if (whole.length > 0 || words.length < 2) return namedFirst(whole, text)
  // The node looks for one text: of several words for the longest, and the others are looked for here.
  const longest = words.toSorted((a, b) => b.length - a.length)[0] ?? text
  return readSome(read(longest), (task) => words.every((word) => textOf(task).includes(word)))
}

const searchRuns = (client: SearchClient, text: string, signal: AbortSignal): Promise<Run[]> =>
  readSome((cursor) =>
    client.history.list({ ...(text && { search: text }), limit: WANTED, ...cursor }, { signal }),
  )

/** None where there is no such record; any other failure stays one. */
const orNone = async <T>(answer: Promise<T>): Promise<T[]> => {
  try {
    return [await answer]
  } catch (thrown) {
    if (toAppError(thrown).code === 'NOT_FOUND') return []
    throw thrown
  }
}

const byId = async (client: SearchClient, id: string, signal: AbortSignal): Promise<Found> => {
  const [tasks, runs, changes] = await Promise.all([
    orNone(client.tasks.get({ taskId: id }, { signal })),
    orNone(client.history.get({ historyId: id }, { signal })),
    orNone(client.changes.get({ changeId: id }, { signal })),
  ])
  return { tasks, runs, changes }
}

/** Asks the node for what only it knows: there may be a hundred thousand tasks. */
export const search = async (
  client: SearchClient,
  { mode, text }: Wanted,
  signal: AbortSignal,
): Promise<Found> => {
  if (isId(text)) return byId(client, text.toLowerCase(), signal)
  if (mode === 'runs') return { ...NOTHING, runs: await searchRuns(client, text, signal) }
  if (mode === 'all' && text !== '') return { ...NOTHING, tasks: await searchTasks(client, text, signal) }
  return NOTHING
}
