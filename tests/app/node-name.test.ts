import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { freeNodeName } from '../../src/main/services/nodes/register.ts'
import { startEngineNode } from '../support/engine.ts'
import { admin } from '../support/node.ts'

describe('the name of a node', () => {
  it('reaches scripts and jobs as it was last given, without a restart', async () => {
    const node = await startEngineNode()
    await node.script('name.sh', 'echo "I am $PSWEBHOST_NODE_NAME"\n')
    const { nodeId } = await node.services.system.info(admin)
    await node.services.nodes.update(admin, nodeId, { nodeName: 'renamed' })

    const task = await node.task({ scriptPath: 'name.sh' })
    const { historyId } = await node.ended(await node.start(task.taskId))
    expect(await node.output(historyId)).toBe('I am renamed\n')

    const long = await node.task({ scriptPath: 'long.sh' })
    const running = await node.start(long.taskId)
    onTestFinished(async () => void (await node.services.runs.stop(admin, running).catch(() => undefined)))
    await node.inState(running, 'Running')
    expect(node.services.runtime.jobs().data.map((job) => job.location)).toEqual(['renamed'])
  })

  it('is another one where a node of the cluster has it, even a silent one', async () => {
    const before = await startEngineNode()
    const old = await before.services.system.info(admin)
    await before.close()
    // As on a replacement machine of the same host name: the data, but not who it was.
    await rm(join(before.dir, 'node.json'))
    const after = await startEngineNode({ dir: before.dir })
    const { items } = await after.services.nodes.list(admin, { limit: 10 })
    expect(
      items.map(({ nodeId, nodeName, isThisNode }) => ({ nodeName, isThisNode, old: nodeId === old.nodeId })),
    ).toEqual([
      { nodeName: old.nodeName, isThisNode: false, old: true },
      { nodeName: `${old.nodeName}-2`, isThisNode: true, old: false },
    ])
    await after.close()
    const again = await startEngineNode({ dir: before.dir })
    expect((await again.services.system.info(admin)).nodeName).toBe(`${old.nodeName}-2`)
  })

  it('counts up, compares without case, and stays within what a name may have', () => {
    const others = [{ nodeName: 'Host' }, { nodeName: 'host-2' }, { nodeName: 'x'.repeat(100) }]
    expect(freeNodeName('host', others)).toBe('host-3')
    expect(freeNodeName('other', others)).toBe('other')
    expect(freeNodeName('x'.repeat(100), others)).toBe(`${'x'.repeat(98)}-2`)
  })
})
