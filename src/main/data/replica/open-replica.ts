import { existsSync, renameSync } from 'node:fs'
import { hybridText, nextHybrid, parseHybrid, type HybridTime } from '../../../shared/domain/hlc.ts'
import { isoOf } from '../../platform/clock.ts'
import { readInfo, writeInfo } from '../cluster-info.ts'
import type { OpenDatabase } from '../db.ts'
import { createDatabase, type DatabaseOptions } from '../orm.ts'
import { openSqlite } from '../sqlite/open-sqlite.ts'

/** A node's copy of a server database, with the hybrid clock of the edits made there. */
export interface Replica {
  db: OpenDatabase
  /** Takes note of a time seen in the cluster: edits made here later come behind it. */
  observe(atMs: number): void
}

export interface ReplicaOptions extends Pick<
  DatabaseOptions,
  'readerEntry' | 'nativeBinding' | 'clock' | 'programVersion' | 'log' | 'steps'
> {
  path: string
  nodeId: string
  /** gzip level of the images. */
  compressionLevel: number
  timeoutSeconds: number
}

/**
 * Opens the replica of this data folder, making it where there is none. A file that is no replica, a cluster database
 * of before, is moved aside, never written.
 */
export const openReplica = async (options: ReplicaOptions): Promise<Replica> => {
  const { path, nodeId, clock, log } = options
  let last: HybridTime | null = null
  const stamp = (): string => hybridText((last = nextHybrid(last, clock.now(), nodeId)))
  const movedTo = moveOtherAside(options)
  if (movedTo) log?.warn(`${path} was no replica: it is ${movedTo} now, and a replica takes its place`)
  const db = await createDatabase({
    ...options,
    config: { ...options, type: 'SQLite', enableChangeTracking: true, stamp },
    nodeId: () => nodeId,
  })
  if ((await readInfo(db.look, 'ReplicaOf')) === undefined)
    await db.write({ actor: 'system', applies: true }, (tx) => writeInfo(tx, 'ReplicaOf', ''))
  last = await latestSeen(db)
  const observe = (atMs: number): void => {
    if (!last || atMs > last.ms) last = { ms: atMs, counter: 0, nodeId }
  }
  return { db, observe }
}

/** The DatabaseID of what the replica of this data folder was filled from; null: it never was, or there is none. */
export const filledFrom = (path: string, nativeBinding: string | undefined): string | null =>
  (existsSync(path) && followedBy(path, nativeBinding)) || null

/** The latest time among what this replica has seen and noted: a clock set back does not make new edits older. */
const latestSeen = async (db: OpenDatabase): Promise<HybridTime | null> => {
  const pending = await db.look
    .selectFrom('Sync_Pending')
    .select('hlc')
    .orderBy('pendingSeq', 'desc')
    .limit(1)
    .executeTakeFirst()
  const change = await db.look
    .selectFrom('Data_Change')
    .select('changedAt')
    .orderBy('changedAt', 'desc')
    .limit(1)
    .executeTakeFirst()
  const noted = pending && parseHybrid(pending.hlc)
  const seenMs = change ? Date.parse(change.changedAt) : -Infinity
  if (noted && noted.ms >= seenMs) return noted
  return change ? { ms: seenMs, counter: 0, nodeId: '' } : null
}

/** The companions of a database file that is in use. */
const PARTS = ['', '-wal', '-shm']

/** Where the file went; null: there was none, or it is a replica. */
const moveOtherAside = ({ path, nativeBinding, clock }: ReplicaOptions): string | null => {
  if (!existsSync(path) || followedBy(path, nativeBinding) !== null) return null
  const target = `${path}.before-replica-${isoOf(clock.now()).replace(/[-:]|\..*$/g, '')}`
  for (const part of PARTS) if (existsSync(`${path}${part}`)) renameSync(`${path}${part}`, `${target}${part}`)
  return target
}

/** The DatabaseID it follows, empty before its first bootstrap; null: the file is no replica. */
const followedBy = (path: string, nativeBinding: string | undefined): string | null => {
  const file = openSqlite({ path, nativeBinding, readonly: true })
  try {
    const table = file.prepare(`select 1 from sqlite_master where name = 'Cluster_Info'`).get()
    if (table === undefined) return null
    const found = file.prepare<[], { infoValue: string }>(REPLICA_OF).get()
    return found?.infoValue ?? null
  } finally {
    file.close()
  }
}

const REPLICA_OF = `select "InfoValue" as "infoValue" from "Cluster_Info" where "InfoKey" = 'ReplicaOf'`
