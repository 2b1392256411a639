import { networkInterfaces } from 'node:os'
import { findNode } from '../data/repos/nodes.ts'
import type { JoinTokensDeps, Reach } from '../services/join-tokens.ts'
import type { Core } from './core.ts'
import { isFile } from '../../shared/domain/database.ts'

/** What joining needs of this node: its files, its cluster, and where others find its API. */
export const joinDeps = (
  core: Core,
): Pick<JoinTokensDeps, 'nodeId' | 'keys' | 'clusterId' | 'databaseText' | 'nodeTokenFile' | 'reach'> => ({
  nodeId: core.self.nodeId,
  keys: core.keys,
  clusterId: core.clusterInfo.clusterId,
  databaseText: databaseText(core),
  nodeTokenFile: core.config.dataDir.nodeToken,
  reach: () => reach(core),
})

const databaseText = ({ config: { database } }: Core): string => {
  const { path, server, database: name } = database.connection
  return isFile(database.type)
    ? `${database.type}, ${path}`
    : `${database.type}, ${name ?? ''} on ${server ?? ''}`
}

const EVERYWHERE = new Set(['0.0.0.0', '::'])

/** The port is the one it registered with: app.yaml may say any free one. */
const reach = async ({ config, db, self }: Core): Promise<Reach> => {
  const { host, port } = config.api
  const own = await findNode(db.look, self.nodeId)
  const hosts = EVERYWHERE.has(host) ? addresses() : [host]
  return {
    urls: hosts.map((one) => `http://${one.includes(':') ? `[${one}]` : one}:${own?.port ?? port}`),
    fingerprint: null,
  }
}

/** A token is typed by people too: a few addresses are enough. */
const MOST_ADDRESSES = 3

const addresses = (): string[] =>
  Object.values(networkInterfaces())
    .flatMap((found) => found ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => address)
    .slice(0, MOST_ADDRESSES)
