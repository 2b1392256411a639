import { isPassing } from '../../../shared/domain/assignment.ts'
import type { NodeTask } from '../../../shared/domain/node.ts'

/** The tasks of one node, sorted by what there is to say of them. */

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

/** A reason that passes is not named: the panel's head says it already. */
const lastingOf = ({ reasons, reasonCodes }: NodeTask): string =>
  reasons
    .filter((_, i) => {
      const code = reasonCodes[i]
      return code === undefined || !isPassing(code)
    })
    .join('; ')

export const sortTasks = (tasks: readonly NodeTask[]): SortedTasks => {
  const sorted: SortedTasks = { here: [], waiting: [], not: [] }
  const groups = new Map<string, NodeTask[]>()
  for (const task of tasks) {
    const lasting = lastingOf(task)
    if (task.runs) sorted.here.push(task)
    else if (lasting === '') sorted.waiting.push(task)
    else groups.set(lasting, [...(groups.get(lasting) ?? []), task])
  }
  sorted.not = [...groups].map(([reason, of]) => ({ reason, tasks: of }))
  sorted.not.sort((a, b) => b.tasks.length - a.tasks.length || a.reason.localeCompare(b.reason))
  return sorted
}
