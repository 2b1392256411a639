import type { ClusterNode } from '../../../shared/domain/node.ts'
import type { NodeActs } from './use-node-acts.ts'

/** Whether nothing of the node may be edited: by this token, or since it is retired. */
export const isLocked = (node: ClusterNode, acts: NodeActs): boolean =>
  acts.refusal.admin !== null || node.state === 'Retired'
