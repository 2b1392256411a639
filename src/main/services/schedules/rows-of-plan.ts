import type { CalendarInput } from '../../../shared/domain/calendar.ts'
import type { Database } from '../../data/db.ts'
import { allNodes, type NodeRow } from '../../data/repos/nodes.ts'
import { rowsToPlan, type RowToPlan } from '../../data/repos/schedules.ts'
import { takerOf } from '../engine/taker.ts'

/** What a plan is made of: schedule rows of all tasks, since any may clash, or of so many as are due first. */
export interface RowsOfPlan {
  rows: readonly RowToPlan[]
  nodes: readonly NodeRow[]
  /** Of what is shown there are more. */
  capped: boolean
  /** Of what may clash there are more: a task may have rows that are not here. */
  clashesCapped: boolean
}

export interface AskedPlan extends Pick<CalendarInput, 'node' | 'task'> {
  until: string
  /** So many rows are planned. */
  limit: number
}

/** Where not all rows are planned those that are asked for are read besides: they need not be among the first. */
export const readRows = async (db: Pick<Database, 'read'>, asked: AskedPlan): Promise<RowsOfPlan> => {
  const { until, limit, node, task } = asked
  const nodes = await allNodes(db.read)
  const found = await rowsToPlan(db.read, until, limit + 1)
  if (found.length <= limit) return { rows: found, nodes, capped: false, clashesCapped: false }
  const rows = found.slice(0, limit)
  if (node === undefined && task === undefined) return { rows, nodes, capped: true, clashesCapped: true }
  const shown = await rowsAsked(db, nodes, asked)
  const capped = shown.length > limit
  return { rows: [...shown.slice(0, limit), ...rows], nodes, capped, clashesCapped: true }
}

const rowsAsked = async (
  db: Pick<Database, 'read'>,
  nodes: readonly NodeRow[],
  { until, limit, node, task: taskId }: AskedPlan,
): Promise<RowToPlan[]> => {
  if (node === undefined) return rowsToPlan(db.read, until, limit + 1, { taskId })
  const one = nodes.find(({ nodeId }) => nodeId === node)
  const taker = one && takerOf(one, nodes, true)
  return taker ? rowsToPlan(db.read, until, limit + 1, { taskId, taker }) : []
}
