import { effectiveRunOn, targetRefusal, type Target } from '../../../shared/domain/assignment.ts'
import type { Issue } from '../../../shared/domain/errors.ts'
import type { Placement } from '../../../shared/domain/node.ts'
import type { NodeRow } from '../../data/repos/nodes.ts'

/** What validation says of a target: names that no node has, and where it leads to no node. */
export const targetWarnings = (
  task: Target & { runOn: 'One' | 'All' | null },
  nodes: readonly NodeRow[],
  placements: readonly Placement[],
): Issue[] => {
  const issues = [...nodeIssues(task, nodes), ...nameIssues(task, nodes)]
  if (placements.some(({ runs }) => runs)) return issues
  const targeted = new Set(
    nodes.filter((node) => targetRefusal(task, node) === null).map(({ nodeId }) => nodeId),
  )
  const judged = placements.filter(({ nodeId }) => targeted.has(nodeId))
  const reasons = [...new Set((judged.length > 0 ? judged : placements).flatMap((one) => one.reasons))]
  const message =
    targeted.size === 0 && effectiveRunOn(task) === 'All'
      ? 'no node belongs to the target: this runs on every node of it, now on none'
      : `no node runs this task now: ${reasons.join('; ')}`
  return [{ path: ['assignedNodeId'], message }, ...issues]
}

const nodeIssues = ({ assignedNodeId }: Target, nodes: readonly NodeRow[]): Issue[] => {
  if (!assignedNodeId) return []
  const path = ['assignedNodeId']
  const node = nodes.find(({ nodeId }) => nodeId === assignedNodeId)
  if (!node) return [{ path, message: `there is no node ${assignedNodeId}` }]
  return node.isActive ? [] : [{ path, message: `${node.nodeName} is retired and takes no work any more` }]
}

/** A node stands above group and role: then they say nothing. */
const nameIssues = (task: Target, nodes: readonly NodeRow[]): Issue[] => {
  if (task.assignedNodeId) return []
  const { assignedNodeGroup: group, assignedNodeRole: role } = task
  const active = nodes.filter((node) => node.isActive)
  return [
    ...(group && !active.some((node) => node.nodeGroup === group)
      ? [{ path: ['assignedNodeGroup'], message: `no node is in group ${group}` }]
      : []),
    ...(role && !active.some((node) => node.nodeRole === role)
      ? [{ path: ['assignedNodeRole'], message: `no node has role ${role}` }]
      : []),
  ]
}
