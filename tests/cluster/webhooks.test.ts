import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { alike, allEnded, clusterOf, clusterServers } from '../support/cluster/in-test.ts'
import { eventually } from '../support/eventually.ts'
import { isSigned, type Received } from '../support/webhooks.ts'

const CALLS = 2

/** A receiver that keeps who calls waiting until it is told to answer, and from then on answers at once. */
const startHolding = async () => {
  const held = new Map<ServerResponse, Received>()
  const taken: Received[] = []
  let answers = false
  const answer = (response: ServerResponse, one: Received): void => {
    held.delete(response)
    taken.push(one)
    response.writeHead(204).end()
  }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const one = { headers: request.headers, text: Buffer.concat(chunks).toString() }
      if (answers) return answer(response, one)
      held.set(response, one)
      // Its caller is gone.
      response.once('close', () => held.delete(response))
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    ...{ held, taken, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` },
    answerAll: (): void => {
      answers = true
      for (const [response, one] of [...held]) answer(response, one)
    },
  }
}

describe.each(clusterServers())('$name: kill -9 of the node that makes calls of a webhook', (server) => {
  // The other nodes of such a cluster have no cluster key: who takes calls over is tested in tests/services.
  it('loses none: they are made again when it is back, signed', { timeout: 120_000 }, async () => {
    const receiver = await startHolding()
    const cluster = await clusterOf(server, alike(1))
    const [node] = cluster.nodes
    const { secret } = await cluster.client().webhooks.create({ webhookName: 'ops', url: receiver.url })
    const scriptPath = await cluster.script('bad.sh', 'return 3')
    for (let count = 0; count < CALLS; count += 1) {
      const { taskId } = await cluster.task({ scriptPath })
      await cluster.client().tasks.run({ taskId })
    }
    await allEnded(cluster, CALLS)
    await eventually(() => receiver.held.size > 0, 30_000)
    await node?.kill('node')
    await eventually(() => receiver.held.size === 0)
    receiver.answerAll()
    await node?.start()
    // The time is up first that the node had them for.
    await eventually(() => receiver.taken.length >= CALLS, 60_000)
    await eventually(async () => (await cluster.client().webhooks.list({})).items[0]?.waiting === 0)
    expect(new Set(receiver.taken.map(({ headers }) => headers['webhook-id'])).size).toBe(CALLS)
    expect(receiver.taken.map((call) => isSigned(secret, call))).toEqual(Array(CALLS).fill(true))
  })
})
