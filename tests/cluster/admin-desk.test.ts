import { describe, expect, it } from 'vitest'
import { startEngineNode, type EngineNode } from '../support/engine.ts'
import { homes } from '../support/homes.ts'
import { admin } from '../support/node.ts'

/** A desktop that joins a cluster edits and watches, and runs nothing. */

const own = async (node: EngineNode) => {
  const { nodeId } = await node.services.system.info(admin)
  return node.services.nodes.get(admin, nodeId)
}

describe.each(homes().filter(({ server }) => server !== null))('$name: a desktop', (home) => {
  it('is an admin desk where there are nodes, and none where it is the first', async () => {
    const config = await home.config()
    const first = await startEngineNode({ config, isDesktop: true })
    expect(await own(first)).toMatchObject({ maxConcurrentTasks: 10 })
    const desk = await startEngineNode({ config, isDesktop: true })
    const { nodeId, maxConcurrentTasks } = await own(desk)
    expect(maxConcurrentTasks).toBe(0)
    const task = await desk.task({ scriptPath: 'ok.sh' })
    await expect(desk.start(task.taskId, { nodeId })).rejects.toThrow(/is an admin desk/)
    const run = await desk.ended(await desk.start(task.taskId))
    expect(run).toMatchObject({ state: 'Success', nodeId: (await own(first)).nodeId })
  })

  it('runs what its app.yaml says, and a node without a window always does', async () => {
    const config = await home.config()
    await startEngineNode({ config })
    expect(await own(await startEngineNode({ config }))).toMatchObject({ maxConcurrentTasks: 10 })
    const given = `${config}node:\n  maxConcurrentTasks: 3\n`
    expect(await own(await startEngineNode({ config: given, isDesktop: true }))).toMatchObject({
      maxConcurrentTasks: 3,
    })
  })
})
