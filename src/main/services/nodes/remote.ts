import { AppError, badField } from '../../../shared/domain/errors.ts'
import type { Heartbeat, Registered, RegistrationInput } from '../../../shared/domain/node.ts'
import type { Database, Tx } from '../../data/db.ts'
import { lockCluster } from '../../data/repos/locks.ts'
import { findNodeState, putNodeState, type NodeStateRow } from '../../data/repos/node-states.ts'
import { findNode, updateNode, type NodeRow } from '../../data/repos/nodes.ts'
import { clusterKeysOf } from '../../data/repos/keys.ts'
import { newId } from '../../platform/ids.ts'
import { isPublicKey } from '../../platform/secrets/node-key.ts'
import { requireRole, type Caller } from '../caller.ts'
import { admitNewcomer, type Admission, type Newcomer } from '../join-tokens/admit.ts'
import type { Keys } from '../keys.ts'
import { putWraps } from '../keys/wraps.ts'
import { newNodeToken, nodeTokenHash } from './node-token.ts'
import { isAway } from './records.ts'
import { writeRemoteNode } from './remote-row.ts'
import { upkeepInSlices } from './upkeep.ts'

/** A node that registers and sends heartbeats over the API of another one, with its own credential. */

export interface RemoteDeps {
  db: Database
  keys: Pick<Keys, 'heldIn'>
  clusterId: string
  /** A heartbeat older than this makes a node Away, milliseconds. */
  awayAfterMs: number
}

type Entry = Omit<Registered, 'node' | 'clusterId'>

/** What is known of the node that asks, before anything is written. */
interface Known {
  row: NodeRow | undefined
  state: NodeStateRow | undefined
}

/** The same again changes nothing; a join token that this very node used may be shown again. */
export const registerRemote = async (
  deps: RemoteDeps,
  caller: Caller,
  input: RegistrationInput,
): Promise<Entry> => {
  const { db } = deps
  refuseForeign(caller, input.nodeId)
  if (input.publicKey && !isPublicKey(input.publicKey))
    throw badField(['publicKey'], 'must be an X25519 public key: 32 bytes as base64url')
  const context = {
    actor: caller.node ? `node:${input.nodeName}` : caller.actor,
    reason: caller.reason ?? 'node registration',
    transactionId: newId(),
  }
  const entry = await db.write(context, (tx) => registerIn(tx, deps, caller, input))
  await upkeepInSlices(db, context)
  return entry
}

/** @throws AppError FORBIDDEN for an API token without the role, and for the credential of another node. */
const refuseForeign = (caller: Caller, nodeId: string): void => {
  if (!caller.node) return requireRole(caller, 'admin')
  if (caller.node.kind === 'join' || caller.node.nodeId === nodeId) return
  throw new AppError(
    'FORBIDDEN',
    `This token is that of node ${caller.node.nodeId}; it is not for node ${nodeId}.`,
  )
}

const registerIn = async (
  tx: Tx,
  deps: RemoteDeps,
  caller: Caller,
  input: RegistrationInput,
): Promise<Entry> => {
  await lockCluster(tx)
  const now = await deps.db.now()
  const known: Known = { row: await findNode(tx, input.nodeId), state: await findNodeState(tx, input.nodeId) }
  const publicKey = input.publicKey ?? known.state?.publicKey ?? null
  const newcomer = { nodeId: input.nodeId, now, takesKeys: publicKey !== null }
  const { isRepeat, keys } = await keysFor(tx, deps, caller, newcomer)
  refuseAnother(deps, { ...known, isNewcomer: caller.node?.kind === 'join' && !isRepeat }, caller, input, now)
  if (isRepeat) refuseUsed(known, input)
  // A repeat finds its copies where the first time put them, or takes those that waited for its public key.
  if (publicKey !== null) await putWraps(tx, { id: input.nodeId, publicKey }, keys)
  const copies = publicKey === null ? [] : await clusterKeysOf(tx, input.nodeId)
  const isEntering = caller.node?.kind !== 'node'
  const nodeToken = isEntering && (caller.node || !known.state?.tokenHash) ? newNodeToken() : null
  await writeRemoteNode(tx, known.row, input, { now, actor: caller.actor, isEntering })
  await putNodeState(tx, input.nodeId, {
    ...{ publicKey, keyId: copies.findLast(({ retiredAt }) => retiredAt === null)?.keyId ?? null },
    ...(input.addresses ? { addresses: input.addresses } : {}),
    ...(nodeToken === null ? {} : { tokenHash: nodeTokenHash(nodeToken) }),
    ...(isEntering ? { retiredAt: null, retiredBy: null, retiredReason: null } : {}),
    ...(input.incarnation && input.incarnation !== known.row?.incarnation ? { startedAt: now } : {}),
  })
  return {
    nodeToken,
    keys: copies.map(({ keyId, wrapped, createdAt, retiredAt }) => ({
      keyId,
      wrapped,
      createdAt,
      retiredAt,
    })),
  }
}

