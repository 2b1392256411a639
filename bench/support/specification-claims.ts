import type Sqlite from 'better-sqlite3'
import type { AssignableNode } from '../../src/shared/domain/assignment.ts'
import { newId } from '../../src/main/platform/ids.ts'

/*
 * The specification's way, to measure ours against: its "Task Claiming Algorithm" (ten candidates, joined with
 * their tasks, by priority) and its "Distributed Locking" (one conditional UPDATE … RETURNING for each), then a
 * row of its Task_History for each run that was won. Each statement is a transaction of its own, as there.
 * Its prepared statements are kept, which it does not do: the difference is not to come from parsing.
 */

const TABLES = `
  create table Tasks (TaskID text primary key, Enabled integer, AssignedNodeID text, AssignedNodeGroup text,
    AssignedNodeRole text, Priority integer);
  create table Task_Schedule (ScheduleID text primary key, TaskID text not null, NextRun text,
    IsRunning integer default 0, RunningOnNode text, StartedAt text);
  create table Task_History (HistoryID text primary key, TaskID text not null, NodeID text, StartTime text,
    State text, TriggeredBy text);
  create index idx_schedule_nextrun on Task_Schedule(NextRun);
  create index idx_schedule_running on Task_Schedule(IsRunning);
  create index idx_history_task on Task_History(TaskID, StartTime);
`

const CANDIDATES = `
  select ts.ScheduleID, t.TaskID from Tasks t join Task_Schedule ts on t.TaskID = ts.TaskID
  where t.Enabled = 1 and ts.IsRunning = 0 and ts.NextRun <= @now
    and (t.AssignedNodeID = @nodeId or t.AssignedNodeGroup = @nodeGroup or t.AssignedNodeRole = @nodeRole
      or (t.AssignedNodeID is null and t.AssignedNodeGroup is null and t.AssignedNodeRole is null))
  order by t.Priority desc, ts.NextRun asc limit 10`

const CLAIM = `
  update Task_Schedule set IsRunning = 1, RunningOnNode = @nodeId, StartedAt = @now
  where ScheduleID = @scheduleId and IsRunning = 0 returning *`

const RUN = `
  insert into Task_History (HistoryID, TaskID, NodeID, StartTime, State, TriggeredBy)
  values (@historyId, @taskId, @nodeId, @now, 'Running', 'Schedule')`

interface Due {
  ScheduleID: string
  TaskID: string
}

export interface SpecificationClaims {
  fill(count: number, dueAt: string): void
  /** Claims until nothing is due; answers how many it won. */
  drain(): number
}

export const openSpecification = (db: Sqlite.Database, node: AssignableNode): SpecificationClaims => {
  db.exec(TABLES)
  const candidates = db.prepare<[Record<string, unknown>], Due>(CANDIDATES)
  const claim = db.prepare(CLAIM)
  const insertRun = db.prepare(RUN)
  const { nodeId, nodeGroup, nodeRole } = node
  return {
    fill: (count, dueAt) => fill(db, count, dueAt, nodeGroup),
    drain: () => {
      let claimed = 0
      for (;;) {
        const now = new Date().toISOString()
        const due = candidates.all({ now, nodeId, nodeGroup, nodeRole })
        if (due.length === 0) return claimed
        for (const { ScheduleID: scheduleId, TaskID: taskId } of due) {
          if (!claim.get({ nodeId, now, scheduleId })) continue
          insertRun.run({ historyId: newId(), taskId, nodeId, now })
          claimed += 1
        }
      }
    },
  }
}

const fill = (db: Sqlite.Database, count: number, dueAt: string, group: string | null): void => {
  const task = db.prepare('insert into Tasks values (?, 1, null, ?, null, ?)')
  const row = db.prepare('insert into Task_Schedule (ScheduleID, TaskID, NextRun) values (?, ?, ?)')
  db.transaction(() => {
    for (let n = 0; n < count; n += 1) {
      const taskId = newId()
      task.run(taskId, n % 3 === 0 ? group : null, n % 5)
      row.run(newId(), taskId, dueAt)
    }
  })()
}
