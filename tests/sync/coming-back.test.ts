import { describe, expect, it, onTestFinished } from 'vitest'
import { startRounds } from '../../src/main/app/sync-rounds.ts'
import type { TableSyncDeps } from '../../src/main/app/table-sync.ts'
import type { Away } from '../../src/main/data/dialects/connection.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import { memoryLog } from '../../src/main/platform/log.ts'
import { createEventBus } from '../../src/main/services/events.ts'
import { createTurn } from '../../src/main/services/engine/turn.ts'
import { createReach } from '../../src/main/services/sync/reach.ts'
import type { Rounds } from '../../src/main/services/sync/rounds.ts'
import { fileDatabases } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'

/** A cluster database that is lost and found, without the rest of it. */
const lostAndFound = () => {
  let away: Away | null = null
  const listeners: ((away: Away | null) => void)[] = []
  return {
    away: () => away,
    onChange: (listener: (away: Away | null) => void) => void listeners.push(listener),
    set: (to: Away | null) => {
      away = to
      for (const listener of listeners) listener(to)
    },
  }
}

describe.each(fileDatabases())('a node whose cluster database is back', ({ open }) => {
  it('does not wait for the next round when the last thing that waited is delivered after one', async () => {
    const db = await open()
    const server = lostAndFound()
    const events = createEventBus(systemClock)
    const ending = new AbortController()
    onTestFinished(() => ending.abort())
    let [waiting, rounds] = [1, 0]
    const reach = createReach({
      ...{ server, events, clock: systemClock, log: memoryLog(), turn: createTurn() },
      ...{ isFilled: () => true, hasJoined: () => true, hasWaiting: false },
      waiting: async () => waiting,
    })
    server.set({ since: '2026-11-30T03:00:00.000Z', reason: 'the connection was lost' })
    const deps = {
      ...{ clock: systemClock, log: memoryLog(), events, nodeId: 'n1', hasJoined: () => true },
      ...{ db: { ...db, server }, config: { tableSync: { interval: 3600 } } },
    } as unknown as TableSyncDeps
    const run = async (): Promise<void> => void (rounds += 1)
    startRounds(deps, { reach, rounds: { run } as unknown as Rounds, signal: ending.signal })
    await eventually(() => rounds === 1)
    expect(reach.offlineSince()).not.toBeNull()

    // The database is back; the result of a run, which no round of sync delivers, still waits.
    server.set(null)
    events.emit({ type: 'database.back' })
    await eventually(() => rounds === 2)
    expect(reach.offlineSince()).not.toBeNull()
    waiting = 0
    await eventually(() => reach.offlineSince() === null)
  })
})
