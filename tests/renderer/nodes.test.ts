import { describe, expect, it } from 'vitest'
import { hoursOf, layout, laneWords, SHARED, SPLIT, xOf } from '../../src/renderer/features/overview/lanes.ts'
import { lanesOf, planOf } from '../../src/renderer/features/overview/plan.ts'
import { chosenRunOn, kindOf, runOnOf } from '../../src/renderer/features/tasks/editor/target-draft.ts'
import {
  besideWords,
  groupsOf,
  matchWords,
  placed,
  placementWords,
  stopWords,
  waitWords,
  whereWords,
} from '../../src/renderer/features/tasks/editor/target-words.ts'
import { localTimes } from '../../src/renderer/lib/format.ts'
import type { ClusterNode, Placement } from '../../src/shared/domain/node.ts'
import type { Run } from '../../src/shared/domain/run.ts'

const HOUR = 3_600_000
const NOW = Date.parse('2026-11-24T13:09:00.000Z')
const iso = (at: number): string => new Date(at).toISOString()

const node = (nodeName: string, part: Partial<ClusterNode> = {}): ClusterNode => ({
  ...{ nodeId: nodeName, nodeName, hostname: nodeName, ipAddress: null, port: null },
  ...{ nodeGroup: null, nodeRole: null, tags: [], isActive: true, isDraining: false, state: 'Active' },
  ...{ stateReason: null, stateSince: null, lastHeartbeat: iso(NOW), maxConcurrentTasks: 4 },
  ...{ supportedTaskTypes: ['bash'], version: null, platform: null, running: 0, isThisNode: false },
  ...{ registeredAt: iso(NOW), registeredBy: null, startedAt: null, addresses: [], clockOffset: null },
  ...{ missingScripts: [], holdsKey: true, isolation: [] },
  ...part,
})

const run = (nodeId: string, from: number, to: number | null, state: Run['state'] = 'Success'): Run => ({
  ...{ historyId: `${nodeId} ${from}`, taskId: 't', taskName: 'Backup', appName: '', scheduleId: null },
  ...{ nodeId, targetNodeId: null, scheduledFor: iso(from), notBefore: iso(from), startTime: iso(from) },
  ...{ endTime: to === null ? null : iso(to), duration: null, state, exitCode: null, attempt: 1 },
  ...{ triggeredBy: 'Schedule', error: null, parameters: null, taskVersion: 1, scriptHash: null },
  ...{ skippedCount: null, outputBytes: null, stopRequestedAt: null, stopRequestedBy: null },
})

const placement = (nodeName: string, part: Partial<Placement> = {}): Placement => ({
  ...{ nodeId: nodeName, nodeName, state: 'Active', runs: true, reasons: [], reasonCodes: [], warnings: [] },
  ...part,
})

const anyNode = { assignedNodeId: '', assignedNodeGroup: '', assignedNodeRole: '', runOn: '' } as const
const group = { ...anyNode, assignedNodeGroup: 'core' }

