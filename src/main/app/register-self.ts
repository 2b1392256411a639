import { refuseClash } from '../services/nodes/clash.ts'
import { registerNode } from '../services/nodes/register.ts'
import { ownAddresses, placeOf } from '../platform/place.ts'
import { allNodes, findNode } from '../data/repos/nodes.ts'
import { findNodeState } from '../data/repos/node-states.ts'
import { refuseRetired } from '../services/nodes/retire.ts'
import type { AssignableNode } from '../../shared/domain/assignment.ts'
import { supportedTypes, type Core } from './core.ts'
import { leaseMsOf } from './lease-ms.ts'
import type { OpenDatabase } from '../data/db.ts'

/**
 * Writes this node's row: it takes part from now on.
 * @param db the cluster database, which nobody else of this node may have seen yet.
 * @throws AppError CONFLICT when the node was retired, or another machine uses its id: exit code 3.
 */
export const registerSelf = async (core: Core, db: OpenDatabase, port: number): Promise<AssignableNode> => {
  const { config, identity, interpreters, program } = core
  await refuseRetiredNode(db, identity.nodeId)
  const place = await placeOf(config.dataDir.root)
  const leaseMs = leaseMsOf(config)
  const seen = await refuseClash({ ...core, ...identity, db, place, leaseMs })
  // Of a row without an incarnation nobody started yet: the node joined before its first start.
  const isNew = seen === undefined || seen.incarnation === null
  const isDesk = isNew && core.joinsAsDesk && db.server !== null && (await hasNodes(db))
  const given = {
    ...identity,
    ...config.node,
    maxConcurrentTasks: isDesk ? 0 : config.node.maxConcurrentTasks,
    nodeId: identity.nodeId,
    place,
    addresses: ownAddresses(),
    isolation: core.isolation,
    port,
    supportedTaskTypes: supportedTypes(interpreters),
    version: program.version,
  }
  const row = await registerNode(db, given, seen)
  if (isNew && row.nodeName !== config.node.nodeName)
    core.log.warn(
      `another node of the cluster is called ${config.node.nodeName}; this one is registered as ${row.nodeName}`,
    )
  if (isDesk)
    core.log.info(
      `${row.nodeName} joins as an admin desk: it edits and watches, and runs nothing. Nodes → ${row.nodeName} → capacity changes that`,
    )
  return row
}

const hasNodes = async (db: OpenDatabase): Promise<boolean> =>
  (await allNodes(db.read)).some(({ isActive }) => isActive)

const refuseRetiredNode = async (db: OpenDatabase, nodeId: string): Promise<void> =>
  refuseRetired(await findNode(db.look, nodeId), await findNodeState(db.look, nodeId))
