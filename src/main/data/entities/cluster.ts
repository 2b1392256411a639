import { defineEntity, p } from '@mikro-orm/core'
import { key, longText, name, time, whole, word } from './columns.ts'
import type { Role } from '../../../shared/domain/role.ts'

/** One row of facts about the cluster and this database: never captured, never replicated. */
export const ClusterInfoEntity = defineEntity({
  name: 'ClusterInfo',
  tableName: 'Cluster_Info',
  properties: {
    infoKey: name('InfoKey', 50).primary(),
    infoValue: longText('InfoValue'),
  },
})

/** The cluster key, wrapped once for each node that may open it. Never captured, never replicated. */
export const ClusterKeyEntity = defineEntity({
  name: 'ClusterKey',
  tableName: 'Cluster_Key',
  properties: {
    keyId: key('KeyID').primary(),
    nodeId: key('NodeID').primary(),
    wrapped: longText('Wrapped'),
    createdAt: time('CreatedAt'),
    retiredAt: time('RetiredAt').nullable(),
  },
})

/** API tokens: only their SHA-256 is stored; the trigger captures everything but the hash. */
export const ApiTokenEntity = defineEntity({
  name: 'ApiToken',
  tableName: 'Api_Token',
  properties: {
    tokenId: key('TokenID').primary(),
    tokenName: name('TokenName', 200),
    role: word<Role>('Role'),
    tokenHash: name('TokenHash', 64),
    createdBy: name('CreatedBy', 200).nullable(),
    createdAt: time('CreatedAt'),
    expiresAt: time('ExpiresAt').nullable(),
    revokedAt: time('RevokedAt').nullable(),
    version: whole('Version'),
  },
  uniques: [{ name: 'uq_token_hash', properties: ['tokenHash'] }],
})

/** Counts the changes that servers number (sequencer.ts). Never captured, never replicated. */
export const SyncCounterEntity = defineEntity({
  name: 'SyncCounter',
  tableName: 'Sync_Counter',
  properties: {
    counterId: whole('CounterID').primary(),
    value: p.bigint('number').fieldName('Value'),
  },
})

/** Lets one newcomer in; its text is shown once, the cluster key is wrapped under it in Cluster_Key. */
export const JoinTokenEntity = defineEntity({
  name: 'JoinToken',
  tableName: 'Join_Token',
  properties: {
    joinTokenId: key('JoinTokenID').primary(),
    tokenHash: name('TokenHash', 64),
    createdBy: name('CreatedBy', 200).nullable(),
    createdAt: time('CreatedAt'),
    expiresAt: time('ExpiresAt'),
    usedAt: time('UsedAt').nullable(),
    usedByNodeId: key('UsedByNodeID').nullable(),
  },
  uniques: [{ name: 'uq_join_token_hash', properties: ['tokenHash'] }],
})

/** An emergency stop: while one is not released, no node creates slots or claims runs. */
export const ClusterHoldEntity = defineEntity({
  name: 'ClusterHold',
  tableName: 'Cluster_Hold',
  properties: {
    holdId: key('HoldID').primary(),
    heldAt: time('HeldAt'),
    heldBy: name('HeldBy', 200).nullable(),
    reason: longText('Reason').nullable(),
    releasedAt: time('ReleasedAt').nullable(),
    releasedBy: name('ReleasedBy', 200).nullable(),
  },
})
