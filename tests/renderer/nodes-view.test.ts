import { describe, expect, it } from 'vitest'
import { sortTasks } from '../../src/renderer/features/nodes/why-not.ts'
import { choicesOf, fits, isFiltered, type NodeQuery } from '../../src/renderer/features/nodes/fits.ts'
import {
  clockFact,
  clockText,
  platformWords,
  slotsText,
  worthALook,
} from '../../src/renderer/features/nodes/words.ts'
import { inOrder } from '../../src/renderer/lib/node-order.ts'
import type { ClusterNode, NodeTask } from '../../src/shared/domain/node.ts'

const node = (part: Partial<ClusterNode> & { nodeName: string }): ClusterNode => ({
  ...{
    nodeId: part.nodeName,
    hostname: 'host',
    ipAddress: null,
    port: null,
    nodeGroup: null,
    nodeRole: null,
  },
  ...{ tags: [], isActive: true, isDraining: false, state: 'Active', stateReason: null, stateSince: null },
  ...{ lastHeartbeat: null, maxConcurrentTasks: 4, supportedTaskTypes: [], version: '1.0.0', platform: null },
  ...{ running: 0, isThisNode: false, registeredAt: '2026-01-01T00:00:00.000Z', registeredBy: null },
  ...{ startedAt: null, addresses: [], clockOffset: 0, missingScripts: [], holdsKey: true, isolation: [] },
  ...part,
})

const task = (taskName: string, nextRun: string | null, part: Partial<NodeTask> = {}): NodeTask => ({
  ...{
    taskId: taskName,
    taskName,
    appName: '',
    enabled: true,
    nextRun,
    runs: true,
    ...{ reasons: [], reasonCodes: [], warnings: [] },
  },
  ...part,
})
const not = (taskName: string, ...reasons: string[]): NodeTask =>
  task(taskName, null, { runs: false, reasons, reasonCodes: reasons.map(() => 'target') })

const wordsOf = (...nodes: ClusterNode[]): string[] =>
  worthALook(nodes).map(({ nodeName, words }) => `${nodeName} ${words}`)

describe('the list of nodes', () => {
  it('puts what needs somebody first, and the rest by name', () => {
    const nodes = [
      node({ nodeName: 'b' }),
      node({ nodeName: 'gone', state: 'Retired' }),
      node({ nodeName: 'silent', state: 'Away' }),
      node({ nodeName: 'a' }),
      node({ nodeName: 'ending', state: 'Draining' }),
    ]
    expect(inOrder(nodes).map(({ nodeName }) => nodeName)).toEqual(['silent', 'ending', 'a', 'b', 'gone'])
  })

  it('shows a node that has one value of each filter', () => {
    const one = node({ nodeName: 'a', nodeGroup: 'core', tags: ['x', 'y'] })
    const none: NodeQuery = { state: [], group: [], role: [], tag: [], version: [] }
    const of = (part: Partial<NodeQuery>): boolean => fits(one, { ...none, ...part })
    expect(of({})).toBe(true)
    expect(of({ group: ['edge', 'core'] })).toBe(true)
    expect(of({ group: ['core'], tag: ['y'] })).toBe(true)
    expect(of({ group: ['core'], tag: ['z'] })).toBe(false)
    expect(of({ role: ['worker'] })).toBe(false)
    expect(of({ state: ['Away'] })).toBe(false)
    expect([isFiltered(none), isFiltered({ ...none, tag: ['x'] })]).toEqual([false, true])
  })

  it('offers the words that nodes use, each once', () => {
    const nodes = [
      node({ nodeName: 'a', nodeGroup: 'web', tags: ['x'] }),
      node({ nodeName: 'b', nodeGroup: 'core', tags: ['x', 'a'], version: null }),
    ]
    expect(choicesOf(nodes)).toEqual({
      group: ['core', 'web'],
      role: [],
      tag: ['a', 'x'],
      version: ['1.0.0'],
    })
  })

  it('counts slots of active nodes only, and runs wherever they are', () => {
    const nodes = [
      node({ nodeName: 'a', maxConcurrentTasks: 8, running: 1 }),
      node({ nodeName: 'b', maxConcurrentTasks: 4, running: 2, state: 'Draining' }),
    ]
    expect(slotsText(nodes)).toBe('8 slots, 3 in use')
  })
})

