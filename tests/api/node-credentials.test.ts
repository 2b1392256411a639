import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Registered } from '../../src/shared/domain/node.ts'
import { homes } from '../support/homes.ts'
import { admin, startTestNode, type TestNode } from '../support/node.ts'

/** POST /nodes/register and PUT /nodes/{nodeId}/heartbeat, by a join token first, then by the node token. */

const newPublicKey = (): string =>
  generateKeyPairSync('x25519')
    .publicKey.export({ type: 'spki', format: 'der' })
    .subarray(-32)
    .toString('base64url')

const ID = '01900000-0000-7000-8000-00000000000a'
const OTHER = '01900000-0000-7000-8000-00000000000b'

const ask = async (node: TestNode, token: string, method: string, path: string, body?: unknown) => {
  const answer = await fetch(`${node.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  return { status: answer.status, body: (text ? JSON.parse(text) : null) as Record<string, unknown> }
}

const register = (node: TestNode, token: string, fields: Record<string, unknown> = {}) =>
  ask(node, token, 'POST', '/api/v1/nodes/register', {
    ...{ nodeId: ID, nodeName: 'newcomer', incarnation: 'one', hostname: 'far', addresses: ['10.0.0.7'] },
    ...{ maxConcurrentTasks: 2, supportedTaskTypes: ['bash'], version: '9.9', ...fields },
  })

const beat = (node: TestNode, token: string, nodeId = ID, incarnation = 'one') =>
  ask(node, token, 'PUT', `/api/v1/nodes/${nodeId}/heartbeat`, { incarnation, running: 0, version: '9.9' })

const joinToken = async ({ services }: TestNode): Promise<string> =>
  (await services.joinTokens.create(admin, { expiresInMinutes: 60 })).token

describe.each(homes())('$name: the credentials of a node', (home) => {
  const start = async () => startTestNode({ config: await home.config() })

  it('register it with a join token, then keep it alive with its own', async () => {
    const node = await start()
    const [token, publicKey] = [await joinToken(node), newPublicKey()]
    const first = await register(node, token, { publicKey })
    expect(first).toMatchObject({ status: 200 })
    const { nodeToken, keys, node: row, clusterId } = first.body as unknown as Registered
    expect(row).toMatchObject({ nodeId: ID, nodeName: 'newcomer', state: 'Active', holdsKey: true })
    expect(row).toMatchObject({ hostname: 'far', addresses: ['10.0.0.7'], maxConcurrentTasks: 2 })
    expect(clusterId).toBe((await node.services.system.info(admin)).clusterId)
    expect(nodeToken).toMatch(/^psn_/)
    expect(keys).toEqual([expect.objectContaining({ wrapped: expect.stringMatching(/^x1\./) as string })])

    const alive = await beat(node, nodeToken ?? '')
    expect(alive).toMatchObject({ status: 200, body: { nodeId: ID, state: 'Active' } })
    const again = await register(node, nodeToken ?? '', { publicKey, version: '9.10' })
    expect(again).toMatchObject({ status: 200, body: { nodeToken: null, keys, node: { version: '9.10' } } })
    // An answer that got lost: the same token, the same node and key.
    const repeated = await register(node, token, { publicKey })
    expect(repeated).toMatchObject({ status: 200, body: { keys } })
    const { items } = await node.services.changes.list(admin, { record: [ID], limit: 10 })
    expect(items.map(({ changedBy }) => changedBy)).toEqual(items.map(() => 'node:newcomer'))
  })

  it('give the cluster key once the node has told its public key, and not before', async () => {
    const node = await start()
    const [token, publicKey] = [await joinToken(node), newPublicKey()]
    const first = await register(node, token)
    expect(first).toMatchObject({ status: 200, body: { keys: [] } })
    const later = await register(node, token, { publicKey })
    expect(later).toMatchObject({ status: 200, body: { node: { holdsKey: true } } })
    expect(later.body['keys']).toHaveLength(1)
    const another = await register(node, token, { publicKey: newPublicKey() })
    expect(another).toMatchObject({ status: 409 })
    expect(await register(node, token, { publicKey })).toMatchObject({
      status: 200,
      body: { keys: later.body['keys'] },
    })
  })

  it('that were used once neither bring a retired node back nor give it another key', async () => {
    const node = await start()
    const [token, publicKey] = [await joinToken(node), newPublicKey()]
    await register(node, token, { publicKey })
    const otherKey = await register(node, token, { publicKey: newPublicKey() })
    expect(otherKey).toMatchObject({ status: 409 })
    expect(otherKey.body['detail']).toMatch(/another public key/)
    await node.services.nodes.retire(admin, ID)
    const back = await register(node, token, { publicKey })
    expect(back).toMatchObject({ status: 403 })
    expect(back.body['detail']).toMatch(/is retired.*join-token create/)
    expect(await node.services.nodes.get(admin, ID)).toMatchObject({ state: 'Retired' })
    expect(await register(node, await joinToken(node), { publicKey })).toMatchObject({ status: 200 })
  })

  it('are good for nothing else, and a node token for no other node', async () => {
    const node = await start()
    const token = await joinToken(node)
    const { body } = await register(node, token)
    const nodeToken = String(body['nodeToken'])
    expect(await beat(node, token)).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } })
    expect(await beat(node, nodeToken, OTHER)).toMatchObject({ status: 403 })
    expect(await register(node, nodeToken, { nodeId: OTHER })).toMatchObject({ status: 403 })
    for (const credential of [token, nodeToken])
      for (const [method, path] of [
        ['GET', '/api/v1/nodes'],
        ['GET', `/api/v1/nodes/${ID}`],
        ['DELETE', `/api/v1/nodes/${ID}`],
        ['GET', '/api/v1/tasks'],
        ['GET', '/api/v1/history/x/output'],
        ['POST', '/api/v1/join-tokens'],
        ['GET', '/metrics'],
      ] as const)
        expect([path, (await ask(node, credential, method, path)).status]).toEqual([path, 403])
    const unknown = nodeToken.slice(0, -4).concat('AAAA')
    for (const credential of [unknown, 'psj_nonsense'])
      expect(await register(node, credential)).toMatchObject({ status: 401, body: { code: 'UNAUTHORIZED' } })
  })

  it('do not let a second machine take the id of a live node, nor a second node use one join token', async () => {
    const node = await start()
    const [token, publicKey] = [await joinToken(node), newPublicKey()]
    const nodeToken = String((await register(node, token, { publicKey })).body['nodeToken'])
    expect(await beat(node, nodeToken, ID, 'two')).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })
    const clash = await register(node, await joinToken(node), { publicKey, incarnation: 'two' })
    expect(clash).toMatchObject({ status: 409 })
    expect(clash.body['detail']).toContain('newcomer on far runs under incarnation one')
    expect(await register(node, token, { nodeId: OTHER })).toMatchObject({ status: 409 })
    const otherKey = await register(node, nodeToken, { publicKey: newPublicKey() })
    expect(otherKey).toMatchObject({ status: 409 })
    expect(otherKey.body['detail']).toContain('another public key')
    const { nodeId } = await node.services.system.info(admin)
    expect(await register(node, await joinToken(node), { nodeId })).toMatchObject({ status: 409 })
  })

  it('are checked field by field; an admin may do the same, a viewer not', async () => {
    const node = await start()
    const bad = await register(node, await joinToken(node), { publicKey: 'short' })
    expect(bad).toMatchObject({ status: 400, body: { errors: [{ path: ['publicKey'] }] } })
    const unknown = await register(node, await joinToken(node), { colour: 'red' })
    expect(unknown).toMatchObject({ status: 400, body: { errors: [{ path: ['colour'] }] } })
    expect(await beat(node, node.adminToken)).toMatchObject({ status: 404 })
    expect(await register(node, node.adminToken)).toMatchObject({ status: 200 })
    expect(await beat(node, node.adminToken)).toMatchObject({ status: 200 })
    const { token } = await node.services.tokens.create(admin, {
      role: 'operator',
      expiresAt: null,
    })
    expect(await register(node, token)).toMatchObject({ status: 403 })
    expect(await beat(node, token)).toMatchObject({ status: 403 })
  })

  it('of a retired node are void; a new join token lets it back in', async () => {
    const node = await start()
    const nodeToken = String((await register(node, await joinToken(node))).body['nodeToken'])
    const retired = await ask(node, node.adminToken, 'DELETE', `/api/v1/nodes/${ID}`)
    expect(retired.status).toBe(204)
    expect(await beat(node, nodeToken)).toMatchObject({ status: 401 })
    expect(await beat(node, node.adminToken)).toMatchObject({ status: 409 })
    const back = await register(node, await joinToken(node), { incarnation: 'two' })
    expect(back).toMatchObject({ status: 200, body: { node: { state: 'Active' } } })
    expect(await beat(node, String(back.body['nodeToken']), ID, 'two')).toMatchObject({ status: 200 })
  })
})
