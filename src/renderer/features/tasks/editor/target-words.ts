import { targetRefusal, type Target } from '../../../../shared/domain/assignment.ts'
import type { ClusterNode, Placement } from '../../../../shared/domain/node.ts'
import { localTimes, things } from '../../../lib/format.ts'
import type { Run } from '../../../../shared/domain/run.ts'
import { TARGET_FIELDS } from './target-draft.ts'

/** A target in words, and the nodes by what they mean for it. Pure. */

export const RUN_ON_WORDS = { One: 'once, on any of them', All: 'on every one of them' } as const

const SHOWN = 8

/** `a, b, c`, cut after some: whoever has a hundred nodes does not read them here. */
export const namesOf = (nodes: readonly { nodeName: string }[]): string => {
  const names = nodes.slice(0, SHOWN).map(({ nodeName }) => nodeName)
  const more = nodes.length - names.length
  return more > 0 ? `${names.join(', ')} and ${things(more, 'other')}` : names.join(', ')
}

/** `matches 3 nodes: a, b, c` */
export const matchWords = (matching: readonly { nodeName: string }[]): string =>
  matching.length === 0
    ? 'matches no node'
    : `matches ${things(matching.length, 'node')}: ${namesOf(matching)}`

/** The nodes of a target by what they do with it. */
export interface Placed {
  runs: Placement[]
  /** The target means them, and something else keeps them from it. */
  refused: Placement[]
  /** The target leaves them out. */
  outside: Placement[]
}

/** Retired nodes say nothing, unless the task is assigned to one. */
export const placed = (
  target: Target,
  placements: readonly Placement[],
  nodes: readonly ClusterNode[],
): Placed => {
  const byId = new Map(nodes.map((node) => [node.nodeId, node]))
  const isMeant = ({ nodeId }: Placement): boolean => {
    const node = byId.get(nodeId)
    return node ? targetRefusal(target, node) === null : target.assignedNodeId === nodeId
  }
  const here = placements.filter((one) => one.state !== 'Retired' || one.nodeId === target.assignedNodeId)
  return {
    runs: here.filter(({ runs }) => runs),
    refused: here.filter((one) => !one.runs && isMeant(one)),
    outside: here.filter((one) => !one.runs && !isMeant(one)),
  }
}

/** `web 3, db 2, no group 1`: the groups of nodes that are left out, the largest first. */
export const groupsOf = (placements: readonly Placement[], nodes: readonly ClusterNode[]): string => {
  const counts = new Map<string, number>()
  for (const { nodeId } of placements) {
    const group = nodes.find((node) => node.nodeId === nodeId)?.nodeGroup ?? 'no group'
    counts.set(group, (counts.get(group) ?? 0) + 1)
  }
  return [...counts]
    .sort(([a, n], [b, m]) => m - n || a.localeCompare(b))
    .map(([group, n]) => `${group} ${n}`)
    .join(', ')
}

/** `can run it`, or every reason why not; then what will make it fail there. */
export const placementWords = ({ runs, reasons, warnings }: Placement): string =>
  localTimes(
    [...(runs ? ['can run it'] : reasons.length > 0 ? reasons : ['does not run it']), ...warnings].join('; '),
  )

/** The values nodes have, each once, by name. */
export const valuesOf = (nodes: readonly ClusterNode[], field: 'nodeGroup' | 'nodeRole'): string[] =>
  [...new Set(nodes.filter(({ isActive }) => isActive).map((node) => node[field]))]
    .filter((value) => value !== null)
    .sort((a, b) => a.localeCompare(b))

/** Where a saved task runs, in one sentence. */
export const whereWords = (runOn: 'One' | 'All', runs: readonly unknown[], isOneNode: boolean): string => {
  if (runs.length === 0) return 'On no node now.'
  if (isOneNode) return 'On one node.'
  if (runOn === 'All') return runs.length === 1 ? 'On one node.' : `On every one of ${runs.length} nodes.`
  return runs.length === 1 ? 'Once, on one node.' : `Once, on any of ${runs.length} nodes.`
}

/** What else there is to say of it: how many runs wait there, and how many nodes the target leaves out. */
export const besideWords = (waiting: number, outside: number): string =>
  [
    waiting > 0 && ` ${things(waiting, 'run')} ${waiting === 1 ? 'waits' : 'wait'} for one of them.`,
    outside > 0 && ` ${things(outside, 'other node')} ${outside === 1 ? 'is' : 'are'} not of its target.`,
  ]
    .filter((part) => part !== false)
    .join('')

/** Why a run does not start there at once, or null. */
export const waitWords = (placement: Placement): string | null => {
  if (placement.runs) return placement.warnings.length > 0 ? placement.warnings.join('; ') : null
  return placement.state === 'Away'
    ? `${placement.nodeName} is away: the run waits until it is back`
    : placementWords(placement)
}

const OF_TARGET = new Set<string | number | undefined>([...TARGET_FIELDS, 'runOn'])

/** Of a finding of the node, whether it is about the target: then it stands there and nowhere else. */
export const isOfTarget = ({ path: [first] }: { path: (string | number)[] }): boolean => OF_TARGET.has(first)

/** `3 runs on 2 nodes are stopped, 1 that waits is cancelled.` */
export const stopWords = (active: readonly Pick<Run, 'state' | 'nodeId'>[]): string => {
  const running = active.filter(({ state }) => state === 'Running')
  const waiting = active.length - running.length
  const nodes = new Set(running.map(({ nodeId }) => nodeId)).size
  const parts = [
    running.length > 0 &&
      `${things(running.length, 'run')} on ${things(nodes, 'node')} ${running.length === 1 ? 'is' : 'are'} stopped`,
    waiting > 0 && `${things(waiting, 'waiting run')} ${waiting === 1 ? 'is' : 'are'} cancelled`,
  ].filter((part) => part !== false)
  return parts.length === 0 ? 'Nothing of it runs any more.' : `${parts.join(', ')}.`
}