describe('the words of a target', () => {
  it('are of a node before a group, of a group or role before any', () => {
    expect(kindOf(anyNode)).toBe('any')
    expect(kindOf(group)).toBe('group')
    expect(kindOf({ ...anyNode, assignedNodeRole: 'worker' })).toBe('group')
    expect(kindOf({ ...group, assignedNodeId: 'n' })).toBe('node')
  })

  it('take every node of a group and one of any, unless somebody chose', () => {
    expect(runOnOf(anyNode)).toBe('One')
    expect(runOnOf(group)).toBe('All')
    expect(runOnOf({ ...group, runOn: 'One' })).toBe('One')
  })

  it('write a choice down only where the target does not say it, or where it was written before', () => {
    expect(chosenRunOn(group, '', 'One')).toBe('One')
    expect(chosenRunOn({ ...group, runOn: 'One' }, '', 'All')).toBe('')
    expect(chosenRunOn({ ...group, runOn: 'One' }, 'All', 'All')).toBe('All')
  })

  it('name the nodes it matches, and stop naming them when they are many', () => {
    expect(matchWords([])).toBe('matches no node')
    expect(matchWords([placement('a'), placement('b')])).toBe('matches 2 nodes: a, b')
    const many = Array.from({ length: 12 }, (_, i) => placement(`n${i}`))
    expect(matchWords(many)).toMatch(/^matches 12 nodes: n0, .*n7 and 4 others$/)
  })

  it('part nodes that run it, nodes that are kept from it, and nodes it does not mean', () => {
    const nodes = [
      node('a', { nodeGroup: 'core' }),
      node('b', { nodeGroup: 'core', isDraining: true }),
      node('c', { nodeGroup: 'web' }),
      node('d'),
      node('e', { nodeGroup: 'core', isActive: false }),
    ]
    const placements = [
      placement('a'),
      placement('b', { runs: false, state: 'Draining', reasons: ['b is draining'] }),
      placement('c', { runs: false, reasons: ['the task is for group core'] }),
      placement('d', { runs: false, reasons: ['the task is for group core'] }),
      placement('e', { runs: false, state: 'Retired' }),
    ]
    const target = { assignedNodeId: null, assignedNodeGroup: 'core', assignedNodeRole: null }
    const { runs, refused, outside } = placed(target, placements, nodes)
    const names = [runs, refused, outside].map((part) => part.map(({ nodeName }) => nodeName))
    expect(names).toEqual([['a'], ['b'], ['c', 'd']])
    expect(groupsOf(outside, nodes)).toBe('no group 1, web 1')
  })

  it('say what a node does with it, and what will go wrong there', () => {
    expect(placementWords(placement('a'))).toBe('can run it')
    expect(placementWords(placement('a', { warnings: ['its script is missing there'] }))).toBe(
      'can run it; its script is missing there',
    )
    expect(placementWords(placement('a', { runs: false, reasons: ['x', 'y'] }))).toBe('x; y')
  })

  it('say that a run for a node that is away waits', () => {
    expect(waitWords(placement('a'))).toBeNull()
    expect(waitWords(placement('a', { runs: false, state: 'Away', reasons: ['r'] }))).toBe(
      'a is away: the run waits until it is back',
    )
    expect(waitWords(placement('a', { runs: false, state: 'Draining', reasons: ['r'] }))).toBe('r')
  })

  it('say where a saved task runs', () => {
    const two = [placement('a'), placement('b')]
    expect(whereWords('All', two, false)).toBe('On every one of 2 nodes.')
    expect(whereWords('One', two, false)).toBe('Once, on any of 2 nodes.')
    expect(whereWords('All', [placement('a')], false)).toBe('On one node.')
    expect(whereWords('One', [], false)).toBe('On no node now.')
    expect(besideWords(0, 0)).toBe('')
    expect(besideWords(1, 1)).toBe(' 1 run waits for one of them. 1 other node is not of its target.')
    expect(besideWords(2, 3)).toBe(' 2 runs wait for one of them. 3 other nodes are not of its target.')
  })

  it('say what stopping all runs ends', () => {
    const at = (nodeId: string | null, state: Run['state']) => ({ nodeId, state })
    expect(stopWords([at('a', 'Running'), at('b', 'Running'), at(null, 'Queued')])).toBe(
      '2 runs on 2 nodes are stopped, 1 waiting run is cancelled.',
    )
  })

  it('show times of the node as the window shows times', () => {
    const words = localTimes('a is away since 2026-11-24T13:00:00.000Z: later', new Date(NOW))
    expect(words).toMatch(/^a is away since \d\d:00: later$/)
  })
})

