import { join } from 'node:path'

import type { Database } from '../../src/main/data/db.ts'
import type { RunResult } from '../../src/main/exec/run-spec.ts'
import { isoOf } from '../../src/main/platform/clock.ts'
import { memoryLog } from '../../src/main/platform/log.ts'
import { createEventBus, type EventBus } from '../../src/main/services/events.ts'
import { createDelivery } from '../../src/main/services/engine/delivery.ts'
import { createDispatcher } from '../../src/main/services/engine/dispatch.ts'
import { createLeaseLeft } from '../../src/main/services/engine/lease-left.ts'
import { createGiveBack } from '../../src/main/services/engine/give-back.ts'
import { centreOnly } from '../../src/main/services/engine/run-home.ts'
import type { Packed } from '../../src/main/services/engine/stored-output.ts'
import { createMetrics } from '../../src/main/services/metrics.ts'
import type { TestDatabases } from '../support/databases.ts'
import { openEngineDatabase } from '../support/engine-database.ts'
import { eventually } from '../support/eventually.ts'
import { tempDir } from '../support/node.ts'

export const LEASE_MS = 30_000

const metrics = (events: EventBus) =>
  createMetrics({
    events,
    ...{ version: '0', running: () => 0, capacity: () => 0, tickAge: () => 0 },
    ...{ queued: () => Promise.resolve(0), databaseUp: () => Promise.resolve(true) },
    sync: null,
  })

/** A dispatcher on a real database that may be cut off; scripts end when the test says so. */
export const openDispatcher = async (open: TestDatabases['open']) => {
  const engine = await openEngineDatabase(open)
  const task = await engine.task({ schedule: '*/5 * * * *' })
  engine.clock.advance(300_000)
  await engine.tick()
  const [claimed] = await engine.claim()
  if (!claimed) throw new Error('nothing was claimed')
  let cut = false
  const db: Database = {
    ...engine.db,
    write: (context, work) =>
      cut ? Promise.reject(new Error('database away')) : engine.db.write(context, work),
  }
  const journalDir = join(await tempDir(), 'journal')
  const events = createEventBus(engine.clock)
  const common = { clock: engine.clock, log: memoryLog(), events, metrics: metrics(events) }
  let wrote: Packed | null = null
  const output = {
    read: (id: string) =>
      id === 'unstorable' ? Promise.reject(new Error('damaged')) : Promise.resolve(wrote),
    discard: () => undefined,
    discardAllBut: () => Promise.resolve(),
  }
  let closed = false
  let preparing: Promise<void> = Promise.resolve()
  const ends: ((result: RunResult) => void)[] = []
  const dispatcher = createDispatcher({
    ...common,
    delivery: createDelivery({ ...common, db, output, journalDir }),
    supervisor: {
      run: () => new Promise((resolve) => ends.push(resolve)),
      stop: () => ends.length > 0,
      isClosed: () => closed,
    },
    giveBack: createGiveBack({ ...common, db }),
    leaseMs: LEASE_MS,
    leaseLeft: createLeaseLeft(centreOnly(db)),
    prepare: async () => {
      await preparing
      return { spec: {} as never, scriptHash: 'a'.repeat(64) }
    },
    onChange: () => undefined,
    onEnd: () => undefined,
  })
  const { historyId, incarnation } = claimed.run
  return {
    ...engine,
    ...{ task, claimed, dispatcher, journalDir, historyId },
    metrics: common.metrics,
    ...{ events, log: common.log },
    close: () => (closed = true),
    /** How many scripts were started. */
    started: () => ends.length,
    /** The node stands still while it prepares a script, until the answer is called. */
    standStill: (): (() => void) => {
      let goOn = (): void => undefined
      preparing = new Promise((resolve) => (goOn = resolve))
      return goOn
    },
    cutOff: (away: boolean) => (cut = away),
    wrote: (packed: Packed) => (wrote = packed),
    /** The script ends. */
    end: async (error: string | null = null) => {
      const resolve = await eventually(() => ends.at(0))
      const at = isoOf(engine.clock.now())
      resolve({
        ...{
          historyId,
          incarnation: incarnation ?? '',
          state: 'Success',
          exitCode: 0,
          signal: null,
          error,
        },
        ...{ startTime: at, endTime: at, outputBytes: 0, outputTruncated: false },
      })
    },
  }
}
