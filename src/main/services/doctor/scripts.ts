import type { Query } from '../../data/db.ts'
import { allTasks } from '../../data/repos/tasks.ts'
import { resolveScript } from '../../exec/script-path.ts'
import { fine, problem, type Check } from '../doctor.ts'
import { neededType } from '../tasks/script-type.ts'

/** Tasks whose script is not here, lies outside, or has another hash than pinned: their runs would fail. */
export const scriptCheck = (read: Query, scriptRoots: () => string[]): Check => ({
  id: 'scripts',
  what: 'Scripts of tasks',
  look: async () => {
    const tasks = (await allTasks(read)).filter((task) => task.enabled)
    const findings = []
    for (const { taskName, scriptPath, scriptHash } of tasks) {
      const script = await resolveScript({ scriptPath, scriptHash, scriptRoots: scriptRoots() })
      if (!script.ok)
        findings.push(
          problem('warning', `${taskName}: ${script.reason}`, 'put the script there or edit the task'),
        )
    }
    return findings.length > 0 ? findings : [fine(`${tasks.length} enabled tasks, every script is here`)]
  },
})

/** The script types the tasks of this cluster need. */
export const neededTypes = async (read: Query): Promise<Set<string>> =>
  new Set((await allTasks(read)).flatMap((task) => neededType(task) ?? []))
