import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  admitsSlot,
  decideClaims,
  overlapKey,
  type Candidate,
  type Going,
  type Room,
} from '../../src/shared/domain/overlap.ts'

const waiting = (historyId: string, taskId: string, more: Partial<Candidate> = {}): Candidate => ({
  historyId,
  taskId,
  targetNodeId: null,
  overlapPolicy: 'Skip',
  maxConcurrent: null,
  serial: false,
  locks: [],
  takers: 1,
  ...more,
})

const idle: Going = { byKey: new Map(), byTask: new Map(), lockRoom: new Map() }
const room = (free: number): Room => ({ free, taken: 0 })

describe('overlap of new slots', () => {
  it.each([
    ['Skip', { queued: 0, running: 0 }, false, true],
    ['Skip', { queued: 0, running: 1 }, false, false],
    ['Skip', { queued: 1, running: 0 }, false, false],
    ['Skip', { queued: 3, running: 1 }, true, true],
    ['Queue', { queued: 0, running: 1 }, false, true],
    ['Queue', { queued: 1, running: 1 }, false, false],
    ['Parallel', { queued: 5, running: 5 }, false, true],
  ] as const)('%s with %o (catch-up %s): admitted %s', (policy, active, catchUp, admitted) => {
    expect(admitsSlot(policy, active, catchUp)).toBe(admitted)
  })
})

describe('claiming', () => {
  it('starts the first ones in order, no more than there is room for', () => {
    const runs = [waiting('1', 'a'), waiting('2', 'b'), waiting('3', 'c')]
    expect(decideClaims(runs, idle, room(2)).start).toEqual(['1', '2'])
  })

  it('never starts two runs of a serial task, and says that the task is blocked', () => {
    const decision = decideClaims([waiting('1', 'a'), waiting('2', 'a')], idle, room(5))
    expect(decision).toEqual({ start: ['1'], blockedTasks: ['a'], shared: false })
  })

  it('lets every node of an All target have its own run', () => {
    const runs = [waiting('1', 'a', { targetNodeId: 'n1' })]
    const elsewhere = new Map([[overlapKey({ taskId: 'a', targetNodeId: 'n2' }), 1]])
    expect(
      decideClaims(runs, { ...idle, byKey: elsewhere, byTask: new Map([['a', 1]]) }, room(5)).start,
    ).toEqual(['1'])
  })

  it('holds a parallel task to its limit across the cluster', () => {
    const runs = ['1', '2', '3'].map((id) =>
      waiting(id, 'a', { overlapPolicy: 'Parallel', maxConcurrent: 3 }),
    )
    expect(decideClaims(runs, { ...idle, byTask: new Map([['a', 1]]) }, room(5)).start).toEqual(['1', '2'])
  })

  it('starts a serial run only alone, and others of its task beside it under Parallel', () => {
    const policy = { overlapPolicy: 'Parallel' as const }
    const runs = [
      waiting('1', 'a', { ...policy, serial: true }),
      waiting('2', 'a', { ...policy, serial: true }),
      waiting('3', 'a', policy),
    ]
    expect(decideClaims(runs, idle, room(9))).toEqual({
      start: ['1', '3'],
      blockedTasks: [],
      shared: false,
    })
  })

  it('keeps capacity, serial order and limits whatever waits', () => {
    const runs = fc.array(
      fc.record({
        taskId: fc.constantFrom('a', 'b', 'c'),
        overlapPolicy: fc.constantFrom('Skip' as const, 'Queue' as const, 'Parallel' as const),
        maxConcurrent: fc.option(fc.integer({ min: 1, max: 3 }), { nil: null }),
      }),
      { maxLength: 30 },
    )
    fc.assert(
      fc.property(runs, fc.integer({ min: 0, max: 10 }), (items, capacity) => {
        const all = items.map((item, index) => waiting(String(index), item.taskId, item))
        const { start } = decideClaims(all, idle, room(capacity))
        expect(start.length).toBeLessThanOrEqual(capacity)
        expect(start).toEqual([...start].sort((a, b) => Number(a) - Number(b)))
        const started = all.filter((run) => start.includes(run.historyId))
        for (const run of started) {
          const same = started.filter((other) => other.taskId === run.taskId)
          if (run.overlapPolicy !== 'Parallel') expect(same.indexOf(run)).toBe(0)
          if (run.maxConcurrent !== null) expect(same.indexOf(run)).toBeLessThan(run.maxConcurrent)
        }
      }),
    )
  })

  it('leaves to others their part of what they may run too, and nothing that is behind it goes first', () => {
    const shared = ['1', '2', '3'].map((id) => waiting(id, id, { takers: 3 }))
    const runs = [...shared, waiting('4', '4')]
    expect(decideClaims(runs, idle, room(6))).toEqual({ start: ['1', '2'], blockedTasks: [], shared: true })
    expect(decideClaims(runs, idle, { free: 6, taken: 2 }).start).toEqual([])
    expect(decideClaims(runs, idle, room(1)).start).toEqual(['1'])
  })

  it('starts nothing whose lock group has no room or is not known', () => {
    const runs = [waiting('1', 'a', { locks: ['x', 'y'] }), waiting('2', 'b', { locks: ['x'] })]
    const going = { ...idle, lockRoom: new Map([['x', 1]]) }
    expect(decideClaims(runs, going, room(5))).toEqual({
      ...{ start: ['2'], blockedTasks: ['a'], shared: false },
    })
  })

  const lockNames = ['x', 'y', 'z']
  const lockRuns = fc.array(
    fc.record({
      taskId: fc.constantFrom('a', 'b', 'c', 'd'),
      overlapPolicy: fc.constantFrom('Skip' as const, 'Parallel' as const),
      locks: fc.subarray(lockNames),
      takers: fc.integer({ min: 1, max: 4 }),
    }),
    { maxLength: 30 },
  )
  const rooms = fc.tuple(...lockNames.map(() => fc.integer({ min: -1, max: 4 })))

  it('keeps every lock group within its room, and names as blocked only what is', () => {
    fc.assert(
      fc.property(lockRuns, rooms, fc.integer({ min: 0, max: 12 }), (items, free, capacity) => {
        const all = items.map((item, index) => waiting(String(index), item.taskId, item))
        const lockRoom = new Map(lockNames.map((name, index) => [name, free[index] ?? 0]))
        const { start, blockedTasks } = decideClaims(all, { ...idle, lockRoom }, room(capacity))
        const started = all.filter((run) => start.includes(run.historyId))
        for (const name of lockNames) {
          const users = started.filter((run) => run.locks.includes(name)).length
          expect(users).toBeLessThanOrEqual(Math.max(0, lockRoom.get(name) ?? 0))
        }
        for (const taskId of blockedTasks) expect(all.some((run) => run.taskId === taskId)).toBe(true)
      }),
    )
  })

  it('gives everything away in the end: looks that follow each other fill a node', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 6 }), (capacity, takers) => {
        let left = Array.from({ length: 60 }, (_, id) => waiting(String(id), String(id), { takers }))
        let free = capacity
        for (let looks = 0; free > 0; looks += 1) {
          const { start } = decideClaims(left, idle, room(free))
          expect(start.length).toBe(Math.ceil(free / takers))
          expect(looks).toBeLessThan(capacity)
          left = left.filter((run) => !start.includes(run.historyId))
          free -= start.length
        }
      }),
    )
  })
})
