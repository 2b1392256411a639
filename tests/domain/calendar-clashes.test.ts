import { describe, expect, it } from 'vitest'
import { planDays, readPatterns } from '../../src/shared/domain/calendar/plan.ts'
import { ALL, planOf, rangeOf, taskOf, toEnd, type Given } from './calendar-plan.ts'

describe('a plan of much', () => {
  it('gives way after the minutes of a week at most, however many nodes a task is for', () => {
    const range = rangeOf('Europe/Berlin', '2026-03-02', 7)
    const nodeIds = Array.from({ length: 60 }, (_, n) => `n${n}`)
    const given = Array.from({ length: 4 }, () => ({
      spec: '* * * * *',
      target: { kind: 'all' as const, nodeIds },
    }))
    const tasks = given.map(taskOf)
    const patterns = toEnd(readPatterns(tasks, range))
    let looked = 0
    for (const hour of [...patterns.values()].flatMap(({ hours }) => [...hours.values()])) {
      const { minutes } = hour
      Object.defineProperty(hour, 'minutes', { get: () => ((looked += minutes.length), minutes) })
    }
    const rooms = { nodes: new Map(nodeIds.map((id) => [id, 3])), locks: new Map<string, number>() }
    const shown = { ...ALL, limit: 5 }
    const work = planDays({ tasks, patterns, range, rooms, usual: new Map(), ownNodeId: 'n1', shown })
    let most = 0
    for (let step = work.next(); ; step = work.next(), looked = 0) {
      most = Math.max(most, looked)
      if (!step.done) continue
      expect(step.value[0]?.hours[3]).toMatchObject({ tasks: 4, marked: 4, runs: 4 * 60 * 60 })
      expect(step.value[0]?.hours[3]?.entries[0]?.marks).toMatchObject([
        { kind: 'capacity', due: 4, room: 3 },
      ])
      break
    }
    expect(most).toBeLessThanOrEqual(7 * 24 * 60)
  })
})

describe('times that are each node’s own', () => {
  const all = { kind: 'all', nodeIds: ['n1', 'n2'] } as const
  const given = { spec: '30 2 * * *', isInNodeZone: true, target: all }
  const zonesOf = (one: Given, nodeId?: string) =>
    planOf([one], { shown: { nodeId, taskId: undefined, limit: 9 } })[0]?.hours[0]?.entries.map(
      ({ assumedZone }) => assumedZone,
    )

  it('are marked, in the zone they are told in, where they are of others than the one that plans', () => {
    expect(zonesOf(given)).toEqual(['Europe/Berlin'])
    expect(zonesOf(given, 'n2')).toEqual(['Europe/Berlin'])
    expect(zonesOf(given, 'n1')).toEqual([null])
    expect(zonesOf({ ...given, target: { kind: 'all', nodeIds: ['n1'] } })).toEqual([null])
    expect(zonesOf({ ...given, isInNodeZone: false })).toEqual([null])
  })

  it('are marked at a change of the clock too', () => {
    const [day] = planOf([given], {}, rangeOf('Europe/Berlin', '2026-03-29', 1))
    expect(day?.clock[0]?.tasks).toMatchObject([{ effect: 'moved', zoneAssumed: true }])
  })
})

describe('what clashes', () => {
  const marksAt = (days: ReturnType<typeof planOf>, hour: number) =>
    days[0]?.hours.find((one) => one.hour === hour)?.entries.map(({ marks }) => marks) ?? []

  it('is more on a node in one minute than it takes', () => {
    const three = [{ spec: '0 2 * * *' }, { spec: '0 2 * * *' }, { spec: '0 1-4 * * *' }]
    const days = planOf(three)
    const mark = {
      kind: 'capacity',
      at: '2026-03-02T01:00:00.000Z',
      due: 3,
      room: 2,
      nodeIds: ['n1'],
      nodes: 1,
    }
    expect(marksAt(days, 2)).toEqual([[mark], [mark], [mark]])
    expect(marksAt(days, 3)).toEqual([[]])
    expect(days[0]?.hours.find(({ hour }) => hour === 2)).toMatchObject({ tasks: 3, runs: 3, marked: 3 })
  })

  it('counts what any of several nodes may take only where they are too few together', () => {
    const rooms = { nodes: new Map([['n1', 1], ['n2', 1]]), locks: new Map<string, number>() } // prettier-ignore
    const any = { spec: '0 2 * * *', target: { kind: 'any', nodeIds: ['n2', 'n1'] } } as const
    const own = { spec: '0 2 * * *' }
    expect(marksAt(planOf([any, own], { rooms }), 2)).toEqual([[], []])
    const [first, second, third] = marksAt(planOf([any, own, any], { rooms }), 2)
    // The one that is n1's alone fits there; the others do not fit beside it.
    expect([first, second, third].flat()).toMatchObject([
      { kind: 'capacity', due: 3, room: 2, nodes: 2 },
      { kind: 'capacity', due: 3, room: 2, nodes: 2 },
    ])
  })

  it('is more of a lock group than it lets in', () => {
    const rooms = { nodes: new Map([['n1', 9]]), locks: new Map([['sap', 1]]) }
    const given = { spec: '15 3 * * *', locks: ['sap'] }
    const [first] = marksAt(planOf([given, given, { spec: '15 3 * * *' }], { rooms }), 3)
    expect(first).toEqual([{ kind: 'lock', at: '2026-03-02T02:15:00.000Z', due: 2, room: 1, lock: 'sap' }])
    expect(marksAt(planOf([given, { ...given, spec: '16 3 * * *' }], { rooms }), 3)).toEqual([[], []])
  })

  it('is a task that no node may run', () => {
    const nowhere = { spec: '0 2 * * *', target: { kind: 'any', nodeIds: [] } } as const
    expect(marksAt(planOf([nowhere]), 2)).toEqual([[{ kind: 'nowhere' }]])
  })

  it('comes first where an hour has more entries than are wanted', () => {
    const often = Array.from({ length: 20 }, () => ({ spec: '*/20 * * * *', locks: [] }))
    const shown = { ...ALL, limit: 2 }
    const rooms = { nodes: new Map([['n1', 99]]), locks: new Map([['sap', 1]]) }
    const locked = { spec: '5 * * * *', locks: ['sap'] }
    const [day] = planOf([...often, locked, locked], { shown, rooms })
    const hour = day?.hours.find((one) => one.hour === 9)
    expect(hour?.entries.map(({ taskId }) => taskId)).toEqual(['t20', 't21'])
    expect(hour).toMatchObject({ tasks: 22, runs: 62, marked: 2 })
  })

  it('counts all tasks though only those of one node are shown', () => {
    const shown = { nodeId: 'n2', taskId: undefined, limit: 50 }
    const all = { kind: 'all', nodeIds: ['n1', 'n2'] } as const
    const rooms = { nodes: new Map([['n1', 1], ['n2', 1]]), locks: new Map<string, number>() } // prettier-ignore
    const given = [{ spec: '0 2 * * *', target: all }, { spec: '0 2 * * *' }]
    const [entry, none] = planOf(given, { shown, rooms })[0]?.hours[0]?.entries ?? []
    expect(none).toBeUndefined()
    // n2 has room for its one; on n1 the two would meet.
    expect(entry).toMatchObject({ runs: 1, where: { kind: 'all', nodes: 2 }, marks: [] })
    expect(marksAt(planOf(given, { rooms }), 2).flat()).toHaveLength(2)
  })
})
