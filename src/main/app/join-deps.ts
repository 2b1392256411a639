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
  reach: () => Promise.resolve(reach(core)),
})

const databaseText = ({ config: { database } }: Core): string => {
  const { path, server, database: name } = database.connection
  return isFile(database.type)
    ? `${database.type}, ${path}`
    : `${database.type}, ${name ?? ''} on ${server ?? ''}`
}

/** A token is typed by people too: a few addresses are enough. */
const MOST_ADDRESSES = 3

/** A node that is not running answers nowhere: its tokens lead to the database alone. */
const reach = ({ api }: Core): Reach => ({
  urls: api?.urls.slice(0, MOST_ADDRESSES) ?? [],
  fingerprint: api?.fingerprint ?? null,
})
