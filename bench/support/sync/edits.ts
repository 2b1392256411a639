import { sql } from 'kysely'
import type { OpenDatabase } from '../../../src/main/data/db.ts'
import { scheduleRow, taskRow } from '../../../tests/data/rows.ts'

/** Of each task that is made: the task, its schedule row, and edits of others; one of fifty goes again. */
const EDITS_PER_TASK = 2
const GONE_ONE_IN = 50
const CHANGES_PER_TASK = 2 + EDITS_PER_TASK + 2 / GONE_ONE_IN

/** Made in one transaction, so that neither side holds the other up. */
const TASKS_AT_ONCE = 250

/**
 * About `changes` changes as people make them, written by the triggers of a PostgreSQL: made by the server itself,
 * since thousands of edits from here would take longer than what is measured.
 */
export const makeEdits = async (db: OpenDatabase, changes: number): Promise<void> => {
  const [task, row] = [taskRow({ taskName: 'template', schedule: '0 3 * * *' }), scheduleRow()]
  await db.write({ actor: 'bench' }, async (tx) => {
    await tx.insertInto('Tasks').values(task).execute()
    await tx
      .insertInto('Task_Schedule')
      .values({ ...row, taskId: task.taskId })
      .execute()
  })
  const tasks = Math.ceil(changes / CHANGES_PER_TASK)
  for (let from = 0; from < tasks; from += TASKS_AT_ONCE) {
    const to = Math.min(tasks, from + TASKS_AT_ONCE) - 1
    await db.write({ actor: 'bench' }, (tx) => sql.raw(editing(task.taskId, from, to)).execute(tx))
  }
}

const idOf = (kind: number, number: string): string =>
  `'0190000${kind}-0000-7000-8000-' || lpad(to_hex(${number}), 12, '0')`

const editing = (template: string, from: number, to: number): string => `
do $edits$
begin
  for n in ${from}..${to} loop
    insert into "Tasks" select (jsonb_populate_record(t, jsonb_build_object(
      'TaskID', ${idOf(1, 'n')}, 'TaskName', 'task ' || n))).* from "Tasks" t where t."TaskID" = '${template}';
    insert into "Task_Schedule" select (jsonb_populate_record(s, jsonb_build_object(
      'TaskID', ${idOf(1, 'n')}, 'ScheduleID', ${idOf(2, 'n')}))).* from "Task_Schedule" s
      where s."TaskID" = '${template}';
    for edit in 1..${EDITS_PER_TASK} loop
      update "Tasks" set "Priority" = "Priority" + 1, "Version" = "Version" + 1,
        "Description" = 'edited by ' || n, "ModifiedBy" = 'local:ann', "ModifiedAt" = "CreatedAt"
      where "TaskID" = ${idOf(1, `(n * 7919 + edit * 104729) % (n + 1)`)};
    end loop;
    if n % ${GONE_ONE_IN} = 0 then
      delete from "Task_Schedule" where "TaskID" = ${idOf(1, 'n / 2')};
      delete from "Tasks" where "TaskID" = ${idOf(1, 'n / 2')};
    end if;
  end loop;
end $edits$`
