import { groupBy } from '../../../shared/domain/group-by.ts'
import { admitsSlot } from '../../../shared/domain/overlap.ts'
import type { DueRun } from '../../../shared/domain/schedule.ts'
import type { Tx } from '../../data/db.ts'
import { existingSlots } from '../../data/repos/run-slots.ts'
import { activeRunsOf, insertRuns, type ActiveRun, type NewRunRow } from '../../data/repos/runs.ts'
import { isoOf } from '../../platform/clock.ts'
import { caughtUpAt, jittered } from './catch-up.ts'
import { newRun } from './new-run.ts'
import { foldSkipped } from './skipped.ts'
import type { Due, Planned } from './due.ts'

/** Planned slots that the overlap policy lets in become waiting runs; the others are recorded as skipped. */

interface Left {
  due: Due
  at: number
  reason: string
}

/** @returns the queued runs. What a tick needs to know is read for all its rows at once. */
export const admitSlots = async (tx: Tx, planned: readonly Planned[]): Promise<NewRunRow[]> => {
  const withSlots = planned.filter(({ plan }) => plan.run.length > 0)
  if (withSlots.length === 0) return []
  const active = groupBy(
    await activeRunsOf(tx, [...new Set(withSlots.map(({ task }) => task.taskId))]),
    (run) => run.taskId,
  )
  const existing = await slotsThere(tx, withSlots)
  const created: NewRunRow[] = []
  const left: Left[] = []
  for (const one of withSlots) {
    // After the clock was set back and the schedule edited, slots come by again that had their run.
    const slots = one.plan.run.filter(({ at }) => !existing.has(slotKey(one.row.scheduleId, isoOf(at))))
    const decided = admit(one, slots, waitingFor(one, active.get(one.task.taskId) ?? []))
    created.push(...decided.runs)
    left.push(...decided.left)
  }
  await insertRuns(tx, created)
  for (const { due, at, reason } of left)
    await foldSkipped(tx, { ...due, firstAt: isoOf(at), count: 1, reason })
  return created
}

const slotKey = (scheduleId: string | null, scheduledFor: string): string => `${scheduleId} ${scheduledFor}`

/** Rows with a slot or two are looked up together, those that catch up with many each by itself. */
const slotsThere = async (tx: Tx, planned: readonly Planned[]): Promise<Set<string>> => {
  const few = planned.filter(({ plan }) => plan.run.length <= 2)
  const groups = [few, ...planned.filter(({ plan }) => plan.run.length > 2).map((one) => [one])]
  const found = new Set<string>()
  for (const group of groups) {
    const times = new Set(group.flatMap(({ plan }) => plan.run.map(({ at }) => isoOf(at))))
    const ids = group.map(({ row }) => row.scheduleId)
    for (const { scheduleId, scheduledFor } of await existingSlots(tx, ids, [...times]))
      found.add(slotKey(scheduleId, scheduledFor))
  }
  return found
}

/** A row for one node counts what waits for or runs on that node. */
const waitingFor = ({ row }: Due, active: readonly ActiveRun[]): ActiveRun[] =>
  active.filter(
    ({ targetNodeId, nodeId }) => row.nodeId === '' || targetNodeId === row.nodeId || nodeId === row.nodeId,
  )

const admit = (
  due: Due,
  slots: readonly DueRun[],
  waiting: readonly ActiveRun[],
): { runs: NewRunRow[]; left: Left[] } => {
  const { overlapPolicy, misfirePolicy } = due.task
  const running = waiting.filter((run) => run.state === 'Running').length
  const counts = { queued: waiting.length - running, running }
  // Who wants every slot wants the newest too: it waits behind those that are caught up with it.
  const catchingUp = misfirePolicy === 'All' && slots.some((slot) => slot.catchUp)
  const runs: NewRunRow[] = []
  const left: Left[] = []
  for (const slot of slots) {
    if (admitsSlot(overlapPolicy, counts, catchingUp)) {
      runs.push(queuedRun(due, slot))
      counts.queued += 1
    } else {
      const busy = waiting[0] ?? runs[0]
      const reason = `run ${busy?.historyId ?? ''} had not ended (overlap policy ${overlapPolicy})`
      left.push({ due, at: slot.at, reason })
    }
  }
  return { runs, left }
}

const queuedRun = ({ task, row, now }: Due, { at, catchUp }: DueRun): NewRunRow =>
  newRun(task, {
    scheduleId: row.scheduleId,
    targetNodeId: row.nodeId || null,
    scheduledFor: isoOf(at),
    notBefore: isoOf(catchUp ? caughtUpAt(task, at, Date.parse(now)) : jittered(task, at)),
    triggeredBy: 'Schedule',
    now,
  })
