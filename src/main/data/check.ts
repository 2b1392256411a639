import { readInfo } from './cluster-info.ts'
import type { OpenDatabase, Query } from './db.ts'
import type { DatabaseFile } from './dialects/connection.ts'
import { agreesWithDigest } from './seal-check.ts'
import { verifyTriggers } from './triggers.ts'
import { steps } from './migrations/index.ts'

export type FindingId =
  'integrity' | 'schema' | 'triggers' | 'orphanSchedules' | 'orphanRuns' | 'changeDigests' | 'size'

/** One thing `doctor` looked at, as plain data. */
export interface Finding {
  id: FindingId
  ok: boolean
  /** What was looked at. */
  what: string
  /** What was found. */
  detail: string
  /** What a repair would do; absent where there is none to do by machine. */
  fix?: string
}

export interface CheckOptions {
  /** Leave out what reads the whole file. */
  quick?: boolean
}

/** How many of the newest changes are held against their digests. */
const DIGESTS_CHECKED = 1000

/** Everything the data can say about its own health, each with what to do. Reads only. */
export const checkDatabase = async (db: OpenDatabase, options: CheckOptions = {}): Promise<Finding[]> => [
  ...(db.file ? [await checkIntegrity(db.file, options.quick === true)] : []),
  ...(await checkSchema(db)),
  await checkOrphanSchedules(db),
  await checkOrphanRuns(db),
  await checkDigests(db),
  ...(db.file ? [checkSize(db.file)] : []),
]

const checkIntegrity = async (file: DatabaseFile, quick: boolean): Promise<Finding> => {
  const damage = await file.integrity(quick)
  const ok = damage.length === 0
  const detail = ok ? 'every page is sound' : `${damage.join('; ')}: stop the node and restore a backup`
  return { id: 'integrity', ok, what: 'database file', detail }
}

/** The version is asked for anew: `migrate` may have run since this program started. */
const checkSchema = async (db: OpenDatabase): Promise<Finding[]> => {
  const version = Number(await readInfo(db.read, 'SchemaVersion'))
  const ours = steps.length
  const schema = { id: 'schema', what: 'schema' } as const
  if (version === ours)
    return [{ ...schema, ok: true, detail: `version ${version}` }, await checkTriggers(db)]
  const detail =
    version > ours
      ? `version ${version}, made by a newer program that still lets this one in`
      : `version ${version}; this program's is ${ours}: run "pswebhost-node migrate" once every node has this version`
  const triggers = 'belongs to the program of this schema, another one'
  return [
    { ...schema, ok: version > ours, detail },
    { id: 'triggers', ok: true, what: 'change capture', detail: triggers },
  ]
}

const checkTriggers = async (db: OpenDatabase): Promise<Finding> => {
  const what = 'change capture'
  const state = await verifyTriggers(db.read, { ...db, schemaVersion: steps.length })
  if (state.unseen) {
    return {
      id: 'triggers',
      ok: true,
      what,
      detail: 'this account may not look at triggers; migrate checks them',
    }
  }
  if (state.ok) {
    return {
      id: 'triggers',
      ok: true,
      what,
      detail: db.trackChanges ? 'every trigger is in place' : 'switched off',
    }
  }
  const lists = (['missing', 'changed', 'extra'] as const).filter((list) => state[list].length > 0)
  const detail = lists.map((list) => `${list}: ${state[list].join(', ')}`).join('; ')
  return { id: 'triggers', ok: false, what, detail, fix: 'installs the triggers of this version again' }
}

/** Schedule rows whose task is gone. */
export const orphanSchedules = (db: Query) =>
  db
    .selectFrom('Task_Schedule as s')
    .select('s.scheduleId')
    .where((where) =>
      where.not(
        where.exists(where.selectFrom('Tasks as t').select('t.taskId').whereRef('t.taskId', '=', 's.taskId')),
      ),
    )

const checkOrphanSchedules = async (db: OpenDatabase): Promise<Finding> => {
  const { length } = await orphanSchedules(db.read).execute()
  const finding = {
    id: 'orphanSchedules',
    ok: length === 0,
    what: 'schedule rows',
    detail: counted(length),
  } as const
  return length === 0 ? finding : { ...finding, fix: 'deletes the schedule rows whose task is gone' }
}

/** Waiting runs whose task is gone. */
export const orphanRuns = (db: Query) =>
  db
    .selectFrom('Task_History as h')
    .select('h.historyId')
    .where('h.state', '=', 'Queued')
    .where((where) =>
      where.not(
        where.exists(where.selectFrom('Tasks as t').select('t.taskId').whereRef('t.taskId', '=', 'h.taskId')),
      ),
    )

const checkOrphanRuns = async (db: OpenDatabase): Promise<Finding> => {
  const { length } = await orphanRuns(db.read).execute()
  const finding = {
    id: 'orphanRuns',
    ok: length === 0,
    what: 'waiting runs',
    detail: counted(length),
  } as const
  return length === 0 ? finding : { ...finding, fix: 'ends the waiting runs whose task is gone as Stopped' }
}

const counted = (count: number): string => (count === 0 ? 'each has its task' : `${count} whose task is gone`)

const checkDigests = async (db: OpenDatabase): Promise<Finding> => {
  const rows = await db.read
    .selectFrom('Data_Change')
    .selectAll()
    .orderBy('localSeq', 'desc')
    .limit(DIGESTS_CHECKED)
    .execute()
  const wrong = rows.filter((row) => !agreesWithDigest(row)).map((row) => row.changeId)
  const ok = wrong.length === 0
  const detail = ok
    ? `the newest ${rows.length} agree with their digests`
    : `${wrong.length} of the newest ${rows.length} were altered after they were written: ${wrong.slice(0, 5).join(', ')}`
  return { id: 'changeDigests', ok, what: 'change log', detail }
}

const checkSize = (file: DatabaseFile): Finding => {
  const { pageSize, pages, freePages, walBytes } = file.sizes()
  const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`
  const detail =
    `${megabytes(pages * pageSize)}, of which ${megabytes(freePages * pageSize)} unused; ` +
    `write-ahead log ${megabytes(walBytes)}`
  return { id: 'size', ok: true, what: 'database size', detail }
}
