import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/main/platform/clock.ts'
import { alike, allEnded, clusterOf, clusterServers } from '../support/cluster/in-test.ts'

/** A data folder was copied to another machine, and both start. */

describe.each(clusterServers())('$name: a node id in two places', (server) => {
  it(
    'is refused to the one that comes later, which says whose it is; the other works on',
    {
      timeout: 60_000,
    },
    async () => {
      const cluster = await clusterOf(server, alike(1))
      const [one] = cluster.nodes
      if (!one) throw new Error('there is one node')
      const nodeId = one.nodeId()
      const copy = join(cluster.dir, 'copy')
      await mkdir(copy)
      for (const file of ['node.json', 'secret.key']) await cp(join(one.dir, file), join(copy, file))

      const refused: unknown = await cluster.addNode({ name: 'copy' }).catch((error: unknown) => error)
      expect(refused).toBeInstanceOf(Error)
      const said = String(refused)
      expect(said).toContain('the node ended (3)')
      expect(said).toContain(nodeId)
      // Its last heartbeat.
      expect(said).toMatch(/20\d\d-\d\d-\d\dT[\d:.]+Z/)

      const scriptPath = await cluster.script('quick.sh', 'return 0')
      const { taskId } = await cluster.task({ scriptPath })
      await one.client().tasks.run({ taskId })
      expect((await allEnded(cluster, 1))[0]).toMatchObject({ state: 'Success', nodeId })
    },
  )

  it('is taken over where the other has ended: the folder has moved', { timeout: 60_000 }, async () => {
    const cluster = await clusterOf(server, alike(1))
    const [one] = cluster.nodes
    if (!one) throw new Error('there is one node')
    const nodeId = one.nodeId()
    await one.stop()
    const moved = join(cluster.dir, 'moved')
    await mkdir(moved)
    for (const file of ['node.json', 'secret.key']) await cp(join(one.dir, file), join(moved, file))
    const began = systemClock.monotonic()
    const node = await cluster.addNode({ name: 'moved' })
    expect(node.nodeId()).toBe(nodeId)
    expect(systemClock.monotonic() - began).toBeLessThan(15_000)
  })

  it(
    'lets one of two run that start at the same moment, and tells the other whose id it is',
    { timeout: 120_000 },
    async () => {
      const cluster = await clusterOf(server, alike(1))
      const nodeId = '01900000-0000-7000-8000-0000000000cc'
      const names = ['left', 'right']
      for (const name of names) {
        await mkdir(join(cluster.dir, name))
        const identity = { nodeId, incarnation: `before-${name}` }
        await writeFile(join(cluster.dir, name, 'node.json'), JSON.stringify(identity))
      }
      const started = await Promise.allSettled(names.map((name) => cluster.addNode({ name })))
      const running = started.filter((one) => one.status === 'fulfilled')
      expect(running.map(({ value }) => value.nodeId())).toEqual([nodeId])
      const [refused] = started.filter((one) => one.status === 'rejected')
      expect(String(refused?.reason)).toContain('the node ended (3)')
      expect(String(refused?.reason)).toContain(`Node id ${nodeId} is in use by another machine or folder`)

      const scriptPath = await cluster.script('quick.sh', 'return 0')
      const { taskId } = await cluster.task({ scriptPath, assignedNodeId: nodeId })
      await running[0]?.value.client().tasks.run({ taskId })
      expect((await allEnded(cluster, 1))[0]).toMatchObject({ state: 'Success', nodeId })
    },
  )
})
