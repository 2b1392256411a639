import {
  targetRefusal,
  type AssignableNode,
  type AssignableTask,
  type Target,
} from '../../../shared/domain/assignment.ts'
import type { ScriptType } from '../../../shared/domain/task.ts'
import { scriptTypeOf } from '../../exec/interpreters.ts'

interface NeedsType {
  scriptType: ScriptType | null
  scriptPath: string
}

/** What a task needs, as far as its record tells: an executable bit is known only where the script is. */
export const neededType = (task: NeedsType): ScriptType | null =>
  task.scriptType ?? scriptTypeOf(task.scriptPath, false)

/**
 * The task as assignment judges it. A type that no targeted node supports is left out: such a run is taken
 * and ends `Failed` with the reason, instead of waiting for ever for a node that does not exist.
 */
export const assignable = <T extends Omit<AssignableTask, 'scriptType'> & Target & NeedsType>(
  task: T,
  nodes: readonly AssignableNode[],
): T => {
  const type = neededType(task)
  const candidates = nodes.filter((node) => node.isActive && targetRefusal(task, node) === null)
  const supported = candidates.some((node) => type !== null && node.supportedTaskTypes.includes(type))
  return { ...task, scriptType: supported ? type : null }
}
