import { daysFrom } from '../../src/shared/domain/calendar/days.ts'
import type { PlannedTask } from '../../src/shared/domain/calendar/entries.ts'
import type { PlanRange } from '../../src/shared/domain/calendar/pattern.ts'
import { planDays, readPatterns, type PlanInput } from '../../src/shared/domain/calendar/plan.ts'
import { parseSchedule, type ScheduleSpec } from '../../src/shared/domain/schedule.ts'
import { openZone } from '../../src/shared/domain/schedule/time-zone.ts'

/** Plans of a few tasks, without what a test does not ask about. */

export const toEnd = <T>(work: Generator<void, T>): T => {
  for (;;) {
    const step = work.next()
    if (step.done) return step.value
  }
}

export const rangeOf = (zone: string, date: string, days: number, now = 0): PlanRange => ({
  zone: openZone(zone),
  days: daysFrom(openZone(zone), date, days),
  now,
})

export const BERLIN = rangeOf('Europe/Berlin', '2026-03-02', 1)

export const ALL = { nodeId: undefined, taskId: undefined }

export interface Given extends Partial<PlannedTask> {
  spec: ScheduleSpec
}

export const taskOf = ({ spec, ...given }: Given, n: number): PlannedTask => ({
  taskId: `t${n}`,
  taskName: `Task ${n}`,
  appName: '',
  scheduleKey: JSON.stringify(spec),
  schedule: parseSchedule(spec, 'Europe/Berlin'),
  isInNodeZone: false,
  target: { kind: 'node', nodeIds: ['n1'] },
  overlapPolicy: 'Skip',
  locks: [],
  ...given,
})

export const planOf = (given: readonly Given[], options: Partial<PlanInput> = {}, range = BERLIN) => {
  const tasks = given.map(taskOf)
  const rooms = { nodes: new Map([['n1', 2]]), locks: new Map<string, number>() }
  const shown = { ...ALL, limit: 50 }
  const patterns = toEnd(readPatterns(tasks, range))
  return toEnd(
    planDays({ tasks, patterns, range, rooms, usual: new Map(), ownNodeId: 'n1', shown, ...options }),
  )
}