describe('the lanes of the timeline', () => {
  const layoutOf = (nodes: ClusterNode[], runs: Run[] = [], plans = new Map<string, Map<number, number>>()) =>
    layout({ nodes, runs, plans, now: NOW })

  it('have two scales that meet at now', () => {
    expect(xOf(NOW - 6 * HOUR, NOW)).toBe(0)
    expect(xOf(NOW, NOW)).toBe(SPLIT)
    expect(xOf(NOW + 24 * HOUR, NOW)).toBe(100)
    expect(xOf(NOW - 60 * HOUR, NOW)).toBe(0)
    expect(hoursOf(NOW).every(({ left }) => left > 0 && left < 100)).toBe(true)
  })

  it('begin with what needs a look, and leave out retired nodes and admin desks', () => {
    const lanes = layoutOf([
      node('b'),
      node('a'),
      node('desk', { maxConcurrentTasks: 0 }),
      node('old', { state: 'Retired' }),
      node('drains', { state: 'Draining' }),
      node('gone', { state: 'Away', stateSince: iso(NOW - HOUR) }),
    ])
    expect(lanes.map((lane) => lane.node?.nodeName)).toEqual(['gone', 'drains', 'a', 'b'])
    expect(lanes[0]?.hatch).toMatchObject({ kind: 'away', left: xOf(NOW - HOUR, NOW) })
    expect(lanes[1]?.hatch).toMatchObject({ kind: 'draining', left: SPLIT })
    expect(lanes[2]?.hatch).toBeNull()
  })

  it('join runs that stand close together, and keep every bad end', () => {
    const minute = 60_000
    const [lane] = layoutOf(
      [node('a')],
      [
        run('a', NOW - HOUR, NOW - HOUR + 10_000),
        run('a', NOW - HOUR + 20_000, NOW - HOUR + minute),
        run('a', NOW - 30 * minute, NOW - 29 * minute),
        run('a', NOW - 5 * minute, null, 'Running'),
        run('a', NOW - 20 * minute, NOW - 19 * minute, 'Failed'),
        run('a', NOW - 9 * HOUR, NOW - 8 * HOUR, 'Failed'),
        run('other', NOW - HOUR, NOW - HOUR + 1000),
      ],
    )
    expect(lane?.bars.map(({ count, isRunning }) => [count, isRunning])).toEqual([
      [2, false],
      [1, false],
      [1, true],
    ])
    expect(lane?.bad).toHaveLength(1)
    expect(lane && laneWords(lane)).toBe('4 runs ended, 1 badly; 1 running; 0 slots in the next 24 hours')
  })

  it('show slots of a node in its lane, and what any of several takes in one of its own', async () => {
    const nodes = [node('a', { nodeGroup: 'core' }), node('b', { nodeGroup: 'core' }), node('c')]
    const task = {
      ...{ schedule: '0 * * * *', timeZone: 'UTC', scriptType: null, runOn: null },
      ...{ assignedNodeId: null, assignedNodeGroup: null, assignedNodeRole: null },
    }
    const ofGroup = { ...task, assignedNodeGroup: 'core' }
    expect(lanesOf(task, nodes)).toEqual([SHARED])
    expect(lanesOf(ofGroup, nodes)).toEqual(['a', 'b'])
    expect(lanesOf({ ...ofGroup, runOn: 'One' }, nodes)).toEqual([SHARED])
    expect(lanesOf({ ...task, assignedNodeId: 'c' }, nodes)).toEqual(['c'])
    expect(lanesOf({ ...task, scriptType: 'powershell' }, nodes)).toEqual([])

    const often = { ...ofGroup, schedule: '* * * * *' }
    const plans = await planOf([task, ofGroup, often], nodes, NOW, NOW + 24 * HOUR)
    const sum = (lane: string): number => [...(plans.get(lane)?.values() ?? [])].reduce((a, b) => a + b, 0)
    expect([sum(SHARED), sum('a'), sum('b'), sum('c')]).toEqual([24, 24 + 1440, 24 + 1440, 0])

    const lanes = layout({ nodes, runs: [], plans, now: NOW })
    expect(lanes.map((lane) => lane.node?.nodeName ?? null)).toEqual([null, 'a', 'b', 'c'])
    expect(lanes[1]?.ticks.length).toBeGreaterThan(40)
    expect(lanes[3]?.ticks).toEqual([])
  })

  it('are laid out by looking at each run a few times, however many nodes there are', () => {
    const [count, each] = [500, 20]
    let looks = 0
    const counted = (one: Run): Run =>
      new Proxy(one, {
        get: (target, field, receiver) => {
          if (field === 'nodeId') looks += 1
          return Reflect.get(target, field, receiver) as unknown
        },
      })
    const nodes = Array.from({ length: count }, (_, i) => node(`n${i}`))
    const runs = Array.from({ length: each * count }, (_, i) => {
      const from = NOW - ((i * 21) % 360) * 60_000
      return counted(run(`n${i % count}`, from, from + 30_000))
    })
    expect(layoutOf(nodes, runs)).toHaveLength(count)
    expect(looks).toBeGreaterThan(0)
    expect(looks).toBeLessThan(10 * runs.length)
  })
})
