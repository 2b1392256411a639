import { describe, expect, it } from 'vitest'
import { createSocketLink } from '../../src/main/cli/socket-link.ts'
import { controlPath } from '../../src/main/config/data-dir.ts'
import { createClient, createLocalClient, type Client } from '../../src/shared/client/create-client.ts'
import { createHttpLink } from '../../src/shared/client/http-link.ts'
import { homes } from '../support/homes.ts'
import { startTestNode, type TestNode } from '../support/node.ts'
import { createRestLink } from '../support/rest-link.ts'

/** The real services behind the same transports: what they answer must pass the contract's own schemas,
 * whatever database they keep it in. */

const LINKS = {
  REST: (node: TestNode) => createRestLink(node.url, node.adminToken),
  RPC: (node: TestNode) => createHttpLink({ origin: node.url, token: () => node.adminToken }),
}

const outputOf = async (
  client: Client,
  historyId: string,
): Promise<{ text: string; end: string | undefined }> => {
  let text = ''
  let end: string | undefined
  for await (const piece of await client.history.output({ historyId })) {
    text += piece.text
    end = piece.end ?? end
  }
  return { text, end }
}

describe.each(homes())('$name: a real node', (home) => {
  describe.each(Object.keys(LINKS) as (keyof typeof LINKS)[])('over %s', (transport) => {
    it('creates, edits, runs, follows, shows and takes back', async () => {
      const node = await startTestNode({ config: await home.config() })
      const client = createClient(LINKS[transport](node))
      await node.script('hello.mjs', 'console.log("grün")\n')
      const { taskId, version } = await client.tasks.create({ taskName: 'Hello', scriptPath: 'hello.mjs' })
      const edited = await client.tasks.update(
        { taskId, priority: 3, tags: ['x'], description: 'says hello' },
        { context: { reason: 'Größer', ifMatch: version } },
      )
      expect(edited).toMatchObject({ priority: 3, version: version + 1 })
      const stale = client.tasks.update({ taskId, priority: 4 }, { context: { ifMatch: version } })
      await expect(stale).rejects.toMatchObject({ code: 'CONFLICT', current: { version: version + 1 } })

      const { historyId } = await client.tasks.run({ taskId })
      expect(await outputOf(client, historyId)).toEqual({ text: 'grün\n', end: 'Success' })
      const run = await client.history.get({ historyId })
      expect(run).toMatchObject({ state: 'Success', triggeredBy: transport === 'REST' ? 'API' : 'Manual' })

      const { items } = await client.changes.list({ record: taskId, action: 'UPDATE' })
      const change = items.find(({ changeReason }) => changeReason === 'Größer')
      const { diff } = await client.changes.get({ changeId: change?.changeId ?? '' })
      expect(diff.map(({ field }) => field)).toEqual(
        expect.arrayContaining(['priority', 'tags', 'description']),
      )
      expect(await client.changes.revert({ changeId: change?.changeId ?? '' })).toMatchObject({
        reverted: true,
      })
      expect(await client.tasks.get({ taskId })).toMatchObject({ priority: 0, tags: [], description: null })
    })

    it('answers every list and state, and the documents beside them', async () => {
      const node = await startTestNode({ config: await home.config() })
      const client = createClient(LINKS[transport](node))
      const [self] = (await client.nodes.list({})).items
      expect(await client.nodes.get({ nodeId: self?.nodeId ?? '' })).toMatchObject({ isThisNode: true })
      expect((await client.nodes.drain({ nodeId: self?.nodeId ?? '', drain: true })).isDraining).toBe(true)
      expect((await client.samples.list({})).items.length).toBeGreaterThan(7)
      expect((await client.schedules.preview({ schedule: '*/5 * * * *', count: 3 })).runs).toHaveLength(3)
      expect((await client.tasks.validate({ taskName: 'x', scriptPath: 'none.sh' })).nextRuns).toEqual([])
      expect((await client.tasks.export({})).tasks).toEqual([])
      expect((await client.runtime.jobs({})).data).toEqual([])
      expect((await client.runtime.runspaces({})).data.length).toBeGreaterThan(0)
      expect((await client.tokens.list({})).items).toHaveLength(1)
      expect((await client.system.info({})).role).toBe('admin')
      for await (const event of await client.events({})) {
        expect(event.type).toBe('hello')
        break
      }
      expect((await fetch(`${node.url}/healthz`)).status).toBe(200)
      const headers = { authorization: `Bearer ${node.adminToken}` }
      expect(await (await fetch(`${node.url}/metrics`, { headers })).text()).toContain('# TYPE')
    })
  })

  describe('over its control socket', () => {
    it('answers what only this machine may ask', async () => {
      const node = await startTestNode({ config: await home.config() })
      const socket = createSocketLink(controlPath(node.dir))
      const client = createLocalClient(socket.link)
      expect((await client.local.doctor({})).findings.length).toBeGreaterThan(5)
      expect((await client.system.info({})).actor).toMatch(/^local:/)
      await socket.close()
    })
  })
})
