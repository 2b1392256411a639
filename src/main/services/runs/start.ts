import { effectiveRunOn, whyNot } from '../../../shared/domain/assignment.ts'
import { AppError } from '../../../shared/domain/errors.ts'
import { admitsSlot } from '../../../shared/domain/overlap.ts'
import { parametersSchema, type Parameters } from '../../../shared/domain/secret.ts'
import type { Tx } from '../../data/db.ts'
import { activeRuns, insertRun } from '../../data/repos/runs.ts'
import type { TaskRow } from '../../data/repos/tasks.ts'
import type { Caller } from '../caller.ts'
import { newRun } from '../engine/new-run.ts'
import { readNodes, type KnownNodes, type KnownNodesDeps } from '../nodes/known-nodes.ts'
import type { SecretValues } from '../tasks/save.ts'
import { assignable } from '../tasks/script-type.ts'

/** Run now: queued at once, on a named node, on any matching one, or on every one of an All target. */

export interface StartOptions {
  nodeId?: string | null | undefined
  parameters?: Record<string, unknown> | null | undefined
}

export interface StartContext extends KnownNodesDeps {
  tx: Tx
  caller: Caller
  now: string
  secrets: SecretValues
}

export const queueRuns = async (
  context: StartContext,
  task: TaskRow,
  options: StartOptions,
): Promise<string[]> => {
  const known = await readNodes(context.tx, context)
  const parameters = effectiveParameters(context, task, options.parameters)
  // Judged with what it is started with: it may hold secrets where the task does not.
  const judged = { ...task, parameters: parameters ?? task.parameters }
  const targets = options.nodeId ? [nodeFor(judged, known, options.nodeId)] : anyTargets(judged, known)
  const historyIds: string[] = []
  for (const targetNodeId of targets) {
    await refuseOverlap(context.tx, task, targetNodeId)
    const run = newRun(task, {
      scheduleId: null,
      targetNodeId,
      scheduledFor: context.now,
      notBefore: context.now,
      triggeredBy: context.caller.trigger,
      requestedBy: context.caller.actor,
      parameters,
      now: context.now,
    })
    await insertRun(context.tx, run)
    historyIds.push(run.historyId)
  }
  return historyIds
}

/** One that is away may be named: the run waits for it. */
const nodeFor = (task: TaskRow, { nodes, known }: KnownNodes, nodeId: string): string => {
  const node = nodes.find((one) => one.nodeId === nodeId)
  if (!node) throw new AppError('NOT_FOUND', `There is no node ${nodeId}.`)
  const reasons = whyNot(assignable(task, nodes), node, known(node))
  if (reasons.length > 0)
    throw new AppError('CONFLICT', `${node.nodeName} cannot run ${task.taskName}: ${reasons.join('; ')}.`)
  return nodeId
}

/**
 * "Now" needs a node that is there: a run that waits unnoticed for hours is what nobody asked for. Where one is,
 * those of an All target that are away get their runs too, and run them when they are back.
 */
const anyTargets = (task: TaskRow, { nodes, known, isThere, away }: KnownNodes): (string | null)[] => {
  const judged = assignable(task, nodes)
  const reasonsOf = nodes.map((node) => ({ node, reasons: whyNot(judged, node, known(node)) }))
  const matching = reasonsOf.filter(({ reasons }) => reasons.length === 0).map(({ node }) => node)
  if (!matching.some(isThere)) {
    const reasons =
      matching.length > 0
        ? matching.map((node) => `${away(node)} (name it to let the run wait for it)`)
        : reasonsOf.flatMap((one) => one.reasons)
    throw new AppError('CONFLICT', `No node can run ${task.taskName}: ${[...new Set(reasons)].join('; ')}.`)
  }
  return effectiveRunOn(task) === 'All' ? matching.map((node) => node.nodeId) : [null]
}

/** Given parameters replace the task's by name; the run keeps the whole set it was started with. */
const effectiveParameters = (
  context: StartContext,
  task: TaskRow,
  given: Record<string, unknown> | null | undefined,
): Record<string, unknown> | null => {
  if (!given) return null
  const parsed: Parameters = parametersSchema.parse(given)
  return { ...task.parameters, ...context.secrets.sealValues('parameters', parsed, task.parameters) }
}

/** @throws AppError CONFLICT naming the run in the way. */
const refuseOverlap = async (tx: Tx, task: TaskRow, targetNodeId: string | null): Promise<void> => {
  const active = await activeRuns(
    tx,
    task.taskId,
    effectiveRunOn(task) === 'All' ? (targetNodeId ?? undefined) : undefined,
  )
  const counts = {
    queued: active.filter((run) => run.state === 'Queued').length,
    running: active.filter((run) => run.state === 'Running').length,
  }
  if (admitsSlot(task.overlapPolicy, counts, false)) return
  const first = active[0]
  const state = first?.state === 'Running' ? 'still running' : 'still waiting'
  throw new AppError(
    'CONFLICT',
    `${task.taskName} has a run ${state} (${first?.historyId ?? ''}) and its overlap policy is ${task.overlapPolicy}: stop it, wait for it, or allow Parallel.`,
    { data: { historyId: first?.historyId } },
  )
}
