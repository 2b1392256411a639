import { parseSchedule, slotsBetween } from '../../../src/shared/domain/schedule.ts'
import type { Task, TaskInputRaw } from '../../../src/shared/domain/task.ts'
import { checked, type CheckedTask } from '../checker/facts.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { lasting } from '../cluster/scripts.ts'

/** Tasks of every kind: overlap, misfire, targets, retries, limits, lock groups, what a lost lease means. */

interface Kind extends Partial<TaskInputRaw> {
  seconds: number
  everySeconds: number
  exitCode?: number
}

const RETRIED = { maxRetries: 3, retryDelay: 1 } as const

/** One at a time of all that name it. */
const LOCKED: Partial<TaskInputRaw> = {
  ...{ overlapPolicy: 'Parallel', limits: { locks: ['storage'] } },
  ...RETRIED,
}

const kindsFor = (pinnedTo: string): Record<string, Kind> => ({
  'parallel-all': {
    seconds: 0.1,
    everySeconds: 3,
    overlapPolicy: 'Parallel',
    misfirePolicy: 'All',
    ...RETRIED,
  },
  'parallel-last': {
    seconds: 2,
    everySeconds: 4,
    overlapPolicy: 'Parallel',
    misfirePolicy: 'Last',
    ...RETRIED,
  },
  'queue-last': { seconds: 1, everySeconds: 3, overlapPolicy: 'Queue', misfirePolicy: 'Last', ...RETRIED },
  'queue-all-kill': {
    ...{
      seconds: 2,
      everySeconds: 6,
      overlapPolicy: 'Queue',
      misfirePolicy: 'All',
      onLeaseLost: 'Kill',
      ...RETRIED,
    },
  },
  'skip-skip': { seconds: 1, everySeconds: 4, overlapPolicy: 'Skip', misfirePolicy: 'Skip' },
  'skip-all': { seconds: 1, everySeconds: 5, overlapPolicy: 'Skip', misfirePolicy: 'All', ...RETRIED },
  'long-finish': { seconds: 7, everySeconds: 12, overlapPolicy: 'Parallel', ...RETRIED },
  'long-kill': { seconds: 7, everySeconds: 12, overlapPolicy: 'Parallel', onLeaseLost: 'Kill', ...RETRIED },
  failing: {
    seconds: 0.1,
    everySeconds: 10,
    exitCode: 3,
    maxRetries: 2,
    retryDelay: 1,
    overlapPolicy: 'Queue',
  },
  'timed-out': { seconds: 30, everySeconds: 15, timeout: 1, maxRetries: 1, retryDelay: 1 },
  limited: {
    seconds: 2,
    everySeconds: 2,
    overlapPolicy: 'Parallel',
    limits: { maxConcurrent: 2 },
    ...RETRIED,
  },
  'lock-finish': { seconds: 1.5, everySeconds: 8, ...LOCKED },
  'lock-kill': { seconds: 1.5, everySeconds: 8, onLeaseLost: 'Kill', ...LOCKED },
  'pinned-all': { seconds: 0.1, everySeconds: 5, assignedNodeId: pinnedTo, misfirePolicy: 'All', ...RETRIED },
  'role-one': { seconds: 1, everySeconds: 5, assignedNodeRole: 'worker', ...RETRIED },
  'group-each': {
    seconds: 0.1,
    everySeconds: 6,
    assignedNodeGroup: 'blue',
    misfirePolicy: 'Last',
    ...RETRIED,
  },
  'each-all': { seconds: 0.1, everySeconds: 8, runOn: 'All', misfirePolicy: 'All', ...RETRIED },
})

export const createWork = async (
  cluster: Cluster,
  { start, end }: { start: string; end: string },
): Promise<Task[]> => {
  const tasks: Task[] = []
  const pinnedTo = cluster.nodes[0]?.nodeId() ?? ''
  for (const [taskName, { seconds, everySeconds, exitCode, ...input }] of Object.entries(
    kindsFor(pinnedTo),
  )) {
    const scriptPath = await cluster.script(`${taskName}.sh`, lasting(seconds, exitCode))
    const schedule = { type: 'interval', everySeconds, start, end } as const
    tasks.push(await cluster.task({ taskName, scriptPath, schedule, ...input }))
  }
  return tasks
}

/** What should have happened: every slot of every schedule row. */
export const expectedOf = async (cluster: Cluster, tasks: readonly Task[]): Promise<CheckedTask[]> => {
  const rows = await cluster.db.read.selectFrom('Task_Schedule').select(['scheduleId', 'taskId']).execute()
  return tasks.map((task) => {
    const schedule = parseSchedule(task.schedule ?? '', 'UTC')
    const slots = slotsBetween(schedule, 0, Infinity, 100_000).map(({ at }) => new Date(at).toISOString())
    const own = rows.filter(({ taskId }) => taskId === task.taskId)
    return checked(
      task,
      own.map(({ scheduleId }) => ({ scheduleId, slots })),
    )
  })
}
