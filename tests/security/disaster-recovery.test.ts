import { cp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startEngineNode, type EngineNode } from '../support/engine.ts'
import { databaseIn, homes } from '../support/homes.ts'
import { admin } from '../support/node.ts'

/** docs/security.md, "Disaster recovery": what it tells people to do, done. */

const PASSPHRASE = 'kept in the safe, on paper'
const GUIDE = new URL('../../docs/security.md', import.meta.url)
const onServers = homes().filter(({ server }) => server !== null)

const secretTask = (node: EngineNode) =>
  node.task({
    taskName: 'login',
    scriptPath: 'login.sh',
    parameters: { password: { secret: 'hunter2-hunter2' } },
  })

const LOGIN = '[ "$PSWEBHOST_PARAM_PASSWORD" = hunter2-hunter2 ] && echo "let in"\n'

const runsWithSecret = async (node: EngineNode): Promise<string> => {
  await node.script('login.sh', LOGIN)
  const { items } = await node.services.tasks.list(admin, { limit: 10, sort: 'name', search: 'login' })
  const run = await node.ended(await node.start(items[0]?.taskId ?? ''))
  return run.error ?? (await node.output(run.historyId))
}

describe('the guide', () => {
  it.each(['pswebhost-node backup cluster-key.tgz --with-key', 'pswebhost-node restore cluster-key.tgz'])(
    'says %s',
    async (command) => {
      expect(await readFile(GUIDE, 'utf8')).toContain(command)
    },
  )
})

describe.each(onServers)('$name: after the loss of every node', (home) => {
  it('a new one with the key of the backup runs what needs secrets', { timeout: 120_000 }, async () => {
    const config = await home.config()
    expect(databaseIn(config)).not.toBe('')
    const lost = await startEngineNode({ config })
    await secretTask(lost)
    const file = join(lost.dir, '..', `cluster-key-${databaseIn(config)}.tgz`)
    await lost.services.system.backup(admin, { file, passphrase: PASSPHRASE })
    await lost.close()

    const fresh = await startEngineNode({ config })
    const { nodeId } = await fresh.services.system.info(admin)
    await expect(fresh.start(await taskId(fresh), { nodeId })).rejects.toThrow(/cluster key/)
    await fresh.services.system.restore(admin, { file, passphrase: PASSPHRASE })
    expect(await runsWithSecret(fresh)).toBe('let in\n')
    await rm(file)
  })

  it('a backup with the key holds nothing in clear, and opens by its passphrase only', async () => {
    const node = await startEngineNode({ config: await home.config() })
    const file = join(node.dir, 'key.tgz')
    await expect(node.services.system.backup(admin, { file })).rejects.toMatchObject({ code: 'CONFLICT' })
    await node.services.system.backup(admin, { file, passphrase: PASSPHRASE })
    await expect(node.services.system.restore(admin, { file })).rejects.toMatchObject({
      issues: [{ path: ['passphrase'] }],
    })
    await expect(
      node.services.system.restore(admin, { file, passphrase: 'something else' }),
    ).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    await secretTask(node)
    expect(await runsWithSecret(node)).toBe('let in\n')
  })

  it('the data folder of one node, put back, is that node again', { timeout: 120_000 }, async () => {
    const config = await home.config()
    const node = await startEngineNode({ config })
    await secretTask(node)
    const { nodeId } = await node.services.system.info(admin)
    await node.close()
    const kept = `${node.dir}-kept`
    await cp(node.dir, kept, { recursive: true, filter: (path) => !path.endsWith('.sock') })
    await rm(node.dir, { recursive: true })
    await cp(kept, node.dir, { recursive: true })
    await rm(kept, { recursive: true })
    const again = await startEngineNode({ config, dir: node.dir })
    expect((await again.services.system.info(admin)).nodeId).toBe(nodeId)
    expect(await runsWithSecret(again)).toBe('let in\n')
  })
})

const taskId = async (node: EngineNode): Promise<string> => {
  const { items } = await node.services.tasks.list(admin, { limit: 1, sort: 'name' })
  return items[0]?.taskId ?? ''
}
