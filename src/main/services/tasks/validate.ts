import { effectiveRunOn } from '../../../shared/domain/assignment.ts'
import { AppError, type Issue } from '../../../shared/domain/errors.ts'
import { toIssues } from '../../../shared/domain/issues.ts'
import { preview } from '../../../shared/domain/schedule.ts'
import {
  NODE_ZONE,
  taskFields,
  taskInputSchema,
  type TaskInput,
  type Validation,
} from '../../../shared/domain/task.ts'
import type { Database, Query } from '../../data/db.ts'
import { readNodes, type KnownNodesDeps } from '../nodes/known-nodes.ts'
import { findTask, findTaskByName } from '../../data/repos/tasks.ts'
import { scheduleOf } from './schedule-of.ts'
import { storedTask } from './records.ts'
import { lockWarnings } from './lock-names.ts'
import { placementsOf } from './placements.ts'
import type { ScriptChecks } from './script-checks.ts'
import { targetWarnings } from './target-warnings.ts'

/** POST /tasks/validate: what saving this task would mean. Writes nothing, starts nothing. */
export type Validator = (draft: Record<string, unknown>) => Promise<Validation>

export interface ValidatorDeps extends KnownNodesDeps {
  db: Pick<Database, 'read' | 'now'>
  timeZone: string
  scripts: ScriptChecks
  /** What this machine says of the script: missing, wrong hash, syntax errors, limits it cannot enforce. */
  inspect: (task: TaskInput) => Promise<Issue[]>
}

const SHOWN_RUNS = 10
const FIELDS = Object.keys(taskFields)

export const createValidator = (deps: ValidatorDeps): Validator => {
  const complete = async (draft: Record<string, unknown>) => {
    const { taskId, ...given } = draft
    const known = typeof taskId === 'string' ? await findTask(deps.db.read, taskId) : undefined
    const stored = known ? Object.entries(storedTask(known)).filter(([field]) => FIELDS.includes(field)) : []
    const unread = Object.entries(given).filter(([field]) => !READ_ONLY.has(field))
    return { taskId: known?.taskId, draft: { ...Object.fromEntries(stored), ...Object.fromEntries(unread) } }
  }

  return async (given) => {
    const { taskId, draft } = await complete(given)
    const parsed = taskInputSchema.safeParse(draft)
    if (!parsed.success) return { ...nothing, ok: false, errors: toIssues(parsed.error.issues, FIELDS) }
    const task = { ...parsed.data, timeZone: parsed.data.timeZone ?? deps.timeZone }
    const outside = await deps.scripts.outsideReason(task.scriptPath)
    const errors = [
      ...scheduleIssues(task),
      ...(await nameIssues(deps.db.read, task, taskId)),
      ...(outside ? [{ path: ['scriptPath'], message: outside }] : []),
    ]
    const { warnings, ...where } = await placement(deps, { ...task, taskId })
    const runs = errors.length === 0 ? await nextRuns(task, deps) : []
    const isOver = errors.length === 0 && task.schedule !== null && runs.length === 0
    return {
      ok: errors.length === 0,
      errors,
      warnings: [
        ...(isOver ? [OVER] : []),
        ...warnings,
        ...(await lockWarnings(deps.db.read, task.limits)),
        ...(outside ? [] : await deps.inspect(task)),
      ],
      ...where,
      nextRuns: runs,
    }
  }
}

const OVER: Issue = { path: ['schedule'], message: 'no run comes any more: every time of it has passed' }

const nothing: Validation = {
  ok: true,
  errors: [],
  warnings: [],
  matchingNodes: [],
  placements: [],
  nextRuns: [],
}

/** A record that was read may be validated whole. */
const READ_ONLY = new Set(
  'createdBy createdAt modifiedBy modifiedAt version nextRun lastRun lastState lastHistoryId lastError isRunning'.split(
    ' ',
  ),
)

type Draft = TaskInput & { timeZone: string }

const scheduleIssues = (task: Draft): Issue[] => {
  try {
    scheduleOf(task)
  } catch (error) {
    if (error instanceof AppError && error.issues) return error.issues
    throw error
  }
  if (task.timeZone !== NODE_ZONE || effectiveRunOn(task) === 'All') return []
  return [
    {
      path: ['timeZone'],
      message: '"node" (each node’s own zone) needs runOn "All"; name an IANA zone instead',
    },
  ]
}

const nameIssues = async (read: Query, task: Draft, taskId: string | undefined): Promise<Issue[]> => {
  const other = await findTaskByName(read, task.taskName, task.appName)
  if (!other || other.taskId === taskId) return []
  return [{ path: ['taskName'], message: `a task "${task.taskName}" exists already; choose another name` }]
}

/** Which nodes would run it now; where none does, why not, in words. */
const placement = async (
  deps: ValidatorDeps,
  task: Draft & { taskId: string | undefined },
): Promise<Pick<Validation, 'matchingNodes' | 'placements' | 'warnings'>> => {
  const known = await readNodes(deps.db.read, deps)
  const placements = placementsOf(task, known)
  const matching = placements.filter(({ runs }) => runs)
  return {
    matchingNodes: matching.map(({ nodeId, nodeName }) => ({ nodeId, nodeName })),
    placements,
    warnings: targetWarnings(task, known.nodes, placements),
  }
}

const nextRuns = async (task: Draft, deps: ValidatorDeps): Promise<Validation['nextRuns']> => {
  const schedule = scheduleOf(task)
  return schedule ? preview(schedule, Date.parse(await deps.db.now()), SHOWN_RUNS) : []
}
