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
    it.each([true, false])(
      'is told as away; the node still says what it is, and is back by itself (with a replica: %s)',
      { timeout: 90_000 },
      async (replica) => {
        const proxy = await startTcpProxy(server)
        onTestFinished(() => proxy.close())
        const { database } = await place()
        const yaml = databaseYaml({ ...server, host: '127.0.0.1', port: proxy.port }, database)
        const node = await startTestNode({
          config: `${yaml}  options: { timeout: 5 }\ntableSync: { enabled: ${replica} }\n`,
        })
        if (replica) await node.services.sync.trigger(admin, { bootstrap: false })
        proxy.mute(true)
        const asked = performance.now()
        expect((await node.services.system.info(admin)).nodeId).not.toBe('')
        // Less than a statement may take.
        expect(performance.now() - asked).toBeLessThan(4_500)
        await eventually(async () => (await node.services.system.info(admin)).database.away, 30_000)
        const listed = node.services.tasks.list(admin, { limit: 10, sort: 'name' })
        if (replica) expect((await listed).items).toEqual([])
        else await expect(listed).rejects.toMatchObject({ code: 'UNAVAILABLE' })
        proxy.mute(false)
        await eventually(async () => (await node.services.system.info(admin)).database.away === null, 30_000)
        expect((await node.services.tasks.list(admin, { limit: 10, sort: 'name' })).items).toEqual([])
      },
    )
  },
)
