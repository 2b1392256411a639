import { existsSync, renameSync } from 'node:fs'
import { hybridText, nextHybrid, parseHybrid, type HybridTime } from '../../../shared/domain/hlc.ts'
import { isoOf } from '../../platform/clock.ts'
import { readInfo, writeInfo } from '../cluster-info.ts'
import type { OpenDatabase } from '../db.ts'
import { isDamage } from '../dialects/sqlite-faults.ts'
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
  /** Of the cluster database; null while nobody can ask it. */
  clusterId: string | null
  /** gzip level of the images. */
  compressionLevel: number
  timeoutSeconds: number
}

/**
 * Opens the replica of this data folder, making it where there is none. A file that is none of this cluster (a cluster
 * database of before, or the replica of another cluster, whose edits do not belong here), or that is damaged, is moved
 * aside, never written.
 */
export const openReplica = async (options: ReplicaOptions): Promise<Replica> => {
  const { path, nodeId, clock, log } = options
  let last: HybridTime | null = null
  const stamp = (): string => hybridText((last = nextHybrid(last, clock.now(), nodeId)))
  const moved = moveOtherAside(options)
  if (moved) log?.warn(`${path} ${moved.why}: it is ${moved.to} now, and a replica takes its place`)
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
  (existsSync(path) && whole(originOf(path, nativeBinding))?.databaseId) || null

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

/** Where the file went, and why; null: it stayed, or there was none. */
const moveOtherAside = (options: ReplicaOptions): { to: string; why: string } | null => {
  const { path, clock } = options
  const why = existsSync(path) ? whyOther(options) : null
  if (why === null) return null
  const to = `${path}.before-replica-${isoOf(clock.now()).replace(/[-:]|\..*$/g, '')}`
  for (const part of PARTS) if (existsSync(`${path}${part}`)) renameSync(`${path}${part}`, `${to}${part}`)
  return { to, why }
}

const whyOther = ({ path, nativeBinding, clusterId }: ReplicaOptions): string | null => {
  const origin = originOf(path, nativeBinding)
  if (!origin) return 'was no replica'
  if (origin === 'damaged') return 'was damaged (edits and runs that waited in it may still be read there)'
  const isOther = clusterId !== null && origin.databaseId !== '' && origin.clusterId !== clusterId
  return isOther ? 'was the replica of another cluster' : null
}

interface Origin {
  databaseId: string
  clusterId: string
}

const whole = (origin: Origin | 'damaged' | null): Origin | null => (origin === 'damaged' ? null : origin)

const originOf = (path: string, nativeBinding: string | undefined): Origin | 'damaged' | null => {
  try {
    return readOrigin(path, nativeBinding)
  } catch (error) {
    if (isDamage(error)) return 'damaged'
    throw error
  }
}

/** What a replica was filled from, the DatabaseID empty before its first bootstrap; null: the file is no replica. */
const readOrigin = (path: string, nativeBinding: string | undefined): Origin | null => {
  const file = openSqlite({ path, nativeBinding, readonly: true })
  try {
    const table = file.prepare(`select 1 from sqlite_master where name = 'Cluster_Info'`).get()
    if (table === undefined) return null
    const info = file.prepare<[string], { value: string }>(INFO)
    const databaseId = info.get('ReplicaOf')?.value
    return databaseId === undefined ? null : { databaseId, clusterId: info.get('ClusterID')?.value ?? '' }
  } finally {
    file.close()
  }
}

const INFO = `select "InfoValue" as "value" from "Cluster_Info" where "InfoKey" = ?`
