import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  canRun,
  effectiveRunOn,
  targetRefusal,
  typesOfOthers,
  whyNot,
} from '../../src/shared/domain/assignment.ts'

const node = {
  nodeId: 'n1',
  nodeName: 'web-01',
  nodeGroup: 'production',
  nodeRole: 'primary',
  isActive: true,
  isDraining: false,
  maxConcurrentTasks: 4,
  supportedTaskTypes: ['bash', 'node'],
}
const anywhere = { assignedNodeId: null, assignedNodeGroup: null, assignedNodeRole: null }
const task = { ...anywhere, scriptType: 'bash' as const, parameters: {}, environment: {} }

describe('assignment', () => {
  it('lets any node take a task without a target', () => {
    expect(whyNot(task, node)).toEqual([])
  })

  it.each([
    [{ assignedNodeId: 'n1' }, true],
    [{ assignedNodeId: 'n2' }, false],
    [{ assignedNodeId: 'n2', assignedNodeGroup: 'production' }, false],
    [{ assignedNodeId: 'n1', assignedNodeGroup: 'staging' }, true],
    [{ assignedNodeGroup: 'production' }, true],
    [{ assignedNodeGroup: 'staging' }, false],
    [{ assignedNodeRole: 'primary' }, true],
    [{ assignedNodeGroup: 'production', assignedNodeRole: 'standby' }, false],
    [{ assignedNodeGroup: 'production', assignedNodeRole: 'primary' }, true],
  ])('judges %o by node, else by group and role: %s', (target, matches) => {
    expect(targetRefusal({ ...anywhere, ...target }, node) === null).toBe(matches)
  })

  it.each([
    [{ isActive: false }, 'not active'],
    [{ isDraining: true }, 'draining'],
    [{ maxConcurrentTasks: 0 }, 'admin desk'],
    [{ supportedTaskTypes: ['node'] }, 'no interpreter for bash'],
  ])('says why a node with %o does not run it', (difference, reason) => {
    expect(whyNot(task, { ...node, ...difference }).join()).toContain(reason)
  })

  it('keeps tasks with secrets from a node without the cluster key', () => {
    const secretive = { ...task, parameters: { password: { $sealed: 'k.v' } } }
    expect(whyNot(secretive, node, { keyAvailable: false }).join()).toContain('no cluster key')
    expect(canRun(secretive, node, true)).toBe(true)
  })

  it('runs on all nodes of a group unless told otherwise', () => {
    expect(effectiveRunOn({ ...anywhere, assignedNodeGroup: 'g', runOn: null })).toBe('All')
    expect(effectiveRunOn({ ...anywhere, assignedNodeGroup: 'g', runOn: 'One' })).toBe('One')
    expect(effectiveRunOn({ ...anywhere, assignedNodeId: 'n', assignedNodeGroup: 'g', runOn: null })).toBe(
      'One',
    )
    expect(effectiveRunOn({ ...anywhere, runOn: null })).toBe('One')
  })

  it('gives a reason exactly when it refuses, whatever the target and the node', () => {
    const word = fc.option(fc.constantFrom('a', 'b'), { nil: null })
    const targets = fc.record({ assignedNodeId: word, assignedNodeGroup: word, assignedNodeRole: word })
    const nodes = fc.record({
      nodeId: fc.constantFrom('a', 'b'),
      nodeGroup: word,
      nodeRole: word,
      isDraining: fc.boolean(),
    })
    fc.assert(
      fc.property(targets, nodes, (target, place) => {
        const judged = { ...task, ...target }
        const where = { ...node, ...place }
        expect(canRun(judged, where)).toBe(whyNot(judged, where).length === 0)
        if (target.assignedNodeId !== null && !place.isDraining)
          expect(canRun(judged, where)).toBe(target.assignedNodeId === place.nodeId)
      }),
    )
  })

  it('names the node a task is assigned to, where it is known', () => {
    const known = { nameOf: (nodeId: string) => (nodeId === 'n2' ? 'web-02' : undefined) }
    const judge = (assignedNodeId: string) => whyNot({ ...task, assignedNodeId }, node, known)
    expect(judge('n2')).toEqual(['the task is assigned to node web-02'])
    expect(judge('n3')).toEqual(['the task is assigned to node n3'])
  })

  it('says since when a node is idle only of one that is', () => {
    const known = { idle: 'web-01 is retired, by local:root' }
    expect(whyNot(task, node, known)).toEqual([])
    expect(whyNot(task, { ...node, isActive: false }, known)).toEqual([known.idle])
  })

  const name = fc.option(fc.constantFrom('a', 'b'), { nil: null })
  const anyTarget = fc.record({ assignedNodeId: name, assignedNodeGroup: name, assignedNodeRole: name })
  const anyNode = fc.record({
    nodeId: fc.constantFrom('a', 'b'),
    nodeGroup: name,
    nodeRole: name,
    isActive: fc.boolean(),
    isDraining: fc.boolean(),
    maxConcurrentTasks: fc.integer({ min: 0, max: 2 }),
    supportedTaskTypes: fc.subarray(['bash', 'node']),
  })

  it('is never refused by what makes a node fit for more', () => {
    fc.assert(
      fc.property(anyTarget, anyNode, fc.boolean(), (target, place, keyAvailable) => {
        const judged = { ...task, ...target, parameters: { password: { $sealed: 'k.v' } } }
        const where = { ...node, ...place }
        if (!canRun(judged, where, keyAvailable)) return
        const fitter = { ...where, maxConcurrentTasks: 9, supportedTaskTypes: ['bash', 'node', 'python'] }
        expect(canRun(judged, fitter, true)).toBe(true)
        expect(canRun({ ...judged, assignedNodeRole: null }, where, keyAvailable)).toBe(true)
        expect(canRun({ ...judged, parameters: {} }, where, false)).toBe(true)
      }),
    )
  })

  it('goes by the node, whatever group and role besides', () => {
    fc.assert(
      fc.property(anyTarget, anyNode, (target, place) => {
        if (target.assignedNodeId === null) return
        const where = { ...node, ...place }
        const alone = { ...anywhere, assignedNodeId: target.assignedNodeId }
        expect(targetRefusal(target, where)).toBe(targetRefusal(alone, where))
      }),
    )
  })

  it('leaves a script to others exactly where one of its target has the interpreter this one lacks', () => {
    fc.assert(
      fc.property(anyTarget, anyNode, anyNode, (target, place, other) => {
        const own = { ...node, ...place, nodeId: 'a' }
        const there = { ...node, ...other, nodeId: 'b' }
        if (target.assignedNodeId || targetRefusal(target, own) !== null) return
        const reaches = typesOfOthers(own, [own, there]).get('bash') ?? []
        const isLeft = reaches.some(
          ({ sameGroup, sameRole }) =>
            (sameGroup || !target.assignedNodeGroup) && (sameRole || !target.assignedNodeRole),
        )
        const hasIt = there.isActive && there.supportedTaskTypes.includes('bash')
        const lacksIt = !own.supportedTaskTypes.includes('bash')
        expect(isLeft).toBe(lacksIt && hasIt && targetRefusal(target, there) === null)
      }),
    )
  })
})
