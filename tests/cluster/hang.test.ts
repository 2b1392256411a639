import { describe, expect, it, onTestFinished } from 'vitest'
import { serverDatabases } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'
import { admin, startTestNode } from '../support/node.ts'
import { databaseYaml } from '../support/server-config.ts'
import { startTcpProxy } from '../support/tcp-proxy.ts'

/** A way to the server that swallows every answer, as a firewall that forgot the connections does. */

describe.each(serverDatabases())(
  '$name: a server that does not answer and does not end',
  ({ server, place }) => {
    it(
      'is told as away; the node still says what it is, and is back by itself',
      { timeout: 90_000 },
      async () => {
        const proxy = await startTcpProxy(server)
        onTestFinished(() => proxy.close())
        const { database } = await place()
        const yaml = databaseYaml({ ...server, host: '127.0.0.1', port: proxy.port }, database)
        const node = await startTestNode({ config: `${yaml}  options: { timeout: 5 }\n` })
        proxy.mute(true)
        const asked = performance.now()
        expect((await node.services.system.info(admin)).nodeId).not.toBe('')
        // Less than a statement may take.
        expect(performance.now() - asked).toBeLessThan(4_500)
        await eventually(async () => (await node.services.system.info(admin)).database.away, 30_000)
        await expect(node.services.tasks.list(admin, { limit: 10, sort: 'name' })).rejects.toMatchObject({
          code: 'UNAVAILABLE',
        })
        proxy.mute(false)
        await eventually(async () => (await node.services.system.info(admin)).database.away === null, 30_000)
        expect((await node.services.tasks.list(admin, { limit: 10, sort: 'name' })).items).toEqual([])
      },
    )
  },
)
