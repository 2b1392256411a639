import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startEngineNode } from '../support/engine.ts'
import { homes } from '../support/homes.ts'
import { admin } from '../support/node.ts'

describe.each(homes())('$name: a node without the cluster key', (home) => {
  it('refuses to run a task with secrets, says why, and warns of it when the task is checked', async () => {
    const config = await home.config()
    const before = await startEngineNode({ config })
    const secret = { parameters: { password: { secret: 'a planted secret' } } }
    const { taskId } = await before.task(secret)
    const plain = await before.task({})
    const { nodeId } = await before.services.system.info(admin)
    await before.close()
    await rm(join(before.dir, 'secret.key'))
    const node = await startEngineNode({ dir: before.dir, config })
    const refusal = { code: 'CONFLICT', message: expect.stringContaining('has no cluster key') as string }
    await expect(node.start(taskId, { nodeId })).rejects.toMatchObject(refusal)
    await expect(node.start(taskId)).rejects.toMatchObject(refusal)
    const { warnings, matchingNodes } = await node.services.tasks.validate(admin, { taskId })
    expect(warnings.map(({ message }) => message).join()).toContain('has no cluster key')
    expect(matchingNodes).toEqual([])
    expect(await node.ended(await node.start(plain.taskId))).toMatchObject({ state: 'Success' })
  })
})
