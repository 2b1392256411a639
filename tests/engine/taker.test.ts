import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canRun, type AssignableNode } from '../../src/shared/domain/assignment.ts'
import { dueScheduleRows, earliestNextRun, insertScheduleRow } from '../../src/main/data/repos/schedules.ts'
import { insertTask } from '../../src/main/data/repos/tasks.ts'
import { takerOf } from '../../src/main/services/engine/taker.ts'
import { assignable } from '../../src/main/services/tasks/script-type.ts'
import { scheduleRow, taskRow } from '../data/rows.ts'
import { databases } from '../support/databases.ts'

/** The condition that databases are asked by means what `canRun` means. */

const NOW = '2026-03-02T12:00:00.000Z'
const ROUNDS = 15

const maybe = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: null })
const secret = { password: { $sealed: 'key.text' } }
/** Looks like a secret, and is text. */
const text = { note: '{"$sealed":"x"}' }

const tasks = fc.array(
  fc.record({
    assignedNodeId: maybe('a', 'b', 'gone', ''),
    assignedNodeGroup: maybe('web', 'db', ''),
    assignedNodeRole: maybe('main', 'spare', ''),
    scriptType: maybe('bash' as const, 'powershell' as const, 'python' as const),
    scriptPath: fc.constantFrom('x.sh', 'dir/x.PS1', 'x.py', 'x', 'ps1'),
    parameters: fc.constantFrom({}, text, secret),
    environment: fc.constantFrom({}, text, secret),
  }),
  { minLength: 25, maxLength: 25 },
)

const node = (nodeId: string): fc.Arbitrary<AssignableNode> =>
  fc.record({
    nodeId: fc.constant(nodeId),
    nodeName: fc.constant(nodeId),
    nodeGroup: maybe('web', 'db'),
    nodeRole: maybe('main', 'spare'),
    isActive: fc.constantFrom(true, true, true, false),
    isDraining: fc.constantFrom(false, false, true),
    maxConcurrentTasks: fc.constantFrom(4, 4, 4, 0),
    supportedTaskTypes: fc.subarray(['bash', 'powershell', 'python']),
  })

describe.each(databases())('$name: what a node is asked to run', ({ open }) => {
  it('is what it may run, whatever the tasks, their targets and the nodes', { timeout: 60_000 }, async () => {
    const db = await open({})
    let round = 0
    await fc.assert(
      fc.asyncProperty(
        tasks,
        fc.tuple(node('a'), node('b'), node('c')),
        fc.boolean(),
        async (drawn, nodes, key) => {
          round += 1
          const rows = drawn.map((task, index) => ({
            ...taskRow({ taskName: `${round} ${index}` }),
            ...task,
          }))
          await db.write({ actor: 'test' }, async (tx) => {
            await tx.deleteFrom('Task_Schedule').execute()
            for (const row of rows) {
              await insertTask(tx, row)
              await insertScheduleRow(tx, scheduleRow({ taskId: row.taskId, nextRun: NOW }))
            }
          })
          for (const own of nodes) {
            const fitting = rows.filter((row) => canRun(assignable(row, nodes), own, key))
            const taker = takerOf(own, nodes, key)
            const due = taker
              ? await db.write({ actor: 'test' }, (tx) => dueScheduleRows(tx, NOW, 100, taker))
              : []
            expect(due.map(({ taskId }) => taskId).sort()).toEqual(fitting.map(({ taskId }) => taskId).sort())
            if (taker) expect(await earliestNextRun(db.look, taker)).toBe(fitting.length > 0 ? NOW : null)
          }
        },
      ),
      { numRuns: ROUNDS, endOnFailure: true },
    )
  })
})
