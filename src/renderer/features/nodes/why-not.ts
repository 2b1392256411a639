import type { NodeTask } from '../../../shared/domain/node.ts'

/** The tasks of one node, sorted by what there is to say of them. */

/** The `most` tasks that are due first, soonest first; disabled ones and those without a time are not due. */
export const nextOf = (tasks: readonly NodeTask[], most: number): NodeTask[] =>
  tasks
    .filter(({ enabled, nextRun }) => enabled && nextRun !== null)
    .toSorted((a, b) => (a.nextRun ?? '').localeCompare(b.nextRun ?? ''))
    .slice(0, most)

export interface WhyNot {
  reason: string
  tasks: NodeTask[]
}

export interface SortedTasks {
  /** They run there. */
  here: NodeTask[]
  /** They would, were it not for the state of the node or of the cluster. */
  waiting: NodeTask[]
  /** They do not, the reason of most of them first. */
  not: WhyNot[]
}

/** A reason of the moment: the panel's head says it already, and it passes. */
const isPassing = (reason: string, nodeName: string): boolean =>
  /^the cluster (is held|was stopped)/i.test(reason) ||
  (reason.startsWith(nodeName) &&
    /^ (is away|was never there|is draining|is retired)/.test(reason.slice(nodeName.length)))

export const sortTasks = (tasks: readonly NodeTask[], nodeName: string): SortedTasks => {
  const sorted: SortedTasks = { here: [], waiting: [], not: [] }
  const groups = new Map<string, NodeTask[]>()
  for (const task of tasks) {
    const lasting = task.reasons.filter((reason) => !isPassing(reason, nodeName)).join('; ')
    if (task.runs) sorted.here.push(task)
    else if (lasting === '') sorted.waiting.push(task)
    else groups.set(lasting, [...(groups.get(lasting) ?? []), task])
  }
  sorted.not = [...groups].map(([reason, of]) => ({ reason, tasks: of }))
  sorted.not.sort((a, b) => b.tasks.length - a.tasks.length || a.reason.localeCompare(b.reason))
  return sorted
}
