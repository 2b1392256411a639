import { defineEntity } from '@mikro-orm/core'
import type { Isolation, MissingScript } from '../../../shared/domain/node.ts'
import { json, key, longText, name, time, whole } from './columns.ts'

/** What a node says of itself besides Nodes, and since when it is in the state it is in: never captured. */
export const NodeStateEntity = defineEntity({
  name: 'NodeState',
  tableName: 'Node_State',
  properties: {
    nodeId: key('NodeID').primary(),
    startedAt: time('StartedAt').nullable(),
    /** Which machine and folder: two places with one node id are two nodes by mistake. */
    place: name('Place', 64).nullable(),
    /** Of its secret.key, base64url: others wrap a new cluster key for it. */
    publicKey: name('PublicKey', 64).nullable(),
    /** The newest cluster key that it holds; null: none. */
    keyId: key('KeyID').nullable(),
    tokenHash: name('TokenHash', 64).nullable(),
    /** Milliseconds its clock is ahead of the database's. */
    clockOffset: whole('ClockOffset').nullable(),
    addresses: json<string[]>('Addresses').nullable(),
    missingScripts: json<MissingScript[]>('MissingScripts').nullable(),
    isolation: json<Isolation[]>('Isolation').nullable(),
    drainingSince: time('DrainingSince').nullable(),
    drainingBy: name('DrainingBy', 200).nullable(),
    drainingReason: longText('DrainingReason').nullable(),
    retiredAt: time('RetiredAt').nullable(),
    retiredBy: name('RetiredBy', 200).nullable(),
    retiredReason: longText('RetiredReason').nullable(),
  },
  indexes: [{ name: 'idx_node_token', properties: ['tokenHash'] }],
})
