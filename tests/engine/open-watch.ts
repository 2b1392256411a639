import { onTestFinished } from 'vitest'
import type { ClusterEvent } from '../../src/shared/domain/events.ts'
import { insertRun, updateRun } from '../../src/main/data/repos/runs.ts'
import { isoOf } from '../../src/main/platform/clock.ts'
import { newRun } from '../../src/main/services/engine/new-run.ts'
import { createWatch } from '../../src/main/services/engine/watch.ts'
import { createEventBus, type EventOrigin } from '../../src/main/services/events.ts'
import type { TestDatabases } from '../support/databases.ts'
import { openEngineDatabase } from '../support/engine-database.ts'

/** The watch of a node, on a database that others write. */

export const CONTEXT = { actor: 'other' }
const LEASE_MS = 30_000

export const openWatch = async (open: TestDatabases['open'], isAlone = false) => {
  const engine = await openEngineDatabase(open)
  const { db, clock, self } = engine
  const events = createEventBus(clock)
  const heard: (ClusterEvent & { origin: EventOrigin })[] = []
  events.listen((event, origin) => heard.push({ ...event, origin }))
  const seen = { stopped: [] as string[], wakes: 0, rows: [] as string[], follows: 0 }
  let live: string[] = []
  const watch = createWatch({
    ...{ db, clock, self, events, awayAfterMs: LEASE_MS, isAlone },
    live: () => live,
    stop: (historyId) => seen.stopped.push(historyId),
    wake: () => (seen.wakes += 1),
    ownRow: (row) => seen.rows.push(row.nodeName),
    followed: () => (seen.follows += 1),
  })
  onTestFinished(() => watch.close())
  await watch.look()
  const task = await engine.task({ overlapPolicy: 'Parallel' })
  const at = (ms = 0): string => isoOf(clock.now() + ms)
  return {
    ...{ engine, db, clock, events, seen, task, watch, at },
    hold: (ids: string[]) => (live = ids),
    /** What a look tells of, but changes. */
    look: async (): Promise<string[]> => {
      heard.length = 0
      clock.advance(1_000)
      await watch.look()
      return heard
        .filter(({ type, origin }) => origin === 'elsewhere' && type !== 'change.recorded')
        .map(({ type, id }) => `${type} ${id ?? ''}`.trim())
    },
    queue: async (fields: Partial<Parameters<typeof newRun>[1]> = {}): Promise<string> => {
      const now = at()
      const origin = { scheduleId: null, targetNodeId: null, triggeredBy: 'API' as const, now }
      const run = newRun(task, { ...origin, scheduledFor: now, notBefore: now, ...fields })
      await db.write(CONTEXT, (tx) => insertRun(tx, run))
      return run.historyId
    },
    set: (historyId: string, from: 'Queued' | 'Running', fields: Parameters<typeof updateRun>[3]) =>
      db.write(CONTEXT, (tx) => updateRun(tx, historyId, { state: from }, { updatedAt: at(), ...fields })),
  }
}

export const OTHER = { nodeId: 'other', incarnation: 'other' }
