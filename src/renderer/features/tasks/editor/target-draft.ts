import { effectiveRunOn, type Target } from '../../../../shared/domain/assignment.ts'
import type { Issue } from '../../../../shared/domain/errors.ts'

/** The target of a task as the form holds it. Pure. */

export type TargetKind = 'any' | 'node' | 'group'

export interface TargetDraft {
  /** What was asked for: a node is chosen after its kind, and a name may be empty while it is typed anew. */
  targetKind: TargetKind
  assignedNodeId: string
  assignedNodeGroup: string
  assignedNodeRole: string
  runOn: 'One' | 'All' | ''
}

/** The parts of a draft that say which nodes are meant: they are taken or left together. */
export const TARGET_FIELDS = ['assignedNodeId', 'assignedNodeGroup', 'assignedNodeRole'] as const

/** A node stands above group and role; none of them is any node. */
export const kindOf = (target: Target): TargetKind =>
  target.assignedNodeId ? 'node' : target.assignedNodeGroup || target.assignedNodeRole ? 'group' : 'any'

/** What was asked for and is not named yet: saved like this, any node would run it. */
export const targetIssues = (draft: TargetDraft): Issue[] => {
  if (draft.targetKind === 'any' || kindOf(targetOf(draft)) !== 'any') return []
  return draft.targetKind === 'node'
    ? [{ path: ['assignedNodeId'], message: 'choose a node' }]
    : [{ path: ['assignedNodeGroup'], message: 'name a group or a role' }]
}

export const targetOf = (
  draft: Omit<TargetDraft, 'targetKind'>,
): Target & { runOn: 'One' | 'All' | null } => ({
  assignedNodeId: draft.assignedNodeId || null,
  assignedNodeGroup: draft.assignedNodeGroup.trim() || null,
  assignedNodeRole: draft.assignedNodeRole.trim() || null,
  runOn: draft.runOn || null,
})

/** One or All as it holds, chosen or not. */
export const runOnOf = (draft: Omit<TargetDraft, 'targetKind'>): 'One' | 'All' =>
  effectiveRunOn(targetOf(draft))

/**
 * What the draft holds once somebody chose `next`: nothing where the target says the same by itself, unless that
 * was written down before.
 */
export const chosenRunOn = (
  draft: Omit<TargetDraft, 'targetKind'>,
  saved: TargetDraft['runOn'],
  next: 'One' | 'All',
): TargetDraft['runOn'] => (next !== saved && next === runOnOf({ ...draft, runOn: '' }) ? '' : next)
