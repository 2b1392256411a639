import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canRun, effectiveRunOn, targetRefusal, whyNot } from '../../src/shared/domain/assignment.ts'

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
})
