import type { RegistrationInput } from '../../../shared/domain/node.ts'
import type { Tx } from '../../data/db.ts'
import { allNodes, insertNode, updateNode, type NodeRow } from '../../data/repos/nodes.ts'
import { freeNodeName } from './register.ts'

/** What the node measures of itself; name and classification stay as the cluster knows them. */
const factsOf = (input: RegistrationInput, now: string) => ({
  lastHeartbeat: now,
  ...(input.incarnation ? { incarnation: input.incarnation } : {}),
  ...(input.hostname === undefined ? {} : { hostname: input.hostname }),
  ...(input.addresses === undefined ? {} : { ipAddress: input.addresses[0] ?? null }),
  ...(input.port === undefined ? {} : { port: input.port }),
  ...(input.supportedTaskTypes === undefined ? {} : { supportedTaskTypes: input.supportedTaskTypes }),
  ...(input.version === undefined ? {} : { version: input.version }),
  ...(input.platform === undefined ? {} : { platform: input.platform }),
})

/** @param context.isEntering with a join token, or by an admin: a retired node is back then. */
export const writeRemoteNode = async (
  tx: Tx,
  known: NodeRow | undefined,
  input: RegistrationInput,
  { now, actor, isEntering }: { now: string; actor: string; isEntering: boolean },
): Promise<void> => {
  const facts = factsOf(input, now)
  if (known) return updateNode(tx, input.nodeId, { ...facts, ...(isEntering ? { isActive: true } : {}) })
  await insertNode(tx, {
    nodeId: input.nodeId,
    nodeName: freeNodeName(input.nodeName, await allNodes(tx)),
    hostname: input.nodeName,
    ipAddress: null,
    port: null,
    nodeGroup: input.nodeGroup ?? null,
    nodeRole: input.nodeRole ?? null,
    tags: input.tags ?? [],
    isActive: true,
    isDraining: false,
    incarnation: null,
    // Nothing is sent to a node that does not say how much it takes.
    maxConcurrentTasks: input.maxConcurrentTasks ?? 0,
    supportedTaskTypes: [],
    version: null,
    platform: null,
    registeredAt: now,
    registeredBy: actor,
    ...facts,
  })
}
