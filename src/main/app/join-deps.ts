import { hostname } from 'node:os'
import type { RegistrationInput } from '../../shared/domain/node.ts'
import { ownAddresses, placeOf } from '../platform/place.ts'
import type { JoinDeps, Reach } from '../services/join-tokens/join.ts'
import type { Core } from './core.ts'
import { isFile } from '../../shared/domain/database.ts'

/** What joining needs of this node: its files, its cluster, and where others find its API. */
export const joinDeps = (core: Core): Omit<JoinDeps, 'db' | 'events' | 'nodeChanged' | 'wake'> => ({
  nodeId: core.self.nodeId,
  keys: core.keys,
  clusterId: core.clusterInfo.clusterId,
  databaseText: databaseText(core),
  nodeTokenFile: core.config.dataDir.nodeToken,
  registration: () => Promise.resolve(registrationOf(core)),
  place: () => placeOf(core.config.dataDir.root),
  reach: () => Promise.resolve(reach(core)),
})

/** Name and classification are start values, as at a start: a node that the cluster knows keeps its own. */
const registrationOf = ({ self, keys, config, program, api }: Core): RegistrationInput => ({
  nodeId: self.nodeId,
  nodeName: config.node.nodeName,
  nodeGroup: config.node.nodeGroup,
  nodeRole: config.node.nodeRole,
  tags: config.node.tags,
  maxConcurrentTasks: config.node.maxConcurrentTasks,
  publicKey: keys.reader.publicKey,
  hostname: hostname(),
  addresses: ownAddresses(),
  version: program.version,
  // Of a command nobody hears again: only a node that runs has one to tell.
  ...(api ? { incarnation: self.incarnation } : {}),
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
