import Sqlite from 'better-sqlite3'
import { parseSchedule, slotsBetween } from '../../src/shared/domain/schedule.ts'
import type { Task } from '../../src/shared/domain/task.ts'
import { dropTriggers, putNodes, type NodeRow } from '../support/node-rows.ts'

/*
 * The other machines in the pictures of the overview and of a task: rows in the database of the stopped node, and
 * a part of its past and of its tasks. Nobody renews their heartbeats, so those of the living lie ahead.
 */

const HOUR = 3_600_000

const OTHERS: NodeRow[] = [
  { name: 'edge-fra-01', group: 'edge', role: 'relay' },
  { name: 'file-01', group: 'storage', role: 'file', draining: true },
  { name: 'db-01', group: 'db', role: 'primary' },
  { name: 'db-02', group: 'db', role: 'standby' },
  { name: 'edge-muc-02', group: 'edge', role: 'relay' },
  { name: 'ops-02', group: 'core', role: 'worker', slots: 8 },
  { name: 'ops-03', group: 'core', role: 'worker', slots: 8, types: ['node', 'python'] },
  { name: 'web-01', group: 'web', role: 'frontend' },
  { name: 'web-02', group: 'web', role: 'frontend' },
  { name: 'web-03', group: 'web', role: 'frontend' },
]
const AWAY_MS = 31 * 60_000

interface OtherNodesOptions {
  /** pswebhost.db of a node that is stopped. */
  file: string
  tasks: readonly Task[]
  now: number
}

/** A task that nobody who is there may run stands in the overview as soon as it is late. */
const WAITS = 'Check uplink Berlin'

/** Due in some hours at the earliest: rows run nothing, so no slot of theirs is to be late in a picture. */
const isSeldom = (task: Task, now: number): boolean =>
  task.schedule !== null &&
  slotsBetween(parseSchedule(task.schedule, task.timeZone), now, now + HOUR / 2, 1).length === 0

/** Puts the machines there, and gives them what they ran and will run. */
export const writeOtherNodes = ({ file, tasks, now }: OtherNodesOptions): void => {
  const beat = (name: string): string => new Date(name === 'edge-fra-01' ? now - AWAY_MS : now).toISOString()
  putNodes(
    file,
    OTHERS.map((node) => ({ ...node, lastHeartbeat: beat(node.name) })),
  )
  const db = new Sqlite(file)
  dropTriggers(db)
  const ran = db.prepare(
    'update Task_History set NodeID = ? where TaskID = ? and (? is null or SortTime < ?)',
  )
  const own = db.prepare(`update Tasks set AssignedNodeID = ?, RunOn = 'One' where TaskID = ?`)
  const late = db.prepare('update Task_Schedule set NextRun = ? where TaskID = ?')
  const group = db.prepare(`update Tasks set AssignedNodeGroup = ?, RunOn = 'One' where TaskName = ?`)
  tasks.forEach((task, i) => {
    const node = OTHERS[i % (OTHERS.length + 2)]
    if (!node || task.taskName === 'Export orders to SAP' || task.taskName === 'Mirror file shares') return
    const until = node.name === 'edge-fra-01' ? new Date(now - AWAY_MS).toISOString() : null
    ran.run(node.name, task.taskId, until, until)
    if (isSeldom(task, now)) own.run(node.name, task.taskId)
    if (task.taskName === WAITS) own.run('edge-fra-01', task.taskId)
    if (task.taskName === WAITS) late.run(new Date(now - AWAY_MS).toISOString(), task.taskId)
  })
  group.run('core', 'Export orders to SAP')
  db.close()
}
