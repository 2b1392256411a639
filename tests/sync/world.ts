import type { OpenDatabase } from '../../src/main/data/db.ts'
import { findCursor } from '../../src/main/data/replica/cursor.ts'
import type { PendingRow } from '../../src/main/data/replica/pending.ts'
import { systemClock, type Clock } from '../../src/main/platform/clock.ts'
import { imageOf, violationsIn, type Player, type Written } from './violations.ts'
import { editsIn, openSyncNode } from './sync-node.ts'

/*
 * Nodes that edit without seeing each other, deliver and follow at any moment, and fail at any write; and what must
 * hold afterwards whatever happened (replication.md §5).
 */

export type Act =
  | { kind: 'create'; node: number; name: number }
  | { kind: 'edit'; node: number; task: number; field: number }
  | { kind: 'rename'; node: number; task: number; name: number }
  | { kind: 'remove'; node: number; task: number }
  | Round<'push'>
  | Round<'pull'>
  | { kind: 'editCentre'; task: number; field: number }

interface Round<Kind extends string> {
  kind: Kind
  node: number
  failAt: number | null
  committed: boolean
}

/** What a write to the databases of a step does at its n-th time. */
export interface Fault {
  at: number
  /** After its commit: the answer is lost. Else the transaction is taken back. */
  committed: boolean
}

export class Crash extends Error {}

/** A database whose writes can be made to fail, for one step. */
const fragile = (db: OpenDatabase, faults: { left: Fault | null; count: number }): OpenDatabase => ({
  ...db,
  write: async (context, work) => {
    const isHit = faults.left !== null && faults.count++ === faults.left.at
    if (!isHit) return db.write(context, work)
    const committed = faults.left?.committed === true
    faults.left = null
    await db
      .write({ ...context, once: true }, async (tx) => {
        await work(tx)
        if (!committed) throw new Crash('before the commit')
      })
      .catch((error: unknown) => {
        if (!(error instanceof Crash)) throw error
      })
    throw new Crash('the answer is lost')
  },
})

export const FIELDS = ['priority', 'description', 'retryDelay'] as const
const NAMES = 6

export const createWorld = async (centre: OpenDatabase, skewsMs: readonly number[]) => {
  const faults: { left: Fault | null; count: number } = { left: null, count: 0 }
  const players: Player[] = []
  for (const skewMs of skewsMs) {
    const clock: Clock = { ...systemClock, now: () => systemClock.now() + skewMs }
    const sync = await openSyncNode(fragile(centre, faults), {
      clock,
      wrap: (db) => fragile(db, faults),
    })
    await sync.pull()
    players.push({ sync, db: sync.replica.db, lastSeq: 0 })
  }
  const written: Written[] = []
  const pendings = new Map<string, PendingRow>()
  const problems: string[] = []
  let unique = 1000

  const player = (index: number): Player => players[index % players.length] as Player
  const tasksOf = async (db: OpenDatabase): Promise<string[]> =>
    (await db.look.selectFrom('Tasks').select('taskId').orderBy('taskId').execute()).map((row) => row.taskId)
  const nth = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)]

  /** Notes what a local edit left in Sync_Pending. */
  const noted = async ({ db }: Player, edit: () => Promise<unknown>, field?: string): Promise<void> => {
    await edit()
    const rows = await db.look.selectFrom('Sync_Pending').selectAll().orderBy('pendingSeq').execute()
    for (const row of rows) {
      if (pendings.has(row.changeId)) continue
      pendings.set(row.changeId, row)
      const value = field === undefined ? undefined : imageOf(row)?.[field]
      if (field !== undefined && row.tableName === 'Tasks')
        written.push({ changeId: row.changeId, taskId: row.recordId, field, value })
    }
  }
  const isNameFree = async (db: OpenDatabase, taskName: string): Promise<boolean> =>
    (await db.look.selectFrom('Tasks').select('taskId').where('taskName', '=', taskName).execute()).length ===
    0

  const valueFor = (field: (typeof FIELDS)[number]): number | string => {
    unique += 1
    return field === 'description' ? `text ${unique}` : field === 'priority' ? unique % 1000 : unique
  }

  const act = async (one: Act): Promise<void> => {
    if (one.kind === 'editCentre') {
      const taskId = nth(await tasksOf(centre), one.task)
      const field = FIELDS[one.field % FIELDS.length] ?? 'priority'
      if (taskId) await editsIn(centre, 'local:centre').update(taskId, { [field]: valueFor(field) })
      return
    }
    const who = player(one.node)
    if (one.kind === 'push' || one.kind === 'pull') {
      faults.count = 0
      faults.left = one.failAt === null ? null : { at: one.failAt, committed: one.committed }
      await who.sync[one.kind]().catch((error: unknown) => {
        if (!(error instanceof Crash)) throw error
      })
      faults.left = null
      await checkCursor(who)
      return
    }
    const edits = editsIn(who.db, `local:${one.node}`)
    if (one.kind === 'create') {
      const name = `task ${one.name % NAMES}`
      if (await isNameFree(who.db, name)) await noted(who, () => edits.create(name))
      return
    }
    const taskId = nth(await tasksOf(who.db), one.task)
    if (!taskId) return
    if (one.kind === 'remove') return noted(who, () => edits.remove(taskId))
    if (one.kind === 'rename') {
      const name = `task ${one.name % NAMES}`
      if (await isNameFree(who.db, name)) await noted(who, () => edits.update(taskId, { taskName: name }))
      return
    }
    const field = FIELDS[one.field % FIELDS.length] ?? 'priority'
    await noted(who, () => edits.update(taskId, { [field]: valueFor(field) }), field)
  }

  const checkCursor = async (who: Player): Promise<void> => {
    const seq = (await findCursor(who.db.look, who.sync.nodeId))?.seq ?? 0
    if (seq < who.lastSeq)
      problems.push(`the cursor of ${who.sync.nodeId} fell from ${who.lastSeq} to ${seq}`)
    who.lastSeq = seq
  }

  /** Everything delivered and followed, by everybody, until nothing moves. */
  const settle = async (): Promise<void> => {
    for (let round = 0; round < 3; round += 1) for (const { sync } of players) await sync.round()
  }

  return {
    act,
    settle,
    /** What does not hold; empty when all does. */
    violations: async (): Promise<string[]> => [
      ...problems,
      ...(await violationsIn({ centre, players, written, pendings })),
    ],
  }
}
