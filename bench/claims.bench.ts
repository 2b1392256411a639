import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import type { AssignableNode } from '../src/shared/domain/assignment.ts'
import { createDatabase } from '../src/main/data/orm.ts'
import type { OpenDatabase } from '../src/main/data/db.ts'
import { insertScheduleRow } from '../src/main/data/repos/schedules.ts'
import { insertTask } from '../src/main/data/repos/tasks.ts'
import { insertNode } from '../src/main/data/repos/nodes.ts'
import { systemClock } from '../src/main/platform/clock.ts'
import { claimWaiting } from '../src/main/services/engine/claims.ts'
import { createDueRuns } from '../src/main/services/engine/slots.ts'
import type { Self } from '../src/main/services/self.ts'
import { takerOf } from '../src/main/services/engine/taker.ts'
import { createScheduleCache } from '../src/main/services/tasks/schedule-of.ts'
import { nodeRow, scheduleRow, taskRow } from '../tests/data/rows.ts'
import { sourceProgram } from '../tests/support/program.ts'
import { withTempFolder } from './support/folders.ts'
import { openSpecification } from './support/specification-claims.ts'
import { informational, median, type BenchRow } from './support/rows.ts'

/**
 * A thousand due schedule rows become claimed runs: slot, run row, claim and lease as the scheduler does it,
 * against the specification's algorithm with a run row for each claim.
 */

const DUE = 1000
const ROUNDS = 5
const TIMES_FASTER = 5
const DUE_AT = '2026-01-01T00:00:00.000Z'

export const rows = async (): Promise<BenchRow[]> => {
  const [ours, durable, tuned]: [number[], number[], number[]] = [[], [], []]
  for (let round = -1; round < ROUNDS; round += 1) {
    const rates = await withTempFolder(async (folder) => ({
      ours: await ourRate(folder),
      // As SQLite is without being told otherwise, which is how the specification opens it.
      durable: specificationRate(join(folder, 'durable.db'), { journal: 'delete', synchronous: 'full' }),
      // With the settings of our own connection: what is left is the algorithm.
      tuned: specificationRate(join(folder, 'tuned.db'), { journal: 'wal', synchronous: 'normal' }),
    }))
    if (round < 0) continue
    ours.push(rates.ours)
    durable.push(rates.durable)
    tuned.push(rates.tuned)
  }
  return [
    fasterThan('claims with run rows (against the specification’s way)', median(ours), median(durable)),
    informational('claims with run rows (against its way on our connection)', median(ours), {
      unit: 'claims/s',
      reference: median(tuned),
    }),
  ]
}

const fasterThan = (line: string, figure: number, reference: number): BenchRow => ({
  line,
  figure,
  unit: 'claims/s',
  reference,
  ratio: figure / reference,
  budget: `>= ${TIMES_FASTER} ×`,
  ok: figure >= TIMES_FASTER * reference,
})

const NODE: AssignableNode = {
  nodeId: '01900000-0000-7000-8000-0000000000aa',
  nodeName: 'node-1',
  nodeGroup: 'production',
  nodeRole: 'primary',
  isActive: true,
  isDraining: false,
  maxConcurrentTasks: DUE,
  supportedTaskTypes: ['bash'],
}
const SELF: Self = {
  nodeId: NODE.nodeId,
  nodeName: NODE.nodeName,
  incarnation: '01900000-0000-7000-8000-0000000000bb',
  node: () => NODE,
}

const ourRate = async (folder: string): Promise<number> => {
  const db = await createDatabase({
    config: {
      type: 'SQLite',
      path: join(folder, 'ours.db'),
      compressionLevel: 6,
      enableChangeTracking: true,
      timeoutSeconds: 5,
    },
    readerEntry: sourceProgram.readerEntry,
    nodeId: () => NODE.nodeId,
    clock: systemClock,
    programVersion: sourceProgram.version,
  })
  try {
    await fill(db)
    const startedAt = performance.now()
    const claimed = await drain(db)
    const seconds = (performance.now() - startedAt) / 1000
    if (claimed !== DUE) throw new Error(`claimed ${claimed} of ${DUE}`)
    return claimed / seconds
  } finally {
    await db.close()
  }
}

const fill = (db: OpenDatabase): Promise<void> =>
  db.write({ actor: 'system' }, async (tx) => {
    await insertNode(
      tx,
      nodeRow({ ...NODE, supportedTaskTypes: [...NODE.supportedTaskTypes], hostname: 'host-1' }),
    )
    for (let n = 0; n < DUE; n += 1) {
      const task = taskRow({
        taskName: `task ${n}`,
        schedule: '* * * * *',
        priority: n % 5,
        assignedNodeGroup: n % 3 === 0 ? NODE.nodeGroup : null,
      })
      await insertTask(tx, task)
      await insertScheduleRow(tx, scheduleRow({ taskId: task.taskId, nextRun: DUE_AT }))
    }
  })

/** The scheduler's tick, again and again until nothing is left. */
const drain = async (db: OpenDatabase): Promise<number> => {
  const schedules = createScheduleCache()
  // One minute after the slots, so that each row has one and the next lies ahead.
  const now = new Date(Date.parse(DUE_AT) + 2000).toISOString()
  let claimed = 0
  for (let more = true; more;) {
    more = await db.write({ actor: 'system' }, async (tx) => {
      const due = await createDueRuns(tx, now, schedules, takerOf(SELF.node(), [], true))
      const options = { now, self: SELF, capacity: DUE - claimed, leaseMs: 30_000, keyAvailable: true }
      claimed += (await claimWaiting(tx, options)).claimed.length
      return due.more
    })
  }
  return claimed
}

const specificationRate = (path: string, settings: { journal: string; synchronous: string }): number => {
  const db = new Sqlite(path)
  db.pragma(`journal_mode = ${settings.journal}`)
  db.pragma(`synchronous = ${settings.synchronous}`)
  const specification = openSpecification(db, NODE)
  specification.fill(DUE, DUE_AT)
  const startedAt = performance.now()
  const claimed = specification.drain()
  const seconds = (performance.now() - startedAt) / 1000
  db.close()
  if (claimed !== DUE) throw new Error(`the specification claimed ${claimed} of ${DUE}`)
  return claimed / seconds
}
