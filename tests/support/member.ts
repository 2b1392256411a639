import { createPlacer } from '../../src/main/services/tasks/placements.ts'
import { join } from 'node:path'
import type { Database, OpenDatabase } from '../../src/main/data/db.ts'
import { readInfo } from '../../src/main/data/cluster-info.ts'
import { insertNode, updateNode } from '../../src/main/data/repos/nodes.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import { memoryLog, type MemoryLog } from '../../src/main/platform/log.ts'
import { placeOf } from '../../src/main/platform/place.ts'
import { openNodeKey } from '../../src/main/platform/secrets/node-key.ts'
import { createEventBus } from '../../src/main/services/events.ts'
import { createJoinTokens } from '../../src/main/services/join-tokens.ts'
import { createKeys, type Keys } from '../../src/main/services/keys.ts'
import { createNodes } from '../../src/main/services/nodes.ts'
import { verifyNodeCredential } from '../../src/main/services/nodes/credentials.ts'
import { createMembership } from '../../src/main/services/nodes/membership.ts'
import type { Services } from '../../src/main/services/services.ts'
import { createTokens, type Tokens } from '../../src/main/services/tokens.ts'
import { tempDir } from './node.ts'

/** What one node of a cluster has for joining and leaving, without its engine. */
export interface Member {
  nodeId: string
  dir: string
  tokenFile: string
  keys: Keys
  log: MemoryLog
  nodes: Services['nodes']
  joinTokens: Services['joinTokens']
  tokens: Tokens
}

export interface MemberOptions {
  name?: string
  /** One with the secret.key of an earlier member. */
  dir?: string
  clusterId?: string
  /** Not in Nodes yet, as before the first start. */
  unregistered?: boolean
}

export const nodeRowOf = (nodeId: string, nodeName: string) => ({
  ...{ nodeId, nodeName, hostname: 'host', ipAddress: null, port: null },
  ...{ nodeGroup: null, nodeRole: null, tags: [], isActive: true, isDraining: false, lastHeartbeat: null },
  ...{ incarnation: 'incarnation-1', maxConcurrentTasks: 4, supportedTaskTypes: ['bash'] },
  ...{ version: '0.1.0', platform: 'test', registeredAt: '2026-01-01T00:00:00.000Z', registeredBy: 'test' },
})

const selfOf = (nodeId: string, name: string) => ({
  ...{ nodeId, nodeName: name, incarnation: 'incarnation-1' },
  node: () => nodeRowOf(nodeId, name),
})

/** Another incarnation of its row is heard of now. */
export const hearOf = async (db: Database, nodeId: string, incarnation = 'incarnation-1'): Promise<void> =>
  db.write({ actor: 'test' }, async (tx) =>
    updateNode(tx, nodeId, { lastHeartbeat: await db.now(), incarnation }),
  )

export const openMember = async (
  db: OpenDatabase,
  nodeId: string,
  options: MemberOptions = {},
): Promise<Member> => {
  const { name = nodeId } = options
  const dir = options.dir ?? (await tempDir())
  const log = memoryLog()
  const keys = createKeys({ db, nodeId, nodeKey: await openNodeKey(join(dir, 'secret.key')), log })
  await keys.ensure()
  if (!options.unregistered) {
    await db.write({ actor: 'test' }, (tx) => insertNode(tx, nodeRowOf(nodeId, name)))
    await keys.announce()
  }
  const clusterId = options.clusterId ?? (await readInfo(db.read, 'ClusterID')) ?? ''
  const events = createEventBus(systemClock)
  const shared = { db, keys, events, log, clusterId, nodeChanged: () => Promise.resolve(), wake: () => {} }
  const nodes = createNodes({
    ...{ ...shared, self: selfOf(nodeId, name), awayAfterMs: 30_000 },
    placer: createPlacer({ db, ownKey: { nodeId, available: () => keys.available }, awayAfterMs: 30_000 }),
  })
  const tokenFile = join(dir, 'node.token')
  return {
    ...{ nodeId, dir, tokenFile, keys, log },
    nodes: { ...nodes, ...createMembership({ ...shared, get: nodes.get, awayAfterMs: 30_000 }) },
    joinTokens: createJoinTokens({
      ...{ ...shared, nodeId, databaseText: 'a test database', nodeTokenFile: tokenFile },
      registration: async () => ({ nodeId, nodeName: name, publicKey: keys.reader.publicKey }),
      place: () => placeOf(dir),
      reach: async () => ({ urls: ['http://127.0.0.1:7780'], fingerprint: null }),
    }),
    tokens: createTokens({
      db,
      clock: systemClock,
      nodeCredential: (text) => verifyNodeCredential(db, text),
    }),
  }
}
