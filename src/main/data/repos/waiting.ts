import type { Query } from '../db.ts'

/** Tasks with waiting runs that only this node may start: sent there, or of a task assigned to it. */
export const tasksWaitingFor = async (db: Query, nodeId: string): Promise<string[]> => {
  const rows = await db
    .selectFrom('Task_History')
    .leftJoin('Tasks', 'Tasks.taskId', 'Task_History.taskId')
    .select('Task_History.taskId')
    .distinct()
    .where('Task_History.state', '=', 'Queued')
    .where((eb) =>
      eb.or([
        eb('Task_History.targetNodeId', '=', nodeId),
        eb.and([eb('Task_History.targetNodeId', 'is', null), eb('Tasks.assignedNodeId', '=', nodeId)]),
      ]),
    )
    .orderBy('Task_History.taskId')
    .execute()
  return rows.map(({ taskId }) => taskId)
}