describe('what is worth a look', () => {
  it('is nothing of nodes that are as they should be', () => {
    expect(
      wordsOf(node({ nodeName: 'a', clockOffset: 1000 }), node({ nodeName: 'b', clockOffset: null })),
    ).toEqual([])
  })

  it('names a clock that is off, on which side, and by how much', () => {
    const words = wordsOf(
      node({ nodeName: 'a', clockOffset: 1420 }),
      node({ nodeName: 'b', clockOffset: -2500 }),
    )
    expect(words[0]).toMatch(/^a runs 1\.42\u202fs ahead of the database’s clock/)
    expect(words[1]).toMatch(/^b runs 2\.50\u202fs behind the database’s clock/)
  })

  it('names scripts and counts the tasks that need them', () => {
    const missing = (scriptPath: string, taskId: string) => ({
      scriptPath,
      taskId,
      taskName: 't',
      reason: 'r',
    })
    const scripts = [missing('a.sh', '1'), missing('a.sh', '2'), missing('b.sh', '2'), missing('c.sh', '3')]
    expect(wordsOf(node({ nodeName: 'a', missingScripts: scripts }))).toEqual([
      'a does not have a.sh and 2 more as it should: 3 tasks cannot run there.',
    ])
  })

  it('names who runs another version than most, and not who is retired', () => {
    expect(
      wordsOf(
        node({ nodeName: 'a' }),
        node({ nodeName: 'b' }),
        node({ nodeName: 'c', version: '0.9.0' }),
        node({ nodeName: 'd', version: '0.1.0', state: 'Retired' }),
      ),
    ).toEqual(['c runs version 0.9.0, most others 1.0.0.'])
  })

  it('tells who has no key, and who has drained', () => {
    expect(
      wordsOf(
        node({ nodeName: 'a', holdsKey: false }),
        node({ nodeName: 'b', state: 'Draining' }),
        node({ nodeName: 'c', state: 'Draining', running: 1 }),
      ),
    ).toEqual([
      'a cannot open the cluster’s secrets: tasks that use one do not run there.',
      'b has finished what ran: it can be shut down.',
    ])
  })
})

describe('a node in words', () => {
  it.each([
    [0, '0.00\u202fs'],
    [4, '0.00\u202fs'],
    [1420, '+1.42\u202fs'],
    [-38, '−0.04\u202fs'],
  ])('tells an offset of %d ms', (offset, text) => expect(clockText(offset)).toBe(text))

  it.each([
    [null, 'not measured'],
    [3, 'the same as the database’s'],
    [1420, '1.42\u202fs ahead of the database’s clock'],
    [-40, '0.04\u202fs behind the database’s clock'],
  ])('tells a fact of its clock: %s ms', (offset, text) => expect(clockFact(offset)).toBe(text))

  it.each([
    ['linux x64', 'Linux, x64'],
    ['win32-arm64', 'Windows, arm64'],
    ['linux 6.18.44-fc-v669', 'Linux, 6.18.44-fc-v669'],
    ['plan9', 'plan9'],
    [null, '–'],
  ])('tells the platform %s', (platform, text) => expect(platformWords(platform)).toBe(text))

  it('names each reason once, with the tasks it keeps away, the most first', () => {
    const tasks = [task('a', null), not('b', 'no bash'), not('c', 'for web'), not('d', 'no bash')]
    const sorted = sortTasks(tasks)
    expect(sorted.here.map(({ taskName }) => taskName)).toEqual(['a'])
    expect(sorted.not.map(({ reason, tasks: of }) => [reason, of.map(({ taskName }) => taskName)])).toEqual([
      ['no bash', ['b', 'd']],
      ['for web', ['c']],
    ])
  })
})