/**
 * A join token that was used is good for the same node only, which asks again because its answer got lost, or tells its
 * public key later. It neither brings a retired node back nor gives a node another key.
 */
const refuseUsed = ({ row, state }: Known, { nodeId, publicKey }: RegistrationInput): void => {
  const isSame = !state?.publicKey || publicKey === state.publicKey
  if (row?.isActive && isSame) return
  throw new AppError(
    'FORBIDDEN',
    `This join token was used by node ${row?.nodeName ?? nodeId} already, which ${row?.isActive ? 'has another public key' : 'is retired'}; ` +
      'create another one (pswebhost-node join-token create).',
  )
}

/** Those of its join token, none when it has been given them; those of this node for an admin's node. */
const keysFor = async (
  tx: Tx,
  { keys }: RemoteDeps,
  { node }: Caller,
  newcomer: Pick<Newcomer, 'nodeId' | 'now' | 'takesKeys'>,
): Promise<Admission> => {
  if (node?.kind === 'node') return { isRepeat: false, keys: [] }
  if (!node) return { isRepeat: false, keys: await keys.heldIn(tx) }
  const secret = Buffer.from(node.secret, 'base64url')
  return admitNewcomer(tx, { ...newcomer, joinTokenId: node.joinTokenId, secret })
}

/** @throws AppError CONFLICT when the id is another node's: that one is alive, or has another key. */
const refuseAnother = (
  { awayAfterMs }: RemoteDeps,
  { row, state, isNewcomer }: Known & { isNewcomer: boolean },
  caller: Caller,
  input: RegistrationInput,
  now: string,
): void => {
  if (!row) return
  const isAlive = row.isActive && !isAway(row, { now, awayAfterMs })
  const isOther = Boolean(input.incarnation && row.incarnation && input.incarnation !== row.incarnation)
  const hasSameKey = Boolean(state?.publicKey && input.publicKey === state.publicKey)
  // With a token that is new to it a node must show by its key that it is the one that is there.
  if (isAlive && (isOther || (isNewcomer && !hasSameKey))) throw alive(row)
  const hasOtherKey = Boolean(input.publicKey && state?.publicKey) && !hasSameKey
  if (hasOtherKey && (isAlive || caller.node?.kind === 'node'))
    throw new AppError(
      'CONFLICT',
      `Node ${row.nodeName} is registered with another public key. If its secret.key was lost, let it join with a new join token once it is Away.`,
    )
}

const alive = (row: NodeRow): AppError =>
  new AppError(
    'CONFLICT',
    `Node id ${row.nodeId} is in use: ${row.nodeName} on ${row.hostname} runs under incarnation ${row.incarnation ?? ''}, ` +
      `last heard of at ${row.lastHeartbeat ?? 'no time'}. Another machine needs a node id of its own; ` +
      'the same one, started anew, may register once that heartbeat is older than its lease.',
  )

/** @throws AppError as `registerRemote`; NOT_FOUND for a node that never registered. */
export const beatRemote = async (
  { db }: RemoteDeps,
  caller: Caller,
  nodeId: string,
  beat: Heartbeat,
): Promise<void> => {
  if (caller.node?.kind === 'join')
    throw new AppError(
      'FORBIDDEN',
      'A join token registers a node; heartbeats need the node token it answered.',
    )
  refuseForeign(caller, nodeId)
  await db.write({ actor: caller.actor, urgent: true }, async (tx) => {
    const row = await findNode(tx, nodeId)
    if (!row) throw new AppError('NOT_FOUND', `There is no node ${nodeId}; register it first.`)
    if (!row.isActive) throw new AppError('CONFLICT', `Node ${row.nodeName} is retired.`)
    if (row.incarnation !== null && row.incarnation !== beat.incarnation) throw alive(row)
    await updateNode(tx, nodeId, {
      lastHeartbeat: await db.now(),
      incarnation: beat.incarnation,
      ...(beat.version === undefined || beat.version === row.version ? {} : { version: beat.version }),
    })
  })
}
